"""metrics.json: read what a step wrote, keep it in one stable form, say what changed since the last look.

Standard library only: the launcher reads metrics with this package before any dependency is on its path.
"""

from backend.domain.metrics.delta import Delta, apply_delta, diff, is_empty
from backend.domain.metrics.parse import MAX_BYTES, MAX_ITEMS, Parsed, floats, parse_metrics
from backend.domain.metrics.shapes import MAX_BARS, MAX_CELLS, MAX_SERIES, TYPES, Item
from backend.domain.metrics.thin import MAX_POINTS

__all__ = [
    "MAX_BARS",
    "MAX_BYTES",
    "MAX_CELLS",
    "MAX_ITEMS",
    "MAX_POINTS",
    "MAX_SERIES",
    "TYPES",
    "Delta",
    "Item",
    "Parsed",
    "apply_delta",
    "diff",
    "floats",
    "is_empty",
    "parse_metrics",
]
