"""The runs of an experiment beside each other: what they ran with, and what they measured."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeloom.local.home import read_json
from pipeloom.local.records import RUN_FILE, RunRecord

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ComparedRun:
    """`metrics` by step, output and key: `train.figures.accuracy`."""

    experiment_id: str
    number: int
    state: str
    seconds: float | None
    parameters: Json
    metrics: dict[str, float]


def compared(records: Sequence[RunRecord]) -> list[ComparedRun]:
    return [_of(each) for each in records]


def _of(record: RunRecord) -> ComparedRun:
    run = read_json(record.folder / RUN_FILE) or {}
    fields = run.get("fields", {})
    measured = {
        f"{step}.{output}.{key}": value
        for step, state in run.get("steps", {}).items()
        for output, keys in state.get("floats", {}).items()
        for key, value in keys.items()
    }
    begun, ended = fields.get("started_at"), fields.get("finished_at")
    took = (datetime.fromisoformat(ended) - datetime.fromisoformat(begun)).total_seconds() if begun and ended else None
    return ComparedRun(record.experiment_id, record.number, record.state, took, fields.get("values", {}), measured)


def table_of(runs: Sequence[ComparedRun]) -> list[list[str]]:
    """A heading and a row for each run. Of the parameters those that are not the same in all of them."""
    names = dict.fromkeys(name for run in runs for name in run.parameters)
    differing = [name for name in names if len({_text(run.parameters.get(name)) for run in runs}) > 1]
    metrics = list(dict.fromkeys(key for run in runs for key in run.metrics))
    rows = [["run", "state", "took", *differing, *metrics]]
    for run in runs:
        took = "" if run.seconds is None else f"{run.seconds:.1f} s"
        values = [_text(run.parameters.get(name)) for name in differing]
        numbers = [f"{run.metrics[key]:.4g}" if key in run.metrics else "" for key in metrics]
        rows.append([str(run.number), run.state, took, *values, *numbers])
    return rows


def _text(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
