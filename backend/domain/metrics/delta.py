"""What changed between two looks at a metrics file, short when curves only grew.

A delta is JSON: `{"ops": [...], "order": [keys]}`, `order` only when it is not what the operations leave behind.

* `{"op": "set", "item": item}` puts or replaces one item, new ones at the end;
* `{"op": "remove", "key": key}`;
* `{"op": "splice", "key": key, "x": [tail, …], "y": [tail, …]}` with one tail `{"at": n, "value": [...]}` for every
  axis of a chart: keep the first n values, then add these. `points` comes along when the curve is a thinned one.

`apply_delta(old, diff(old, new)) == new`, and an operation that does not fit raises ValueError: fetch the whole then.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from backend.domain.metrics.shapes import Item

Delta = dict[str, Any]
_CHARTS = ("line chart", "histogram")


def diff(old: Sequence[Item], new: Sequence[Item]) -> Delta:
    before = {item["key"]: item for item in old}
    after = {item["key"]: item for item in new}
    ops: list[dict[str, Any]] = [{"op": "remove", "key": key} for key in before if key not in after]
    for key, item in after.items():
        if before.get(key) != item:
            ops.append(_change(before.get(key), item))
    delta: Delta = {"ops": ops}
    left_behind = [key for key in before if key in after] + [key for key in after if key not in before]
    if left_behind != list(after):
        delta["order"] = list(after)
    return delta


def is_empty(delta: Delta) -> bool:
    return not delta["ops"] and "order" not in delta


def apply_delta(old: Sequence[Item], delta: Delta) -> list[Item]:
    items = {item["key"]: item for item in old}
    for op in delta["ops"]:
        _apply(items, op)
    order = delta.get("order")
    if order is None:
        return list(items.values())
    if sorted(order) != sorted(items):
        raise ValueError("the order names other metrics than there are")
    return [items[key] for key in order]


def _apply(items: dict[str, Item], op: dict[str, Any]) -> None:
    if op["op"] == "set":
        items[op["item"]["key"]] = op["item"]
        return
    if op["key"] not in items:
        raise ValueError(f"no metric has the key {op['key']!r}")
    if op["op"] == "remove":
        del items[op["key"]]
    elif op["op"] == "splice":
        items[op["key"]] = _spliced(items[op["key"]], op)
    else:
        raise ValueError(f"unknown operation {op['op']!r}")


def _change(old: Item | None, new: Item) -> dict[str, Any]:
    whole = {"op": "set", "item": new}
    if old is None or not _same_frame(old, new):
        return whole
    tails = {letter: [_tail(a, b) for a, b in _pairs(old, new, letter)] for letter in "xy"}
    sent = sum(len(tail["value"]) for tails_of in tails.values() for tail in tails_of)
    total = sum(len(axis["value"]) for letter in "xy" for axis in new["data"][f"{letter}_axis"])
    if 2 * sent > total:
        return whole
    extra = {"points": new["data"]["points"]} if "points" in new["data"] else {}
    return {"op": "splice", "key": new["key"], **tails, **extra}


def _same_frame(old: Item, new: Item) -> bool:
    return new["type"] in _CHARTS and _frame(old) == _frame(new)


def _frame(item: Item) -> Any:
    if item["type"] not in _CHARTS:
        return None
    data = item["data"]
    titles = [[axis["title"] for axis in data[name]] for name in ("x_axis", "y_axis")]
    return item["type"], item["title"], titles, "points" in data


def _pairs(old: Item, new: Item, letter: str) -> Iterator[tuple[Any, Any]]:
    return zip(old["data"][f"{letter}_axis"], new["data"][f"{letter}_axis"], strict=True)


def _tail(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    before, after = old["value"], new["value"]
    shared = min(len(before), len(after))
    if before[:shared] == after[:shared]:  # the common case, compared in C
        return {"at": shared, "value": after[shared:]}
    same = next(index for index in range(shared) if before[index] != after[index])
    return {"at": same, "value": after[same:]}


def _spliced(item: Item, op: dict[str, Any]) -> Item:
    data: dict[str, Any] = {f"{letter}_axis": _joined(item["data"][f"{letter}_axis"], op[letter]) for letter in "xy"}
    if "points" in op:
        data["points"] = op["points"]
    return {**item, "data": data}


def _joined(axes: list[dict[str, Any]], tails: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if len(axes) != len(tails) or any(tail["at"] > len(axis["value"]) for axis, tail in zip(axes, tails, strict=True)):
        raise ValueError("the change does not fit the curves it is for")
    return [
        {"title": axis["title"], "value": axis["value"][: tail["at"]] + tail["value"]}
        for axis, tail in zip(axes, tails, strict=True)
    ]
