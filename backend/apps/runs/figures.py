"""Figures of metrics as the API gives them: those of the domain, with Plotly having looked that they are its own."""

from collections.abc import Iterable
from typing import Any

import plotly.graph_objects as go

from backend.domain.metrics import Item
from backend.domain.metrics.figures import ANNOTATED_CELLS, figure_made

__all__ = ["ANNOTATED_CELLS", "figure", "figures"]


def figures(items: Iterable[Item]) -> list[dict[str, Any]]:
    """Each metric with its figure, in the order of the file."""
    return [
        {"key": item["key"], "title": item["title"], "type": item["type"], "figure": figure(item)} for item in items
    ]


def figure(item: Item) -> dict[str, Any]:
    """`{"data", "layout", "config"}` for Plotly; strict JSON."""
    made = figure_made(item)
    drawn = go.Figure(data=made["data"], layout={"template": {}, **made["layout"]}).to_plotly_json()
    drawn["layout"].pop("template", None)
    return {"data": drawn["data"], "layout": drawn["layout"], "config": made["config"]}
