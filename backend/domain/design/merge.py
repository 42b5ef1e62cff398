"""Two drafts that were made from the same one, put together: step by step, and in a step field by field.

Where both changed the same thing differently, there is a conflict, and the merged document has what `mine` says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from backend.domain.design.changes import LISTS, Raw, entries, renamed, renames
from backend.domain.design.json_kinds import json_equal
from backend.domain.problems import pointer

Path = tuple[str | int, ...]
_ABSENT: Any = object()
_SETS = frozenset({"depends_on", "steps", "if_then_steps", "else_then_steps"})
"""Lists of names in which only who is there matters."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """`path` is list, id and place; None stands for what is not there."""

    path: str
    base: Any
    mine: Any
    theirs: Any

    def as_json(self) -> dict[str, Any]:
        return {key: getattr(self, key) for key in self.__slots__}


@dataclass(slots=True)
class Merged:
    document: Raw = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)


def merge(base: Raw, mine: Raw, theirs: Raw) -> Merged:
    """For well-formed documents. What only one side changed is taken over; time in proportion to their size."""
    merged = Merged()
    base, mine, theirs = _under_the_same_names(base, mine, theirs, merged)
    for key in _keys(theirs, mine, base):
        value: Any
        if key in LISTS:
            value = _entries(key, base, mine, theirs, merged)
        elif key == "layout":
            quiet = Merged()
            value = _value(base.get(key, _ABSENT), mine.get(key, _ABSENT), theirs.get(key, _ABSENT), (key,), quiet)
        else:
            value = _value(base.get(key, _ABSENT), mine.get(key, _ABSENT), theirs.get(key, _ABSENT), (key,), merged)
        if value is not _ABSENT:
            merged.document[key] = value
    return merged


def _under_the_same_names(base: Raw, mine: Raw, theirs: Raw, merged: Merged) -> tuple[Raw, Raw, Raw]:
    """Who renames something renames it for the other side too, so that new references to it still lead there."""
    ours, others = renames(base, mine), renames(base, theirs)
    for key in ours.keys() & others.keys():
        if ours[key][1] != others[key][1]:
            place = pointer(key[0], key[1], "name")
            merged.conflicts.append(Conflict(place, ours[key][0], ours[key][1], others[key][1]))
    targets = {key: new for key, (_, new) in (others | ours).items()}
    return renamed(base, targets), renamed(mine, targets), renamed(theirs, targets)


def _entries(list_: str, base: Raw, mine: Raw, theirs: Raw, merged: Merged) -> Any:
    if all(not isinstance(each.get(list_), list) for each in (mine, theirs)):
        return mine.get(list_, theirs.get(list_, _ABSENT))
    then, ours, others = (entries(each, list_) for each in (base, mine, theirs))
    found = []
    # Whoever put them in another order is followed; new entries of the other side come after.
    reordered = [key for key in others if key in then] != [key for key in then if key in others]
    for key in _keys(others, ours) if reordered else _keys(ours, others):
        sides = then.get(key, _ABSENT), ours.get(key, _ABSENT), others.get(key, _ABSENT)
        entry = _entry(*sides, (list_, key), merged)
        if entry is not _ABSENT:
            found.append(entry)
    return found


def _entry(then: Any, ours: Any, others: Any, path: Path, merged: Merged) -> Any:
    """One side removed what the other one changed: it stays, and is told."""
    if ours is _ABSENT or others is _ABSENT:
        left = others if ours is _ABSENT else ours
        if then is _ABSENT:
            return left
        if json_equal(then, left):
            return _ABSENT
        merged.conflicts.append(Conflict(pointer(*path), then, _shown(ours), _shown(others)))
        return left
    return _value(then, ours, others, path, merged)


def _value(then: Any, ours: Any, others: Any, path: Path, merged: Merged) -> Any:
    if _same(ours, others) or _same(then, others):
        return ours
    if _same(then, ours):
        return others
    if isinstance(ours, dict) and isinstance(others, dict):
        return _members(then if isinstance(then, dict) else {}, ours, others, path, merged)
    if path[-1] in _SETS and _are_names(ours) and _are_names(others):
        return _names(then if _are_names(then) else [], ours, others)
    merged.conflicts.append(Conflict(pointer(*path), _shown(then), _shown(ours), _shown(others)))
    return ours


def _members(then: Raw, ours: Raw, others: Raw, path: Path, merged: Merged) -> Raw:
    # A reference is one value: half of each would be neither.
    if any(key.startswith("$") for key in (*ours, *others)):
        merged.conflicts.append(Conflict(pointer(*path), then, ours, others))
        return ours
    found = {}
    for key in _keys(others, ours, then):
        one, two, three = (each.get(key, _ABSENT) for each in (then, ours, others))
        value = _value(one, two, three, (*path, key), merged)
        if value is not _ABSENT:
            found[key] = value
    return found


def _names(then: list[str], ours: list[str], others: list[str]) -> list[str]:
    removed = set(then) - set(ours)
    kept = [name for name in others if name not in removed]
    return [*kept, *(name for name in ours if name not in others and name not in then)]


def _are_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def _same(one: Any, other: Any) -> bool:
    if one is _ABSENT or other is _ABSENT:
        return one is other
    return json_equal(one, other)


def _shown(value: Any) -> Any:
    return None if value is _ABSENT else value


def _keys(*each: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(key for keys in each for key in keys))
