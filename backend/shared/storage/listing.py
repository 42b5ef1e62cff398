"""What a folder holds, in an order, page by page: folders first, "2.png" before "10.png"."""

import json
import os
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from backend.shared.storage.names import PRIVATE
from backend.shared.storage.writing import etag_of, look

Kind = Literal["file", "directory", "other"]
Order = Literal["name", "-name", "size", "-size", "modified", "-modified"]
ENTRY_ORDERS: tuple[Order, ...] = ("name", "-name", "size", "-size", "modified", "-modified")
DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    kind: Kind
    size: int
    modified: datetime
    etag: str


@dataclass(frozen=True, slots=True)
class Listing:
    """`next`: says where the next page begins; None behind the last."""

    entries: list[Entry]
    next: str | None


@dataclass(frozen=True, slots=True)
class _Seen:
    name: str
    rank: int
    value: int


def listing(folder: int, *, order: Order = "name", after: str = "", limit: int = 200) -> Listing:
    """Entries of an open folder, from the one behind `after`. Raises ValueError for an `after` that is not ours.

    Only what is shown is looked at in detail, unless the order is by size or time: a folder of images is long.
    """
    column, descending = order.removeprefix("-"), order.startswith("-")
    seen = _scanned(folder, VALUES[column])
    seen.sort(key=_key, reverse=descending)
    seen.sort(key=lambda each: each.rank)
    if after:
        last = _read(after, order)
        seen = [each for each in seen if _is_behind(each, last, descending=descending)]
    entries = [entry for each in seen[:limit] if (entry := _entry_or_none(folder, each.name))]
    return Listing(entries, _written(seen[limit - 1], order) if len(seen) > limit else None)


def _nothing(_: os.DirEntry[str]) -> int:
    return 0


def _size(entry: os.DirEntry[str]) -> int:
    return entry.stat(follow_symlinks=False).st_size if entry.is_file(follow_symlinks=False) else 0


def _time(entry: os.DirEntry[str]) -> int:
    return entry.stat(follow_symlinks=False).st_mtime_ns


VALUES: dict[str, Callable[[os.DirEntry[str]], int]] = {"name": _nothing, "size": _size, "modified": _time}


def _scanned(folder: int, value: Callable[[os.DirEntry[str]], int]) -> list[_Seen]:
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if not _shown(entry.name):
                continue
            try:
                found.append(_Seen(entry.name, 0 if entry.is_dir(follow_symlinks=False) else 1, value(entry)))
            except FileNotFoundError:
                continue  # deleted since the folder was read
    return found


def _shown(name: str) -> bool:
    return not name.startswith(PRIVATE) and name.isprintable() and "\\" not in name


def _key(seen: _Seen) -> tuple[int, list[str | int], str]:
    parts = DIGITS.split(seen.name.casefold())
    return seen.value, [int(part) if at % 2 else part for at, part in enumerate(parts)], seen.name


def _is_behind(seen: _Seen, last: _Seen, *, descending: bool) -> bool:
    if seen.rank != last.rank:
        return seen.rank > last.rank
    return _key(seen) < _key(last) if descending else _key(seen) > _key(last)


def _written(last: _Seen, order: Order) -> str:
    return json.dumps([order, last.rank, last.value, last.name], separators=(",", ":"))


def _read(cursor: str, order: Order) -> _Seen:
    try:
        made_for, rank, value, name = json.loads(cursor)
    except (TypeError, RecursionError):
        raise ValueError(cursor) from None
    given: list[Any] = [made_for, rank, value, name]
    if made_for != order or [type(each) for each in given] != [str, int, int, str]:
        raise ValueError(cursor)
    return _Seen(name, rank, value)


def entry_of(name: str, found: os.stat_result) -> Entry:
    kind: Kind = "other"
    if stat.S_ISREG(found.st_mode):
        kind = "file"
    elif stat.S_ISDIR(found.st_mode):
        kind = "directory"
    size = found.st_size if kind == "file" else 0
    return Entry(name, kind, size, datetime.fromtimestamp(found.st_mtime, UTC), etag_of(found))


def _entry_or_none(folder: int, name: str) -> Entry | None:
    try:
        return entry_of(name, look(folder, name))
    except FileNotFoundError:
        return None
