"""Metrics in a notebook: Plotly where it is installed, a drawing or a table of our own where not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from backend.domain.metrics.figures import figure_made

Json = dict[str, Any]
_WIDTH: Final = 420
_HEIGHT: Final = 200
_LEFT: Final = 46
_LOW: Final = 22
_COLOURS: Final = ("#2f7de1", "#e5484d", "#17a35b", "#d9930d", "#9353d3", "#12a5b5")
_INK: Final = "#7d8698"
"""Read on white and on black: a saved notebook is opened in either."""
_PLOTLY_HEIGHTS: Final = {"float": 140, "one-dimensional-table": 150}
_HEAD: Final = '<div style="font:13px system-ui,sans-serif;margin:6px 0">'


def metrics_html(items: Iterable[Json], *, plotly: bool | None = None) -> str:
    """All of them, one below the other. `plotly`: None looks whether it is there."""
    listed = list(items)
    use = find_spec("plotly") is not None if plotly is None else plotly
    if not use:
        return "".join(_HEAD + _PLAIN[each["type"]](each) + "</div>" for each in listed)
    # The library once, and inside: the notebook stays readable without a network.
    return "".join(_by_plotly(each, library=at == 0) for at, each in enumerate(listed))


def _by_plotly(item: Json, *, library: bool) -> str:
    go, made = import_module("plotly.graph_objects"), figure_made(item)
    traces = [_with_lone_points(each) for each in made["data"]]
    drawn = go.Figure(data=traces, layout={**made["layout"], "width": 520, "height": _height(item)})
    clear, faint = "rgba(0,0,0,0)", "rgba(125,134,152,0.3)"
    drawn.update_layout(paper_bgcolor=clear, plot_bgcolor=clear, font_color=_INK, colorway=_COLOURS)
    drawn.update_layout(margin={"t": 48, "b": 44, "l": 60, "r": 16})
    drawn.update_xaxes(gridcolor=faint, zerolinecolor=faint, linecolor=faint)
    drawn.update_yaxes(gridcolor=faint, zerolinecolor=faint, linecolor=faint)
    drawn.update_traces(selector={"type": "table"}, header_fill_color=faint, cells_fill_color=clear)
    drawn.update_traces(selector={"type": "table"}, header_line_color=faint, cells_line_color=faint)
    drawn.update_traces(selector={"type": "heatmap"}, colorscale=[[0, "#d5e5fa"], [1, "#1f5fb3"]])
    if item["type"] == "table":
        drawn.update_xaxes(showgrid=False).update_yaxes(showgrid=False)
    text: str = drawn.to_html(full_html=False, include_plotlyjs=library, config=made["config"])
    return text


def _height(item: Json) -> int:
    return _PLOTLY_HEIGHTS.get(item["type"], 300)


def _with_lone_points(trace: Json) -> Json:
    """A line through one point is no line: where gaps leave points alone, they are marked."""
    if trace.get("type") != "scatter" or trace.get("mode") != "lines":
        return trace
    known = [value is not None for value in trace["y"]]
    around = zip([False, *known[:-1]], known, [*known[1:], False], strict=True)
    alone = any(here and not before and not after for before, here, after in around)
    return {**trace, "mode": "lines+markers"} if alone else trace


def _number(item: Json) -> str:
    value = item["data"]["value"]
    told = "–" if value is None else f"{value:.4g}"
    return f'{escape(item["title"])}: <b style="font-size:18px">{told}</b>'


def _title(item: Json) -> str:
    return f"<div><b>{escape(item['title'])}</b></div>"


def _lines(item: Json) -> str:
    data = item["data"]
    drawn, names = [], []
    for at, y in enumerate(data["y_axis"]):
        x = data["x_axis"][at if len(data["x_axis"]) > 1 else 0]["value"]
        numeric = all(isinstance(each, (int, float)) for each in x)
        parts: list[list[tuple[float, float]]] = [[]]
        for place, (first, second) in enumerate(zip(x, y["value"], strict=False)):
            if second is None:
                parts.append([])
            elif first is not None:
                parts[-1].append((float(first) if numeric else float(place), float(second)))
        drawn += [(part, _COLOURS[at % len(_COLOURS)]) for part in parts if part]
        names.append((y["title"], _COLOURS[at % len(_COLOURS)]))
    box = _Box([point for points, _ in drawn for point in points], zero=False)
    curves = "".join(box.curve(points, colour) for points, colour in drawn)
    return _title(item) + box.svg(curves, item["title"]) + _legend(names, data["x_axis"][0]["title"])


def _bars(item: Json) -> str:
    data = item["data"]
    groups = data["y_axis"]
    count = max((len(each["value"]) for each in groups), default=0)
    heights = [(0.0, float(value)) for each in groups for value in each["value"] if value is not None]
    box = _Box([*heights, (float(max(count, 1)), 0.0)], zero=True)
    drawn = ""
    for at, each in enumerate(groups):
        for place, value in enumerate(each["value"]):
            left = place + (0.1 + 0.8 * at / len(groups))
            drawn += box.bar(left, 0.8 / len(groups), float(value or 0.0), _COLOURS[at % len(_COLOURS)])
    names = [(each["title"], _COLOURS[at % len(_COLOURS)]) for at, each in enumerate(groups)]
    labels = ", ".join(str(each) for each in data["x_axis"][0]["value"][:50])
    return _title(item) + box.svg(drawn, item["title"]) + _legend(names, f"{data['x_axis'][0]['title']}: {labels}")


def _matrix(item: Json) -> str:
    data = item["data"]
    rows, columns = data["row_labels"], data["col_labels"]
    numbers = [cell for row in data["cell_value"] for cell in row if isinstance(cell, (int, float))]
    most = max(numbers, default=0) or 1
    head = _cells(["", *columns["value"]], "th")
    body = "".join(
        f"<tr><th>{escape(str(name))}</th>" + "".join(_shaded(cell, most) for cell in row) + "</tr>"
        for name, row in zip(rows["value"], data["cell_value"], strict=False)
    )
    below = f"<div>{escape(rows['title'])} ↓, {escape(columns['title'])} →</div>"
    return f"{_title(item)}<table><tr>{head}</tr>{body}</table>{below}"


def _table(item: Json) -> str:
    rows = "".join(f"<tr>{_cells(row, 'td')}</tr>" for row in item["data"]["cell_value"])
    return f"{_title(item)}<table><tr>{_cells(item['data']['labels'], 'th')}</tr>{rows}</table>"


def _cells(values: Sequence[Any], tag: str) -> str:
    return "".join(f"<{tag}>{escape(_shown(each))}</{tag}>" for each in values)


def _shaded(cell: Any, most: float) -> str:
    share = abs(cell) / abs(most) if isinstance(cell, (int, float)) else 0
    return f'<td style="background:rgba(47,125,225,{min(share, 1) * 0.6:.2f})">{escape(_shown(cell))}</td>'


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:.6g}" if isinstance(value, (int, float)) else str(value)


def _legend(names: Sequence[tuple[str, str]], below: str) -> str:
    told = " ".join(f'<span style="color:{colour}">■</span> {escape(name)}' for name, colour in names)
    return f"<div>{told} &nbsp; {escape(below)}</div>"


class _Box:
    """From values to places in a drawing."""

    def __init__(self, points: Sequence[tuple[float, float]], *, zero: bool) -> None:
        xs, ys = [x for x, _ in points] or [0.0], [y for _, y in points] or [0.0]
        self._low_x, self._high_x = min(xs), max(xs)
        self._low_y, self._high_y = min([*ys, 0.0] if zero else ys), max([*ys, 0.0] if zero else ys)

    def curve(self, points: Sequence[tuple[float, float]], colour: str) -> str:
        """What lies between two gaps; a dot where that is one point."""
        if len(points) == 1:
            ((x, y),) = points
            return f'<circle fill="{colour}" cx="{self._x(x):.1f}" cy="{self._y(y):.1f}" r="3"/>'
        listed = " ".join(f"{self._x(x):.1f},{self._y(y):.1f}" for x, y in points)
        return f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{listed}"/>'

    def bar(self, x: float, width: float, y: float, colour: str) -> str:
        top, bottom = sorted((self._y(y), self._y(0.0)))
        across = self._x(x + width) - self._x(x)
        size = f'width="{across:.1f}" height="{bottom - top:.1f}"'
        return f'<rect fill="{colour}" x="{self._x(x):.1f}" y="{top:.1f}" {size}/>'

    def svg(self, inside: str, label: str) -> str:
        ends = ((self._high_y, 14.0), (self._low_y, float(_HEIGHT - _LOW)))
        axis = "".join(
            f'<text x="{_LEFT - 6}" y="{y:g}" text-anchor="end" font-size="11" fill="currentColor">{value:.4g}</text>'
            for value, y in ends
        )
        frame = f'<path d="M{_LEFT} 6V{_HEIGHT - _LOW}H{_WIDTH}" fill="none" stroke="currentColor" opacity=".4"/>'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(label, quote=True)}" '
            f'width="{_WIDTH}" height="{_HEIGHT}">{frame}{axis}{inside}</svg>'
        )

    def _x(self, value: float) -> float:
        return _LEFT + 4 + (value - self._low_x) / ((self._high_x - self._low_x) or 1) * (_WIDTH - _LEFT - 12)

    def _y(self, value: float) -> float:
        share = (value - self._low_y) / ((self._high_y - self._low_y) or 1)
        return _HEIGHT - _LOW - 4 - share * (_HEIGHT - _LOW - 14)


_PLAIN: Final[Mapping[str, Callable[[Json], str]]] = {
    "float": _number,
    "line chart": _lines,
    "histogram": _bars,
    "table": _matrix,
    "one-dimensional-table": _table,
}
