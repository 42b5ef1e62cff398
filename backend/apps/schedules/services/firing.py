"""A time has come: one row, and perhaps one run, in one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from backend.apps.accounts.models import Role, User
from backend.apps.runs.failpoints import failpoint
from backend.apps.runs.models import Run, StepRun
from backend.apps.runs.services import run_create, step_retry
from backend.apps.schedules import selectors
from backend.apps.schedules.cron import times_read
from backend.apps.schedules.models import NEVER, Fire, OnFailure, OnRunning, Outcome, Schedule
from backend.apps.schedules.selectors import release_of, run_going_on
from backend.apps.schedules.services.changing import wanted_of
from backend.apps.workflows.models import Workflow
from backend.domain.problems import Problem, problem
from backend.domain.run.states import STEP_RETRYABLE, RunState, StepState
from backend.shared.errors import ProductError

MADE_UP_WITHIN = timedelta(days=1)
"""How long ago a time may be that nobody was there for; of several the newest."""
KEPT = timedelta(days=90)
MOST_FORGOTTEN = 1_000
_FAILED = [state.value for state in STEP_RETRYABLE - {StepState.STOPPED}]


def schedule_fire(schedule_id: UUID, *, now: datetime) -> bool:
    """Do what this schedule owes at this moment, and set its next time; whether it owed anything. Whoever holds the
    row is doing it already."""
    with transaction.atomic():
        rows = Schedule.objects.select_for_update(skip_locked=True, of=("self",)).select_related("workflow__project")
        schedule = rows.filter(pk=schedule_id, enabled=True, next_at__lte=now).first()
        if schedule is None:
            return False
        at = _move_on(schedule, now)
        if at is not None and not Fire.objects.filter(schedule=schedule, at=at).exists():
            Fire.objects.create(schedule=schedule, at=at, **_outcome(schedule))
        failpoint("schedule.before_commit")
    failpoint("schedule.after_commit")
    return True


def _move_on(schedule: Schedule, now: datetime) -> datetime | None:
    """The newest time that has come, if it came within the last day; the next is written down."""
    try:
        times = times_read(schedule.cron, schedule.timezone, now)
    except ProductError:
        # The zone has gone from the tables, or the last of its times is over.
        found, schedule.next_at = None, NEVER
    else:
        begin = max(schedule.next_at, now - MADE_UP_WITHIN)
        came = [*times.until(begin, now)]
        found = came[-1] if came else (schedule.next_at if begin == schedule.next_at else None)
        schedule.next_at = times.after(now) or NEVER
    schedule.save(update_fields=["next_at"])
    return found


def _outcome(schedule: Schedule) -> dict[str, Any]:
    going_on = run_going_on(schedule.workflow_id) if schedule.on_running == OnRunning.CANCEL else None
    if going_on is not None:
        told = problem("schedule.still_running", number=going_on.number)
        return {"outcome": Outcome.SKIPPED, "problem": told.as_json()}
    try:
        with transaction.atomic():
            run = _run(schedule)
    except ProductError as error:
        return {"outcome": Outcome.REFUSED, "problem": _said(error)}
    watched = schedule.on_failure == OnFailure.RETRY
    return {"outcome": Outcome.STARTED, "run": run, "run_number": run.number, "watched": watched}


def _run(schedule: Schedule) -> Run:
    """As its owner would start it now, who may have left since, or have less to say."""
    owner: User | None = schedule.owner
    may = owner is not None and Workflow.objects.for_user(owner, Role.OPERATOR).filter(pk=schedule.workflow_id).exists()
    if not may:
        raise ProductError.of(problem("schedule.owner", name=owner.shown_name if owner else "?"), status=403)
    version = release_of(schedule.workflow)
    if version is None:
        raise ProductError.of(problem("schedule.no_release", workflow=schedule.workflow.name))
    return run_create(
        version=version,
        values=schedule.values,
        by=owner,
        name=schedule.name,
        wanted=wanted_of(schedule.scene),
    )


def _said(error: ProductError) -> dict[str, Any]:
    told = next((each for each in error.problems if each.severity == "error"), None)
    return (told or Problem(error.code, "", {}, error.message, "")).as_json()


def fire_retry(fire_id: UUID) -> bool:
    """The run that was started has ended: where it ended abnormally, its failed steps are tried again, once for each
    fire. ModelArts has such a choice for a schedule and does not say what is retried; this is our reading of it."""
    with transaction.atomic():
        rows = Fire.objects.select_for_update(skip_locked=True, of=("self",)).select_related("run", "schedule__owner")
        fire = rows.filter(pk=fire_id, watched=True).first()
        if fire is None:
            return False
        fire.watched = False
        if fire.run.state == RunState.ABNORMAL and fire.schedule.on_failure == OnFailure.RETRY:
            fire.retried = _steps_retry(fire.run, fire.schedule.owner)
        fire.save(update_fields=["watched", "retried"])
    return True


def fires_forget(*, now: datetime) -> int:
    """What came of times long ago; how many rows that were."""
    rows = selectors.outdated(now - KEPT, MOST_FORGOTTEN)
    return Fire.objects.filter(pk__in=rows).delete()[0] if rows else 0


def _steps_retry(run: Run, by: User | None) -> bool:
    failed = StepRun.objects.filter(run=run, state__in=_FAILED).order_by("position").values_list("name", flat=True)
    tried = [_step_retry(run, step, by) for step in list(failed)]
    return any(tried)


def _step_retry(run: Run, step: str, by: User | None) -> bool:
    """Not what somebody has tried again already, or cannot be tried again."""
    try:
        with transaction.atomic():
            return bool(step_retry(run_id=run.pk, step=step, by=by).events)
    except ProductError:
        return False
