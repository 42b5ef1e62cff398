"""Long curves are thinned before they are stored and streamed, without changing what the picture shows.

A curve of up to MAX_POINTS points is kept whole. A longer one is cut into buckets of a power of two points, and each
bucket keeps its lowest, its highest and its first missing point, so that no spike and no gap disappears; the first
and the last point are always kept. The bucket size depends on the length alone, so that a growing curve keeps the
part that was already sent and the changes stay short.
"""

from collections.abc import Iterator, Sequence
from typing import Any

MAX_POINTS = 4_000
_KEPT_PER_BUCKET = 3
_MAX_BUCKETS = (MAX_POINTS - 2) // _KEPT_PER_BUCKET


def kept_indices(values: Sequence[float | None]) -> list[int] | None:
    """The positions to keep, in order; None when all are kept."""
    count = len(values)
    if count <= MAX_POINTS:
        return None
    size = 4
    while -(-count // size) > _MAX_BUCKETS:
        size *= 2
    kept = {0, count - 1}
    for start in range(0, count, size):
        kept.update(_telling(values, start, min(start + size, count)))
    return sorted(kept)


def _telling(values: Sequence[float | None], start: int, end: int) -> Iterator[int]:
    known = [(value, index) for index, value in enumerate(values[start:end], start) if value is not None]
    if known:
        yield min(known)[1]
        yield max(known)[1]
    if len(known) < end - start:
        yield next(index for index in range(start, end) if values[index] is None)


def thinned(data: dict[str, Any]) -> dict[str, Any]:
    """The data of a line chart with each curve thinned; `points` tells how many points the longest one really has."""
    xs, ys = data["x_axis"], data["y_axis"]
    choices = [kept_indices(y["value"]) for y in ys]
    if not any(choices):
        return data
    new_xs, new_ys = [], []
    for number, (y, kept) in enumerate(zip(ys, choices, strict=True)):
        x = xs[number if len(xs) > 1 else 0]
        new_xs.append(_pick(x, kept))
        new_ys.append(_pick(y, kept))
    return {"x_axis": new_xs, "y_axis": new_ys, "points": max(len(y["value"]) for y in ys)}


def _pick(axis: dict[str, Any], kept: list[int] | None) -> dict[str, Any]:
    return axis if kept is None else {"title": axis["title"], "value": [axis["value"][index] for index in kept]}
