"""Names and ids: each belongs to one thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from backend.domain.design.json_kinds import json_equal
from backend.domain.design.view import Part, View, parts, texts
from backend.domain.problems import Problem, problem
from backend.domain.steps.registry import KINDS

_DRAWN = ("steps", "data", "notes", "subgraphs")


def names(view: View) -> Iterator[Problem]:
    yield from _repeated_names(view.steps)
    # One space, because a form and a run know their values by name alone.
    yield from _repeated_names(_all(view, ("parameters", "data", "storages")), conflict=True)
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


def _repeated_names(named: Iterable[Part], *, conflict: bool = False) -> Iterator[Problem]:
    first: dict[str, Part] = {}
    for part in named:
        if part.name is not None:
            known = first.setdefault(part.name, part)
            if known is not part:
                yield _twice(known, part, conflict)


def _twice(first: Part, part: Part, conflict: bool) -> Problem:
    """Two placeholders of one name and one meaning are one that is written twice; of two meanings, a conflict."""
    path, name = part.path + "/name", part.name
    same_list = first.path.split("/")[1] == part.path.split("/")[1]
    differs = differing(first.raw, part.raw) if conflict and same_list else []
    if not differs:
        return problem("document.duplicate_name", path, name=name, first=first.path)
    return problem(
        "document.placeholder_conflict", path, name=name, first=first.path, second=part.path, differs=", ".join(differs)
    )


def differing(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[str]:
    """The fields that two definitions of one name do not share; ids mean nothing."""
    keys = [key for key in dict.fromkeys((*first, *second)) if key != "id"]
    return [key for key in keys if (key in first) != (key in second) or not json_equal(first.get(key), second.get(key))]


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
