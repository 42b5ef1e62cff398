"""The live stream's frames, made from rows: the same over the socket and over HTTP."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from backend.apps.runs.models import Event, Metric, MetricDelta
from backend.apps.runs.selectors import attempt_name
from backend.apps.runs.serializers.shown import fact_data
from backend.domain.run.messages import FactFrame, MetricsFrame

Frame = dict[str, Any]


class EventsPage(BaseModel):
    """The run's facts after a number, and the metrics files that changed lately, each as a whole."""

    events: list[FactFrame]
    seq: int = Field(description="The number of the newest fact in this answer; ask for what is after it.")
    more: bool = Field(description="There is another page already.")
    metrics: list[MetricsFrame]


def fact_frame(row: Event) -> Frame:
    """One numbered fact."""
    return {
        "type": row.type,
        "run": str(row.run_id),
        "seq": row.seq,
        "at": row.at.isoformat(),
        "step": row.step or None,
        "data": fact_data(row.type, row.data),
    }


def metrics_frame(row: Metric) -> Frame:
    """A metrics file as it is now, whole."""
    return {**_of_file(row), "rev": row.rev, "at": row.at.isoformat(), "value": row.value or [], "problem": row.problem}


def delta_frame(row: Metric, change: MetricDelta) -> Frame:
    """What one revision changed."""
    at = change.at.isoformat()
    return {**_of_file(row), "rev": change.rev, "at": at, "delta": change.delta, "problem": change.problem}


def _of_file(row: Metric) -> Frame:
    return {
        "type": "metrics",
        "run": str(row.run_id),
        "step": row.step,
        "attempt": attempt_name(row.attempt_id),
        "output": row.output,
        "path": row.path,
    }


def log_frame(run_id: Any, step: str, token: Any, size: int) -> Frame:
    """The log has grown to this many bytes."""
    return {"type": "log_grew", "run": str(run_id), "step": step, "attempt": attempt_name(token), "size": size}


def resync_frame(run_id: Any, seq: int) -> Frame:
    """The reader's number is of no use."""
    return {"type": "resync", "run": str(run_id), "seq": seq}
