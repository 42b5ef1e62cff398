"""Which kind of step starts how. Imported by the agent, so nothing here may load what only step processes need."""

from __future__ import annotations

import sys
from pathlib import Path

from backend.domain.problems import problem
from backend.domain.run.messages import StepOrder
from workers.steps import job
from workers.steps.failure import StepFailure
from workers.steps.prepared import Prepared, base_environment

OWN_KINDS = ("create_dataset", "release_dataset", "model")
"""Carried out by our own code, in a process of its own with the server's interpreter."""

_MAIN = Path(__file__).with_name("__main__.py")


def prepare(order: StepOrder) -> Prepared:
    if order.kind == "job":
        return job.prepare(order)
    if order.kind in OWN_KINDS:
        return Prepared([sys.executable, "-I", str(_MAIN)], base_environment(order), order.work_dir)
    raise StepFailure(problem("step.kind_unknown", kind=order.kind))
