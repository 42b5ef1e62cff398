"""What requests about schedules say, and what they are answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.apps.schedules.models import NEVER, Fire, OnFailure, OnRunning, Outcome, Schedule
from backend.shared.http import JsonObject, PageQuery, Strict, Text

CRON_HELP = (
    "Six parts, as Quartz has them: second, minute, hour, day of the month, month, weekday (1 is SUN); or the five of "
    "classic cron. At most once a minute."
)
LONGEST_CRON = 200
LONGEST_ZONE = 64


class FireOut(serializers.Serializer[Any]):
    at = serializers.DateTimeField(help_text="The time that had come.")
    outcome = serializers.ChoiceField(choices=Outcome.values)
    run = serializers.UUIDField(source="run_id", allow_null=True, help_text="Null also when the run was deleted.")
    run_number = serializers.IntegerField(allow_null=True)
    problem = JsonObject(allow_null=True, help_text="Why no run was started.")
    retried = serializers.BooleanField(help_text="Its failed steps were tried again.")


class FirePage(serializers.Serializer[Any]):
    items = FireOut(many=True)
    next = serializers.CharField(allow_null=True)


class ScheduleFireListQuery(PageQuery):
    outcome = serializers.ChoiceField(choices=Outcome.values, required=False)
    order = serializers.ChoiceField(choices=["at", "-at"], default="-at")


class ScheduleOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    workflow = serializers.UUIDField(source="workflow_id")
    workflow_name = serializers.CharField(source="workflow.name")
    project = serializers.UUIDField(source="workflow.project_id")
    name = serializers.CharField()
    cron = serializers.CharField()
    timezone = serializers.CharField()
    enabled = serializers.BooleanField()
    on_running = serializers.ChoiceField(choices=OnRunning.values)
    on_failure = serializers.ChoiceField(choices=OnFailure.values)
    values = JsonObject()
    scene = serializers.SerializerMethodField()
    created_by = serializers.CharField(source="created_by.username", allow_null=True, default=None)
    owner = serializers.CharField(
        source="owner.username",
        allow_null=True,
        default=None,
        help_text="In whose name the runs start: who made it, or changed it after them.",
    )
    created_at = serializers.DateTimeField()
    next_at = serializers.SerializerMethodField(help_text="Null while it is off.")
    last_fire = serializers.SerializerMethodField()

    def get_scene(self, row: Schedule) -> str | None:
        return row.scene or None

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_next_at(self, row: Schedule) -> Any:
        known = row.enabled and row.next_at < NEVER
        return serializers.DateTimeField().to_representation(row.next_at) if known else None

    @extend_schema_field(FireOut(allow_null=True))
    def get_last_fire(self, row: Schedule) -> Any:
        newest: Mapping[UUID, Fire] = self.context.get("last", {})
        found = newest.get(row.pk)
        return None if found is None else FireOut(found).data


class SchedulePage(serializers.Serializer[Any]):
    items = ScheduleOut(many=True)
    next = serializers.CharField(allow_null=True)


class WorkflowScheduleListQuery(PageQuery):
    enabled = serializers.BooleanField(required=False, allow_null=True, default=None)
    order = serializers.ChoiceField(
        choices=["next_at", "-next_at", "created_at", "-created_at"],
        default="next_at",
        help_text="By next_at, those that are off come last.",
    )


class ScheduleListQuery(WorkflowScheduleListQuery):
    workflow = serializers.UUIDField(required=False)
    project = serializers.UUIDField(required=False, help_text="Without it: of all your projects.")


class SchedulePatch(Strict):
    name = Text(required=False, allow_blank=True, max_length=100)
    cron = Text(required=False, max_length=LONGEST_CRON, help_text=CRON_HELP)
    timezone = Text(required=False, max_length=LONGEST_ZONE, help_text="A name of the IANA's, as Europe/Berlin.")
    enabled = serializers.BooleanField(required=False)
    on_running = serializers.ChoiceField(
        choices=OnRunning.values,
        required=False,
        help_text="When a run of the workflow is going on: leave this time out (cancel), or start another one (start).",
    )
    on_failure = serializers.ChoiceField(
        choices=OnFailure.values,
        required=False,
        help_text="When the run ends abnormally: nothing (ignore), or try its failed steps once more (retry).",
    )
    values = JsonObject(required=False, help_text="Values of the placeholders, by name.")
    scene = Text(required=False, allow_null=True, max_length=64, help_text="Run this scene only.")

    def validate_scene(self, given: str | None) -> str:
        return given or ""


class ScheduleCreate(SchedulePatch):
    cron = Text(max_length=LONGEST_CRON, help_text=CRON_HELP)


class SchedulePreview(Strict):
    cron = Text(max_length=LONGEST_CRON, help_text=CRON_HELP)
    timezone = Text(max_length=LONGEST_ZONE, default="UTC")


class SchedulePreviewOut(serializers.Serializer[Any]):
    next = serializers.ListField(child=serializers.DateTimeField(), help_text="The next five times.")
