"""What a committed change of a run adds to the figures."""

from __future__ import annotations

from datetime import datetime

from backend.apps.runs.services.unit import Work
from backend.domain.problems import CATALOGUE
from backend.domain.run.events import Event, EventType
from backend.shared import telemetry


def count_change(work: Work) -> None:
    """After the commit: what was rolled back has not happened."""
    for event in work.events:
        _count_event(event)
    steps = work.loaded.snapshot.steps
    for command, _ in work.dispatched:
        ready = steps[command.step].ready_at
        if ready is not None:
            telemetry.observe("pipeloom_queue_wait_seconds", seconds(ready, work.locked.now))


def _count_event(event: Event) -> None:
    if event.type is EventType.RUN_FINISHED:
        telemetry.count("pipeloom_runs_finished", state=event.data["state"])
    elif event.type is EventType.STEP_FINISHED:
        telemetry.count("pipeloom_steps_finished", state=event.data["state"])
    elif event.type is EventType.STEP_SKIPPED:
        telemetry.count("pipeloom_steps_finished", state="skipped")
    elif event.type is EventType.ATTEMPT_LOST:
        code = (event.data.get("reason") or {}).get("code")
        telemetry.count("pipeloom_attempts_lost", reason=code if code in CATALOGUE else "other")


def seconds(since: datetime, until: datetime) -> float:
    return (until - since).total_seconds()
