"""Reads: the schedules of a person's workflows, and what came of their times."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from backend.apps.accounts.models import Asker
from backend.apps.runs.models import Run
from backend.apps.schedules.models import Fire, Schedule
from backend.apps.workflows.models import Workflow, WorkflowVersion
from backend.domain.run.states import RUN_TERMINAL

_ENDED = [state.value for state in RUN_TERMINAL]


def schedules_of(
    user: Asker,
    *,
    workflow: Any = None,
    project: Any = None,
    enabled: bool | None = None,
) -> QuerySet[Schedule]:
    rows: QuerySet[Schedule] = Schedule.objects.for_user(user).select_related("workflow", "created_by", "owner")
    if workflow is not None:
        rows = rows.filter(workflow_id=workflow)
    if project is not None:
        rows = rows.filter(workflow__project_id=project)
    return rows if enabled is None else rows.filter(enabled=enabled)


def fires_of(schedule: Schedule, *, outcome: str | None = None) -> QuerySet[Fire]:
    rows: QuerySet[Fire] = Fire.objects.filter(schedule=schedule)
    return rows if outcome is None else rows.filter(outcome=outcome)


def last_fires(schedules: Iterable[Schedule]) -> dict[UUID, Fire]:
    """The newest of each."""
    rows = Fire.objects.filter(schedule__in=list(schedules)).order_by("schedule_id", "-at").distinct("schedule_id")
    return {row.schedule_id: row for row in rows}


def release_of(workflow: Workflow) -> WorkflowVersion | None:
    """The newest; the only thing that is run without anybody looking."""
    released = WorkflowVersion.objects.select_related("workflow", "workflow__project").filter(
        workflow=workflow, released_at__isnull=False
    )
    found: WorkflowVersion | None = released.order_by("-number").first()
    return found


def run_going_on(workflow_id: UUID) -> Run | None:
    """The newest run of the workflow that has not ended."""
    rows = Run.objects.filter(workflow_id=workflow_id).exclude(state__in=_ENDED)
    found: Run | None = rows.order_by("-number").first()
    return found


def due(now: datetime, most: int) -> list[UUID]:
    rows = Schedule.objects.filter(enabled=True, next_at__lte=now, workflow__deleted_at__isnull=True)
    return list(rows.order_by("next_at").values_list("pk", flat=True)[:most])


def outdated(before: datetime, most: int) -> list[UUID]:
    """Fires of long ago; the newest of each schedule is none of them."""
    newer = Fire.objects.filter(schedule=OuterRef("schedule"), at__gt=OuterRef("at"))
    return list(Fire.objects.filter(Exists(newer), at__lt=before).values_list("pk", flat=True)[:most])


def ended(most: int) -> list[UUID]:
    """Fires whose runs were watched and are over."""
    rows = Fire.objects.filter(watched=True, run__state__in=_ENDED, run__quarantined_at__isnull=True)
    return list(rows.values_list("pk", flat=True)[:most])
