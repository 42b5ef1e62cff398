"""When a workflow is to run by itself, and what came of each of those times."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.apps.accounts.models import Asker, Role, Scoped, scoped
from backend.shared.clock import uuid7
from backend.shared.db import JsonTextField

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""The next time of a schedule that is off: later than all others, so that lists can be ordered by it."""


class OnRunning(models.TextChoices):
    CANCEL = "cancel"
    START = "start"


class OnFailure(models.TextChoices):
    IGNORE = "ignore"
    RETRY = "retry"


class Outcome(models.TextChoices):
    STARTED = "started"
    SKIPPED = "skipped"
    REFUSED = "refused"


class Schedules(Scoped):
    """Those of deleted workflows are gone with them."""

    project_path = "workflow__project"

    def for_user(self, user: Asker, role: str = Role.VIEWER) -> Self:
        return super().for_user(user, role).filter(workflow__deleted_at__isnull=True)


class Schedule(models.Model):
    """Times at which the newest release of a workflow is run, with these values, in the name of its owner."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workflow = models.ForeignKey("workflows.Workflow", on_delete=models.CASCADE, related_name="schedules")
    name = models.CharField(max_length=100, blank=True, default="")
    cron = models.CharField(max_length=200)
    timezone = models.CharField(max_length=64, default="UTC")
    enabled = models.BooleanField(default=True)
    on_running = models.CharField(max_length=6, choices=OnRunning.choices, default=OnRunning.CANCEL)
    on_failure = models.CharField(max_length=6, choices=OnFailure.choices, default=OnFailure.IGNORE)
    values = JsonTextField(default=dict)
    scene = models.CharField(max_length=64, blank=True, default="")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    # In whose name it runs: who made it, or changed it after them.
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    next_at = models.DateTimeField(default=NEVER)

    objects = Schedules.as_manager()

    class Meta:
        verbose_name = "schedule"
        indexes = (models.Index(fields=("next_at",), name="schedule_due", condition=Q(enabled=True)),)
        constraints = (
            models.CheckConstraint(condition=Q(on_running__in=OnRunning.values), name="schedule_on_running"),
            models.CheckConstraint(condition=Q(on_failure__in=OnFailure.values), name="schedule_on_failure"),
        )


class Fire(models.Model):
    """What came of one time. `watched` until it is known how its run ended, where a failure is to be retried."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="fires")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=7, choices=Outcome.choices)
    run = models.ForeignKey("runs.Run", null=True, on_delete=models.SET_NULL, related_name="+")
    # Survives the run.
    run_number = models.PositiveIntegerField(null=True)
    problem = JsonTextField(null=True)
    retried = models.BooleanField(default=False)
    watched = models.BooleanField(default=False)

    objects = scoped("schedule__workflow__project")

    class Meta:
        verbose_name = "fire"
        constraints = (
            models.UniqueConstraint(fields=("schedule", "at"), name="fire_once"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="fire_outcome"),
        )
        indexes = (models.Index(fields=("run",), name="fire_watched", condition=Q(watched=True)),)
