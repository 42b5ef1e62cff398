"""Schedules as people make and change them. What could never be run is refused when it is written down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction

from backend.apps.accounts.models import User
from backend.apps.runs.services import Place, run_plan
from backend.apps.schedules.cron import Times, times_read
from backend.apps.schedules.models import NEVER, Schedule
from backend.apps.schedules.selectors import release_of
from backend.apps.workflows.models import Workflow
from backend.domain.problems import Problem, problem
from backend.domain.run.part import Wanted
from backend.shared.db import advisory_lock
from backend.shared.errors import ProductError, refuse

MOST = 20
PREVIEWED = 5


def times_previewed(*, cron: str, timezone: str, now: datetime) -> list[datetime]:
    """The next five."""
    times = times_read(cron, timezone, now)
    return list(islice(times.until(now, NEVER), PREVIEWED))


def schedule_create(*, workflow: Workflow, by: User, now: datetime, **given: Any) -> Schedule:
    row = Schedule(workflow=workflow, created_by=by, owner=by, **given)
    row.next_at = _next(row, now)
    _check_values(row, by)
    with transaction.atomic():
        advisory_lock("schedules", workflow.pk)
        if Schedule.objects.filter(workflow=workflow).count() >= MOST:
            raise ProductError.of(problem("schedule.too_many", limit=MOST), status=409)
        row.save(force_insert=True)
    return row


def schedule_change(*, schedule: Schedule, by: User, now: datetime, **given: Any) -> Schedule:
    """Times that passed while it was off, or before its times were others, are not made up for. What it does from
    now on is done in the name of whoever changed it: nobody lends their rights to what others write down. Only to
    switch it off says nothing about that."""
    with transaction.atomic():
        row: Schedule = Schedule.objects.select_for_update(of=("self",)).select_related("workflow").get(pk=schedule.pk)
        before = (row.cron, row.timezone, row.enabled)
        for name, value in given.items():
            setattr(row, name, value)
        if (row.cron, row.timezone, row.enabled) != before:
            row.next_at = _next(row, now)
        if given and given != {"enabled": False}:
            row.owner = by
        if {"values", "scene"} & given.keys():
            _check_values(row, by)
        row.save()
    return row


def schedule_delete(*, schedule: Schedule) -> None:
    """Runs that it started stay."""
    schedule.delete()


def _next(row: Schedule, now: datetime) -> datetime:
    times: Times = times_read(row.cron, row.timezone, now)
    return (times.after(now) or NEVER) if row.enabled else NEVER


def _check_values(row: Schedule, by: User) -> None:
    """Against the newest release. What a host lacks just now may be there when the time comes."""
    version = release_of(row.workflow)
    if version is None:
        raise ProductError.of(problem("schedule.no_release", workflow=row.workflow.name))
    place = Place(row.workflow_id, row.workflow.project, by)
    told = run_plan(place=place, document=version.document, values=row.values, wanted=wanted_of(row.scene))
    refuse(Problem(**each) for each in told["problems"] if _of_the_row(each))


def _of_the_row(told: Mapping[str, Any]) -> bool:
    return str(told["path"]).split("/")[1:2] in (["values"], ["scene"])


def wanted_of(scene: str) -> Wanted | None:
    return Wanted((), scene=scene) if scene else None
