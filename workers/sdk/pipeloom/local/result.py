"""A run on this machine, when it is over or between two steps of it: states, outputs, metrics and logs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.domain.run.states import RunState, StepState
from pipeloom.local.engine import Engine
from pipeloom.local.shown import tail_of
from pipeloom.notebook.dag import Mark, dag_svg
from pipeloom.notebook.figures import metrics_html

Json = dict[str, Any]


class MetricsList(list[Json]):
    """The metrics of a step as the file holds them; in a notebook, drawn."""

    def _repr_html_(self) -> str:
        return metrics_html(self)

    def value(self, key: str) -> float | None:
        """The number under that key, if there is one."""
        found = (each["data"]["value"] for each in self if each["key"] == key and each["type"] == "float")
        return next(found, None)


@dataclass(frozen=True, slots=True)
class StepResult:
    name: str
    state: str
    reason: Mapping[str, Any] | None
    outputs: Mapping[str, Json]
    places: Mapping[str, str]
    """Where the outputs that are files lie on this machine."""
    metrics: MetricsList
    log_path: Path | None
    seconds: float | None

    @property
    def log(self) -> str:
        return self.log_path.read_text(errors="replace") if self.log_path else ""

    def tail(self, lines: int = 20) -> list[str]:
        return tail_of(self.log_path, lines)


class LocalRun(Mapping[str, StepResult]):
    """The steps by name. `parameters` are the values that it ran with; `state` is completed, stopped or abnormal, and
    running between two `next()`."""

    def __init__(self, raw: Json, engine: Engine) -> None:
        snapshot = engine.snapshot
        self.id = snapshot.run_id
        self.number = engine.folder.number
        self.experiment_id = engine.folder.experiment_id
        self.state = snapshot.state.value
        self.parameters = dict(snapshot.values)
        self.folder = engine.folder.path
        self._raw = raw
        self._steps = {name: _result(engine, name) for name in snapshot.steps}

    @property
    def ok(self) -> bool:
        return self.state == RunState.COMPLETED.value

    def __getitem__(self, name: str) -> StepResult:
        return self._steps[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._steps)

    def __len__(self) -> int:
        return len(self._steps)

    def __repr__(self) -> str:
        steps = ", ".join(f"{each.name} {each.state}" for each in self._steps.values())
        return f"<run {self.number} of {self.experiment_id}: {self.state} ({steps})>"

    def _repr_html_(self) -> str:
        marks = {each.name: Mark(each.state, _hover(each)) for each in self._steps.values()}
        drawn = dag_svg(self._raw, marks)
        return drawn + "".join(metrics_html(each.metrics) for each in self._steps.values() if each.metrics)


def _hover(step: StepResult) -> str:
    said = str((step.reason or {}).get("message", ""))
    took = "" if step.seconds is None else f"{step.seconds:.1f} s"
    return " – ".join(part for part in (step.state, took, said) if part)


def _result(engine: Engine, name: str) -> StepResult:
    step = engine.snapshot.steps[name]
    places = {
        output: str(engine.local(made["logical"])) for output, made in step.outputs.items() if made.get("logical")
    }
    took = (step.finished_at - step.started_at).total_seconds() if step.finished_at and step.started_at else None
    outputs = {output: dict(made) for output, made in step.outputs.items()}
    metrics = MetricsList(engine.metrics.get(name, [])) if step.state is not StepState.SKIPPED else MetricsList()
    return StepResult(name, step.state.value, step.reason, outputs, places, metrics, engine.log_of(name), took)
