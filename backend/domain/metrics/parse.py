"""Read one metrics file: bounded, all problems with pointers, the good items kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from backend.domain.metrics.shapes import TYPES, Item, Path, Refused, member, refuse, text, typed
from backend.domain.problems import Problem, pointer, problem
from backend.domain.untrusted_json import UntrustedJson, parse_untrusted_json

MAX_BYTES = 1_048_576
MAX_ITEMS = 500
MAX_VALUES = 600_000  # more than 1 MiB of JSON can hold: the size is the limit that people meet


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a metrics file says. `valid` is false when it could not be read at all: keep showing the last good items."""

    items: tuple[Item, ...]
    problems: tuple[Problem, ...]
    valid: bool = True


def parse_metrics(data: bytes) -> Parsed:
    try:
        written = parse_untrusted_json(data, max_bytes=MAX_BYTES, max_items=MAX_VALUES, nonfinite="null")
    except UntrustedJson as refused:
        return Parsed((), (refused.problem,), valid=False)
    if not isinstance(written, list):
        return Parsed((), (problem("metrics.not_a_list"),), valid=False)
    return _items(written)


def _items(written: list[Any]) -> Parsed:
    items: dict[str, tuple[int, Item]] = {}
    problems: list[Problem] = []
    if len(written) > MAX_ITEMS:
        problems.append(problem("metrics.too_many_values", "", what="metrics", count=len(written), limit=MAX_ITEMS))
    for index, raw in enumerate(written[:MAX_ITEMS]):
        try:
            item = _item(raw, (index,))
        except Refused as refused:
            problems.append(refused.problem)
            continue
        if item["key"] in items:
            problems.append(
                problem("metrics.duplicate_key", pointer(index, "key"), key=item["key"], first=items[item["key"]][0])
            )
            continue
        items[item["key"]] = (index, item)
    return Parsed(tuple(item for _, item in items.values()), tuple(problems))


def _item(raw: object, path: Path) -> Item:
    holder = typed(raw, dict, path)
    key = text(member(holder, "key", str, path), (*path, "key"))
    kind = member(holder, "type", str, path)
    if kind not in TYPES:
        raise refuse("metrics.unknown_type", (*path, "type"), type=kind[:80], known=", ".join(TYPES))
    data = member(holder, "data", dict, path)
    title = text(holder.get("title", key), (*path, "title"))
    return {"key": key, "title": title, "type": kind, "data": TYPES[kind](data, (*path, "data"))}


def floats(items: Iterable[Item]) -> dict[str, float]:
    """The single numbers by key: the only metrics that conditions can read. A value that is not finite is not there."""
    return {
        item["key"]: item["data"]["value"]
        for item in items
        if item["type"] == "float" and item["data"]["value"] is not None
    }
