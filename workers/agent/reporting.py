"""The report that a step of our own kinds leaves in its folder."""

from __future__ import annotations

import os

from pydantic import ValidationError

from backend.domain.problems import problem
from backend.domain.run.messages import StepOrder, StepReport
from workers.steps.failure import StepFailure
from workers.steps.kinds import OWN_KINDS

_LARGEST = 256 << 20


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
