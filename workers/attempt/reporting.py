"""What is said of a finished attempt: by the launcher, by the folder, and by the report that our own kinds leave."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from backend.domain.problems import Problem, problem
from backend.domain.run.messages import StepOrder, StepReport, Usage
from workers.attempt.ending import Outcome, judge, reason_of
from workers.attempt.outputs import Tick, outputs_collect
from workers.steps.failure import StepFailure
from workers.steps.kinds import OWN_KINDS

_LARGEST = 256 << 20

Floats = Mapping[str, Mapping[str, float]]


class Cancelled(Exception):  # noqa: N818
    """Somebody asked for the end while files were being copied or read."""


def report_of(order: StepOrder, ended: Mapping[str, Any], *, floats: Floats, tick: Tick) -> StepReport:
    """`ended` is the launcher's last word; `tick` is called while files are read and may raise Cancelled."""
    outcome, reason = judge(order, dict(ended))
    base: dict[str, Any] = {
        "token": order.token,
        "exit_code": ended["code"],
        "signal": ended["signal"],
        "floats": floats,
        "usage": Usage(**ended.get("usage", {})),
    }
    if outcome != "succeeded":
        return StepReport(outcome=outcome, reason=reason, **base)
    try:
        own = own_report(order)
        if own and own.outcome != "succeeded":
            return StepReport(outcome=own.outcome, reason=own.reason, **base)
        effects = own.effects if own else []
        # Our own kinds have hashed already what they copied.
        told = own.outputs if own else {}
        outputs = {**outputs_collect(order, tick, apart_from=told), **told}
        return StepReport(outcome="succeeded", outputs=outputs, effects=effects, **base)
    except StepFailure as failure:
        return StepReport(outcome="failed", reason=reason_of(failure.problem), **base)
    except Cancelled:
        return StepReport(outcome="cancelled", reason=reason_of(problem("step.stopped")), **base)


def report_without_process(order: StepOrder, outcome: Outcome, found: Problem) -> StepReport:
    return StepReport(token=order.token, outcome=outcome, reason=reason_of(found))


def own_report(order: StepOrder) -> StepReport | None:
    """None for jobs: the launcher and the folder tell all there is to know about them."""
    if order.kind not in OWN_KINDS:
        return None
    try:
        with os.fdopen(os.open(order.report_path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            report = StepReport.model_validate_json(file.read(_LARGEST))
    except (OSError, ValidationError) as error:
        raise StepFailure(problem("step.no_report")) from error
    if report.token != order.token:
        raise StepFailure(problem("step.no_report"))
    return report
