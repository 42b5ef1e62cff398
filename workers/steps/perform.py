"""Carries out one order and writes its report; a failure that was foreseen is a report as well."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from backend.domain.problems import problem
from backend.domain.run.messages import ReasonMessage, StepOrder, StepReport
from workers.steps import create_dataset, model, release_dataset
from workers.steps.failure import StepFailure
from workers.steps.result import Result, say

CARRY_OUT: Mapping[str, Callable[[StepOrder], Result]] = MappingProxyType(
    {
        "create_dataset": create_dataset.carry_out,
        "release_dataset": release_dataset.carry_out,
        "model": model.carry_out,
    }
)


def perform(order: StepOrder) -> None:
    _write(Path(order.report_path), _report(order))


def _report(order: StepOrder) -> StepReport:
    try:
        if order.kind not in CARRY_OUT:
            raise StepFailure(problem("step.kind_unknown", kind=order.kind))
        result = CARRY_OUT[order.kind](order)
    except StepFailure as failure:
        found = failure.problem
        say(f"{found.message} {found.hint}")
        reason = ReasonMessage(code=found.code, params=found.params, message=found.message, hint=found.hint)
        return StepReport(token=order.token, outcome="failed", reason=reason)
    return StepReport(token=order.token, outcome="succeeded", effects=result.effects, outputs=result.outputs)


def _write(path: Path, report: StepReport) -> None:
    """Whole or not at all: half a report must not look like one."""
    temporary = path.with_name(f".{path.name}.new")
    with open(temporary, "w", encoding="utf-8") as file:
        file.write(report.model_dump_json())
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
