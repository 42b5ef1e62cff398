"""Scenes and subgraphs: what their steps need from outside, and that a step is folded into one place only."""

from __future__ import annotations

from collections.abc import Iterator

from backend.domain.design.references import (
    AnyOfReference,
    MetricReference,
    OutputReference,
    references_within,
)
from backend.domain.design.view import Part, StepPart, View, parts, texts
from backend.domain.problems import Problem, problem


def groups(view: View) -> Iterator[Problem]:
    yield from _folded_twice(view)
    wanted = {name: tuple(_producers(step)) for name, step in view.by_name.items()} if view.raw.get("scenes") else {}
    for scene in parts(view.raw, "", "scenes"):
        yield from _starving(scene, wanted)


def _folded_twice(view: View) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for group in parts(view.raw, "", "subgraphs"):
        for path, name in texts(group.raw, group.path, "steps"):
            if first.setdefault(name, group.path) != group.path:
                yield problem("document.in_two_subgraphs", path, step=name, first=first[name])


def _starving(scene: Part, wanted: dict[str, tuple[tuple[str, ...], ...]]) -> Iterator[Problem]:
    """A warning: whoever runs the scene can take what is missing from an earlier run."""
    listed = list(texts(scene.raw, scene.path, "steps"))
    members = {name for _, name in listed}
    for path, name in listed:
        missing = [options for options in wanted.get(name, ()) if members.isdisjoint(options)]
        for options in dict.fromkeys(missing):
            shown = scene.name or ""
            yield problem("document.scene_needs", path, scene=shown, step=name, producer=" | ".join(options))


def _producers(step: StepPart) -> Iterator[tuple[str, ...]]:
    """For each thing that the step takes: the steps that could make it."""
    for key in ("inputs", "outputs", "properties", "policy"):
        for _, reference in references_within(step.raw.get(key)):
            if isinstance(reference, (OutputReference, MetricReference)):
                yield (reference.step,)
            elif isinstance(reference, AnyOfReference):
                yield tuple(dict.fromkeys(option.step for option in reference.options))
