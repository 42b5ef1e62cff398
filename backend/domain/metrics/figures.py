"""Plotly figures of metrics: the one mapping for canvas, run page, report and notebook.

Whoever wrote the metric is not trusted. Plotly reads labels as pseudo-HTML, so `&`, `<` and `>` are escaped in every
text; axis types are said, because Plotly would guess dates and numbers from names; names that occur twice become
positions, because Plotly would draw them at one place. Colours and fonts are the browser's: figures carry no template.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from backend.domain.metrics.shapes import Item

CONFIG: Mapping[str, Any] = MappingProxyType(
    {"typesetMath": False, "displaylogo": False, "responsive": True, "showSendToCloud": False}
)
ANNOTATED_CELLS = 900
"""Numbers in the cells of a larger heatmap would not be readable; they are in the hover text anyway."""
_LARGE = 10**15
"""Whole numbers from here on are shown by their power of ten."""


def figure_made(item: Item) -> dict[str, Any]:
    """`{"data", "layout", "config"}` for Plotly; strict JSON."""
    traces, layout = _FIGURES[item["type"]](item)
    layout = {"title": {"text": escaped(item["title"])}, "margin": {"l": 48, "r": 16, "t": 40, "b": 40}, **layout}
    return {"data": traces, "layout": layout, "config": dict(CONFIG)}


def _trace(type_: str, **fields: Any) -> dict[str, Any]:
    return {"type": type_, **fields}


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _number(item: Item) -> tuple[list[Any], dict[str, Any]]:
    title = {"text": escaped(item["title"])}
    trace = _trace("indicator", mode="number", value=item["data"]["value"], number={"valueformat": ".4~g"}, title=title)
    return [trace], {"title": {"text": ""}}


def _lines(item: Item) -> tuple[list[Any], dict[str, Any]]:
    positions, x_axis = _x_axis(item["data"]["x_axis"])
    traces = [
        _trace("scatter", x=x, y=y["value"], mode="lines" if len(x) > 1 else "markers", name=escaped(y["title"]))
        for x, y in _paired(positions, item["data"]["y_axis"])
    ]
    return traces, {"xaxis": x_axis, "yaxis": _y_axis(item), "showlegend": len(traces) > 1}


def _bars(item: Item) -> tuple[list[Any], dict[str, Any]]:
    positions, x_axis = _x_axis(item["data"]["x_axis"])
    traces = [
        _trace("bar", x=x, y=y["value"], name=escaped(y["title"]))
        for x, y in _paired(positions, item["data"]["y_axis"])
    ]
    return traces, {"xaxis": x_axis, "yaxis": _y_axis(item), "barmode": "group", "showlegend": len(traces) > 1}


def _paired(xs: list[Any], ys: list[dict[str, Any]]) -> list[tuple[Any, dict[str, Any]]]:
    return [(xs[index if len(xs) > 1 else 0], y) for index, y in enumerate(ys)]


def _x_axis(axes: list[dict[str, Any]]) -> tuple[list[list[Any]], dict[str, Any]]:
    """The positions of every curve, and the axis that explains them. Named positions of several curves are shared."""
    title = {"title": {"text": escaped(axes[0]["title"])}}
    values = [axis["value"] for axis in axes]
    if not any(isinstance(value, str) for each in values for value in each):
        return values, {**title, "type": "linear"}
    names = [[escaped(str(value)) for value in each] for each in values]
    if all(len(set(each)) == len(each) for each in names):
        return names, {**title, "type": "category"}
    longest = max(names, key=len)
    return [list(range(len(each))) for each in names], {**title, **_named_positions(longest)}


def _y_axis(item: Item) -> dict[str, Any]:
    ys = item["data"]["y_axis"]
    return {"type": "linear", "title": {"text": escaped(ys[0]["title"]) if len(ys) == 1 else ""}}


def _named_positions(names: Sequence[str]) -> dict[str, Any]:
    return {"type": "linear", "tickmode": "array", "tickvals": list(range(len(names))), "ticktext": list(names)}


def _heatmap(item: Item) -> tuple[list[Any], dict[str, Any]]:
    data = item["data"]
    cells, columns, rows = data["cell_value"], data["col_labels"], data["row_labels"]
    annotated = len(rows["value"]) * len(columns["value"]) <= ANNOTATED_CELLS
    text = {"text": [[_shown(cell) for cell in row] for row in cells], "texttemplate": "%{text}"} if annotated else {}
    trace = _trace(
        "heatmap",
        z=cells,
        x=list(range(len(columns["value"]))),
        y=list(range(len(rows["value"]))),
        hoverongaps=False,
        **text,
    )
    return [trace], {
        "xaxis": {"title": {"text": escaped(columns["title"])}, **_named_positions(_escaped_all(columns["value"]))},
        "yaxis": {
            "title": {"text": escaped(rows["title"])},
            "autorange": "reversed",
            **_named_positions(_escaped_all(rows["value"])),
        },
    }


def _table(item: Item) -> tuple[list[Any], dict[str, Any]]:
    labels, rows = item["data"]["labels"], item["data"]["cell_value"]
    columns = [[_shown(row[index]) for row in rows] for index in range(len(labels))]
    return [_trace("table", header={"values": _escaped_all(labels)}, cells={"values": columns})], {}


def _escaped_all(texts: Iterable[str]) -> list[str]:
    return [escaped(text) for text in texts]


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, str):
        return escaped(value)
    # JSON knows no difference between 3 and 3.0, and the browser draws the same figure from JSON.
    return str(int(value)) if value == int(value) and abs(value) < _LARGE else f"{value:.6g}"


_FIGURES: Mapping[str, Callable[[Item], tuple[list[Any], dict[str, Any]]]] = MappingProxyType(
    {
        "float": _number,
        "line chart": _lines,
        "histogram": _bars,
        "table": _heatmap,
        "one-dimensional-table": _table,
    }
)
