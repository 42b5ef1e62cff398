"""Reads about runs. What a person asks for goes through `for_user`; the engine's own reads say so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Now

from backend.apps.accounts.models import Asker
from backend.apps.runs.models import Attempt, Event, Run, StepRun, WorkerHost


def hosts_alive() -> QuerySet[WorkerHost]:
    """Hosts that have spoken lately, for the engine."""
    late = Now() - timedelta(seconds=settings.PIPELOOM_HOST_STALE_SECONDS)
    return WorkerHost.objects.filter(online=True, heartbeat_at__gt=late)


def runs_of(user: Asker) -> QuerySet[Run]:
    rows: QuerySet[Run] = Run.objects.for_user(user)
    return rows.select_related("workflow", "version", "created_by")


def run_fetch(user: Asker, run_id: Any, role: str = "viewer") -> Run:
    """One run; NotFound or Forbidden in the user's words."""
    found: Run = Run.objects.select_related("workflow", "version", "project").fetch_for(user, role, pk=run_id)
    return found


def events_page(run_id: UUID, after: int, limit: int = 200) -> list[Event]:
    """The facts after a number, oldest first."""
    return list(Event.objects.filter(run_id=run_id, seq__gt=after).order_by("seq")[:limit])


def todo_of(user: Asker) -> QuerySet[StepRun]:
    """Steps that wait for a person, over all workflows that the user may operate."""
    rows: QuerySet[StepRun] = StepRun.objects.for_user(user)
    waiting = rows.filter(state__in=["wait_inputs", "hold"], run__state="running")
    return waiting.select_related("run", "run__workflow").order_by("-run__created_at", "position")


def attempts_of(run_id: UUID, step: str) -> QuerySet[Attempt]:
    rows: QuerySet[Attempt] = Attempt.objects.filter(run_id=run_id, step=step)
    return rows.order_by("-number")
