"""What changed between two versions of a workflow, as people would say it: added, removed, renamed, changed, wired
otherwise. Where things are drawn is told apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from backend.domain.design.json_kinds import json_equal
from backend.domain.design.rename import rename_data, rename_parameter, rename_step
from backend.domain.problems import pointer

Raw = dict[str, Any]
What = Literal["added", "removed", "renamed", "changed", "edge_added", "edge_removed"]
LISTS: Final[Mapping[str, str]] = {
    "parameters": "id",
    "data": "id",
    "storages": "name",
    "steps": "id",
    "scenes": "id",
    "subgraphs": "id",
    "notes": "id",
}
"""The lists of a document, and what tells their entries apart."""
_RENAMES: Final = {"parameters": rename_parameter, "data": rename_data, "steps": rename_step}
MOST_RENAMES = 50
"""Each renaming rewrites the whole document; after so many, references are compared as they are written."""


@dataclass(frozen=True, slots=True)
class Change:
    """`list` and `name` say where (none for the workflow itself), `path` what inside of it."""

    what: What
    list: str = ""
    id: str = ""
    name: str = ""
    path: str = ""
    before: Any = None
    after: Any = None

    def as_json(self) -> dict[str, Any]:
        return {key: getattr(self, key) for key in self.__slots__}


@dataclass(frozen=True, slots=True)
class Changes:
    meaning: list[Change] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    """Ids of what is drawn elsewhere."""


def changes(before: Raw, after: Raw) -> Changes:
    """For well-formed documents, however unfinished. Time in proportion to their size."""
    names = renames(before, after)
    told = [Change("renamed", list_, id_, new, "/name", old, new) for (list_, id_), (old, new) in names.items()]
    followed = renamed(before, {key: new for key, (_, new) in names.items()})
    told.extend(_of_workflow(followed, after))
    for list_ in LISTS:
        told.extend(_of_list(list_, followed, after))
    return Changes(told, _moved(before, after))


def entries(raw: Raw, list_: str) -> dict[str, Raw]:
    """The entries of a list, by what tells them apart; the first of two that are told apart by nothing."""
    listed = raw.get(list_)
    found: dict[str, Raw] = {}
    for entry in listed if isinstance(listed, list) else ():
        key = entry.get(LISTS[list_]) if isinstance(entry, dict) else None
        if isinstance(key, str):
            found.setdefault(key, entry)
    return found


Names = dict[tuple[str, str], tuple[str, str]]


def renames(before: Raw, after: Raw) -> Names:
    """List and id of what has another name now, with both names."""
    found: Names = {}
    for list_ in _RENAMES:
        then, now = entries(before, list_), entries(after, list_)
        for id_ in then.keys() & now.keys():
            old, new = then[id_].get("name"), now[id_].get("name")
            if isinstance(old, str) and isinstance(new, str) and old != new:
                found[list_, id_] = (old, new)
    return dict(sorted(found.items()))


def renamed(raw: Raw, targets: Mapping[tuple[str, str], str]) -> Raw:
    """The document with other names for some of its entries, and every reference following. By way of names that
    nobody has, because two may have exchanged theirs."""
    if len(targets) > MOST_RENAMES:
        return raw
    passing = []
    for number, ((list_, id_), new) in enumerate(targets.items()):
        entry = entries(raw, list_).get(id_)
        name = entry.get("name") if entry else None
        if isinstance(name, str) and name != new:
            between = f"\n{number}"
            raw = _RENAMES[list_](raw, name, between)
            passing.append((list_, between, new))
    for list_, between, new in passing:
        raw = _RENAMES[list_](raw, between, new)
    return raw


def _of_workflow(before: Raw, after: Raw) -> Iterator[Change]:
    for key in dict.fromkeys((*before, *after)):
        if key not in LISTS and key != "layout":
            for path, old, new in differences(before.get(key), after.get(key), (key,)):
                yield Change("changed", path=path, before=old, after=new)


def _of_list(list_: str, before: Raw, after: Raw) -> Iterator[Change]:
    then, now = entries(before, list_), entries(after, list_)
    for key, entry in then.items():
        if key not in now:
            yield Change("removed", list_, key, _name(entry))
    for key, entry in now.items():
        if key not in then:
            yield Change("added", list_, key, _name(entry))
            continue
        yield from _of_entry(list_, key, then[key], entry)


def _of_entry(list_: str, key: str, then: Raw, now: Raw) -> Iterator[Change]:
    name = _name(now)
    for part in dict.fromkeys((*then, *now)):
        if part == "depends_on":
            yield from _edges(key, name, then.get(part), now.get(part))
        else:
            for path, old, new in differences(then.get(part), now.get(part), (part,)):
                yield Change("changed", list_, key, name, path, old, new)


def _edges(key: str, name: str, then: Any, now: Any) -> Iterator[Change]:
    old, new = (each if isinstance(each, list) else [] for each in (then, now))
    for parent in old:
        if parent not in new:
            yield Change("edge_removed", "steps", key, name, "/depends_on", before=parent)
    for parent in new:
        if parent not in old:
            yield Change("edge_added", "steps", key, name, "/depends_on", after=parent)


def differences(then: Any, now: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str, Any, Any]]:
    """The smallest places at which two values differ. Depth is bounded by the documents'."""
    if isinstance(then, dict) and isinstance(now, dict):
        for key in dict.fromkeys((*then, *now)):
            yield from differences(then.get(key), now.get(key), (*path, key))
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        for index, (old, new) in enumerate(zip(then, now, strict=True)):
            yield from differences(old, new, (*path, index))
    elif not json_equal(then, now):
        yield pointer(*path), then, now


def _moved(before: Raw, after: Raw) -> list[str]:
    then, now = (_nodes(each) for each in (before, after))
    return [id_ for id_ in now if id_ in then and not json_equal(then[id_], now[id_])]


def _nodes(raw: Raw) -> Raw:
    layout = raw.get("layout")
    nodes = layout.get("nodes") if isinstance(layout, dict) else None
    return nodes if isinstance(nodes, dict) else {}


def _name(entry: Raw) -> str:
    name = entry.get("name")
    return name if isinstance(name, str) else ""
