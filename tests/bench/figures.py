"""A measured figure, and how a run of the bench is told."""

import json
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """`floor` names another figure of the same run; only the ratio to it means anything on another machine."""

    name: str
    value: float
    unit: str
    p95: float | None = None
    n: int = 1
    floor: str = ""
    note: str = ""


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def spread(name: str, milliseconds: Sequence[float], **more: Any) -> Figure:
    """Median and 95th percentile of single measurements."""
    return Figure(
        name, statistics.median(milliseconds), "ms", percentile(milliseconds, 0.95), len(milliseconds), **more
    )


def timed(action: Callable[[], object], times: int) -> list[float]:
    """Milliseconds of each of so many calls, after one that is not counted."""
    action()
    taken = []
    for _ in range(times):
        begin = perf_counter()
        action()
        taken.append((perf_counter() - begin) * 1000)
    return taken


def table(figures: Iterable[Figure]) -> str:
    listed = list(figures)
    by_name = {figure.name: figure for figure in listed}
    rows = [("what", "median", "p95", "n", "ratio", "to", "")]
    for figure in listed:
        floor = by_name.get(figure.floor)
        ratio = f"{figure.value / floor.value:.2f} ×" if floor and floor.value else ""
        p95 = "" if figure.p95 is None else f"{figure.p95:.2f}"
        shown = f"{figure.value:.2f} {figure.unit}"
        rows.append((figure.name, shown, p95, str(figure.n), ratio, figure.floor if floor else "", figure.note))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(f"{text:<{width}}" for text, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def as_json(figures: Iterable[Figure], host: dict[str, Any]) -> str:
    return json.dumps({"host": host, "figures": [asdict(figure) for figure in figures]}, indent=1)
