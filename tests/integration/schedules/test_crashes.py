"""Killed anywhere while a time is worked off: one run of it, and one row. Every fault asserts that it fired."""

from pathlib import Path

import pytest

from backend.apps.runs.models import Run
from backend.apps.schedules import reconcile
from backend.apps.schedules.models import Fire, Schedule
from backend.shared.db import db_now
from tests.harness.engine_process import run_process
from tests.integration.schedules.test_firing import MINUTE, daily

KILLED = -9


def work() -> int:
    """What one turn of a reconciler does for schedules."""
    return sum(reconcile.fire(each) for each in list(reconcile.due()))


@pytest.mark.fault
@pytest.mark.parametrize(("point", "left"), [("schedule.before_commit", 0), ("schedule.after_commit", 1)])
def test_it_makes_one_run_of_a_time_whoever_dies(sound_runs: None, tmp_path: Path, point: str, left: int) -> None:
    row = daily(on_running="start")
    due = db_now() - MINUTE
    Schedule.objects.filter(pk=row.pk).update(next_at=due, cron="0 0 0 1 1 ?")
    log = tmp_path / "failpoints"

    assert run_process("fire", failpoints=f"{point}:kill", log=log, role="reconciler") == KILLED
    assert log.read_text().startswith(f"{point} kill ")
    assert (Run.objects.count(), Fire.objects.count()) == (left, left)

    assert work() == 1 - left
    assert work() == 0
    assert Run.objects.count() == 1
    assert list(Fire.objects.values_list("at", "outcome")) == [(due, "started")]
