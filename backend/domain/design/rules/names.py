"""Names and ids: each belongs to one thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from backend.domain.design.view import Part, View, parts, texts
from backend.domain.problems import Problem, problem
from backend.domain.steps.registry import KINDS

_DRAWN = ("steps", "data", "notes", "subgraphs")


def names(view: View) -> Iterator[Problem]:
    yield from _repeated_names(view.steps)
    # One space, because a form and a run know their values by name alone.
    yield from _repeated_names(_all(view, ("parameters", "data", "storages")))
    yield from _repeated_names(parts(view.raw, "", "scenes"))
    yield from _repeated_names(parts(view.raw, "", "subgraphs"))
    for step in view.steps:
        yield from _repeated_names(step.inputs)
        yield from _repeated_names(step.outputs)
    yield from _kinds(view)
    yield from _groups(view)


def ids(view: View) -> Iterator[Problem]:
    """What is drawn shares one space of ids, because the layout knows it by id alone."""
    yield from _repeated_ids(_all(view, _DRAWN))
    yield from _repeated_ids(parts(view.raw, "", "parameters"))
    yield from _repeated_ids(parts(view.raw, "", "scenes"))


def _all(view: View, keys: Iterable[str]) -> Iterator[Part]:
    for key in keys:
        yield from parts(view.raw, "", key)


def _repeated_names(named: Iterable[Part]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for part in named:
        if part.name is not None:
            if part.name in first:
                yield problem("document.duplicate_name", part.path + "/name", name=part.name, first=first[part.name])
            first.setdefault(part.name, part.path)


def _repeated_ids(identified: Iterable[Part]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for part in identified:
        id_ = part.raw.get("id")
        if isinstance(id_, str):
            if id_ in first:
                yield problem("document.duplicate_id", part.path + "/id", id=id_, first=first[id_])
            first.setdefault(id_, part.path)


def _kinds(view: View) -> Iterator[Problem]:
    known = [kind.name for kind in KINDS]
    for step in view.steps:
        kind = step.raw.get("kind")
        if step.kind is None and isinstance(kind, str):
            yield problem(
                "document.unknown_kind",
                step.path + "/kind",
                kind=kind,
                choices=", ".join(known),
                suggestion=view.suggest(kind, known),
            )


def _groups(view: View) -> Iterator[Problem]:
    for group in _all(view, ("scenes", "subgraphs")):
        seen: set[str] = set()
        for path, name in texts(group.raw, group.path, "steps"):
            if name not in view.by_name:
                yield problem("document.unknown_step", path, name=name, suggestion=view.suggest(name, view.by_name))
            elif name in seen:
                yield problem("document.duplicate_dependency", path, name=name)
            seen.add(name)
