"""The five kinds of metric, each read from what the user wrote into one stable form or refused with a reason."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from backend.domain.metrics.thin import thinned
from backend.domain.problems import Problem, pointer, problem

Item = dict[str, Any]
Path = tuple[str | int, ...]

MAX_SERIES = 100
MAX_BARS = 2_000
MAX_CELLS = 250_000
MAX_TEXT = 1_000
KINDS: Mapping[type, str] = MappingProxyType(
    {str: "text", bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}
)


class Refused(Exception):  # noqa: N818 - like UntrustedJson: the problem says what is wrong
    """One item cannot be shown; carries the problem that says why."""

    def __init__(self, found: Problem) -> None:
        super().__init__(found.message)
        self.problem = found


def refuse(code: str, path: Path, **params: Any) -> Refused:
    return Refused(problem(code, pointer(*path), **params))


def kind_of(value: object) -> str:
    return "null" if value is None else KINDS[type(value)]


def member(holder: dict[str, Any], name: str, wanted: type, path: Path) -> Any:
    if name not in holder:
        raise refuse("metrics.field_missing", path, field=name)
    return typed(holder[name], wanted, (*path, name))


def typed(value: object, wanted: type, path: Path) -> Any:
    if not isinstance(value, wanted):
        raise refuse("metrics.field_type", path, expected=KINDS[wanted], found=kind_of(value))
    return value


def text(value: object, path: Path) -> str:
    written: str = typed(value, str, path)
    if len(written) > MAX_TEXT:
        raise refuse("metrics.text_too_long", path, length=len(written), limit=MAX_TEXT)
    return written


def is_number(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def number(value: Any, path: Path) -> Any:
    if not is_number(value):
        raise refuse("metrics.not_a_number", path, found=kind_of(value))
    return value


def numbers(values: list[Any], path: Path) -> list[Any]:
    for index, value in enumerate(values):
        if not is_number(value):
            raise refuse("metrics.not_a_number", (*path, index), found=kind_of(value))
    return values


def scale(values: list[Any], path: Path) -> list[Any]:
    """Positions along an axis: all numbers, or all names (numbers among names are read as names)."""
    if all(is_number(value) for value in values):
        return values
    return names(values, path)


def names(values: Iterable[Any], path: Path) -> list[str]:
    return [text(label(value), (*path, index)) for index, value in enumerate(values)]


def label(value: Any) -> Any:
    return str(value) if isinstance(value, bool | int | float) else value


def limited(count: int, limit: int, what: str, path: Path) -> None:
    if count > limit:
        raise refuse("metrics.too_many_values", path, what=what, count=count, limit=limit)


def axis(value: object, path: Path, read: Callable[[list[Any], Path], list[Any]]) -> dict[str, Any]:
    holder = typed(value, dict, path)
    values = member(holder, "value", list, path)
    return {"title": text(holder.get("title", ""), (*path, "title")), "value": read(values, (*path, "value"))}


def curves(data: dict[str, Any], path: Path) -> dict[str, Any]:
    """x and y axes of a chart: one x axis for all curves, or one for each; as many x as y values."""
    xs, ys = member(data, "x_axis", list, path), member(data, "y_axis", list, path)
    limited(len(ys), MAX_SERIES, "curves", (*path, "y_axis"))
    if not ys or len(xs) not in (1, len(ys)):
        raise refuse("metrics.axis_count", (*path, "x_axis"), x=len(xs), y=len(ys))
    x_axes = [axis(x, (*path, "x_axis", index), scale) for index, x in enumerate(xs)]
    y_axes = [axis(y, (*path, "y_axis", index), numbers) for index, y in enumerate(ys)]
    for index, y in enumerate(y_axes):
        x = x_axes[index if len(x_axes) > 1 else 0]
        if len(x["value"]) != len(y["value"]):
            where = (*path, "y_axis", index, "value")
            raise refuse("metrics.length_mismatch", where, x=len(x["value"]), y=len(y["value"]))
    return {"x_axis": x_axes, "y_axis": y_axes}


def read_float(data: dict[str, Any], path: Path) -> dict[str, Any]:
    if "value" not in data:
        raise refuse("metrics.field_missing", path, field="value")
    return {"value": number(data["value"], (*path, "value"))}


def read_line_chart(data: dict[str, Any], path: Path) -> dict[str, Any]:
    return thinned(curves(data, path))


def read_histogram(data: dict[str, Any], path: Path) -> dict[str, Any]:
    read = curves(data, path)
    limited(max(len(y["value"]) for y in read["y_axis"]), MAX_BARS, "bars", (*path, "y_axis"))
    return read


def read_table(data: dict[str, Any], path: Path) -> dict[str, Any]:
    rows = member(data, "cell_value", list, path)
    row_labels = axis(member(data, "row_labels", dict, path), (*path, "row_labels"), names)
    col_labels = axis(member(data, "col_labels", dict, path), (*path, "col_labels"), names)
    columns = len(col_labels["value"])
    limited(len(rows) * columns, MAX_CELLS, "cells", (*path, "cell_value"))
    shaped(rows, len(row_labels["value"]), columns, (*path, "cell_value"))
    cells = [numbers(row, (*path, "cell_value", index)) for index, row in enumerate(rows)]
    return {"cell_value": cells, "col_labels": col_labels, "row_labels": row_labels}


def read_one_dimensional(data: dict[str, Any], path: Path) -> dict[str, Any]:
    rows = member(data, "cell_value", list, path)
    labels = names(member(data, "labels", list, path), (*path, "labels"))
    limited(len(rows) * len(labels), MAX_CELLS, "cells", (*path, "cell_value"))
    shaped(rows, len(rows), len(labels), (*path, "cell_value"))
    cells = [
        [cell(value, (*path, "cell_value", row, column)) for column, value in enumerate(values)]
        for row, values in enumerate(rows)
    ]
    return {"cell_value": cells, "labels": labels}


def cell(value: Any, path: Path) -> Any:
    return value if is_number(value) else text(label(value), path)


def shaped(rows: list[Any], height: int, width: int, path: Path) -> None:
    if len(rows) != height:
        raise refuse("metrics.cells_shape", path, expected=height, found=len(rows), what="rows")
    for index, row in enumerate(rows):
        if len(typed(row, list, (*path, index))) != width:
            raise refuse("metrics.cells_shape", (*path, index), expected=width, found=len(row), what="columns")


TYPES: Mapping[str, Callable[[dict[str, Any], Path], dict[str, Any]]] = MappingProxyType(
    {
        "float": read_float,
        "line chart": read_line_chart,
        "histogram": read_histogram,
        "table": read_table,
        "one-dimensional-table": read_one_dimensional,
    }
)
