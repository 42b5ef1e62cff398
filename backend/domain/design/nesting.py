"""Workflows inside workflows: which release a step runs, and that nothing leads back to where it began."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from backend.domain.design.document import Document, Step
from backend.domain.design.nested import Release, is_nested, nested_problems, release_of
from backend.domain.problems import Problem, pointer, problem
from backend.domain.steps.workflow import MOST_LEVELS


class Found(NamedTuple):
    """A release, and what tells it and its workflow from all others."""

    workflow: Hashable
    version: Hashable
    name: str
    document: Document


Find = Callable[[Release], Found | None]


def nesting_problems(
    document: Document, *, find: Find, outermost: Hashable | None, levels: int = 1
) -> Iterator[Problem]:
    """Everything that keeps the steps of a workflow that run other workflows from doing so. `levels` says how many are
    inside each other already, this one among them; `outermost` is what no way may lead back to."""
    walk = _Walk(find, outermost)
    for index, step in enumerate(document.steps):
        if is_nested(step):
            yield from walk.problems(document, step, pointer("steps", index), levels)


@dataclass(frozen=True, slots=True)
class _Inside:
    """What a version holds: how many levels, its own among them, and the names that lead to each workflow."""

    levels: int
    ways: dict[Hashable, tuple[str, ...]]


_TOO_DEEP = _Inside(MOST_LEVELS + 1, {})


@dataclass(slots=True)
class _Walk:
    find: Find
    outermost: Hashable | None
    known: dict[Hashable, _Inside] = field(default_factory=dict)
    found: dict[Release, Found | None] = field(default_factory=dict)

    def problems(self, outer: Document, step: Step, path: str, levels: int) -> Iterator[Problem]:
        release = release_of(step)
        if release is None:
            return
        at = path + pointer("properties", "release")
        inner = self.release(release)
        if inner is None:
            yield problem("nested.unknown_release", at, workflow=release[0], version=release[1])
            return
        inside = self.inside(inner, MOST_LEVELS)
        way = inside.ways.get(self.outermost) if self.outermost is not None else None
        if way is not None:
            yield problem("nested.cycle", at, workflow=release[0], chain=" → ".join(way))
        elif inside.levels + levels > MOST_LEVELS:
            yield problem("nested.too_deep", at, workflow=release[0], limit=MOST_LEVELS)
        for found in nested_problems(outer, step, inner.document):
            yield Problem(found.code, path + found.path, found.params, found.message, found.hint, found.severity)

    def release(self, release: Release) -> Found | None:
        if release not in self.found:
            self.found[release] = self.find(release)
        return self.found[release]

    def inside(self, inner: Found, left: int) -> _Inside:
        """Each version is looked at once, however many lead to it; `left` ends what never would."""
        if inner.version in self.known:
            return self.known[inner.version]
        if left == 0:
            return _TOO_DEEP
        levels = 0
        ways: dict[Hashable, tuple[str, ...]] = {inner.workflow: (inner.name,)}
        for step in inner.document.steps:
            release = release_of(step) if is_nested(step) else None
            found = self.release(release) if release else None
            if found is not None:
                deeper = self.inside(found, left - 1)
                levels = max(levels, deeper.levels)
                for workflow, way in deeper.ways.items():
                    ways.setdefault(workflow, (inner.name, *way))
        self.known[inner.version] = _Inside(levels + 1, ways)
        return self.known[inner.version]
