"""Lists across runs: what waits for people, steps beside each other, labels, and how many workflows are how."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from backend.apps.runs.serializers.wire import RUN_STATES, NamedOut, SaidOut, Uuids
from backend.domain.run.states import StepState
from backend.shared.http import JsonObject, PageQuery, Strict, WholeQuery

STEP_STATES = [state.value for state in StepState]


class TodoQuery(WholeQuery):
    project = serializers.UUIDField(required=False)
    workflow = serializers.UUIDField(required=False)
    state = serializers.ChoiceField(choices=["wait_inputs", "hold"], required=False)
    order = serializers.ChoiceField(choices=["created_at", "-created_at"], default="-created_at")


class TodoOut(serializers.Serializer[Any]):
    run = serializers.UUIDField()
    run_number = serializers.IntegerField()
    workflow = NamedOut()
    step = serializers.CharField()
    title = serializers.CharField()
    state = serializers.CharField()
    awaits = serializers.ListField(child=serializers.CharField())
    since = serializers.DateTimeField(allow_null=True)


class TodoPage(serializers.Serializer[Any]):
    items = TodoOut(many=True)
    next = serializers.CharField(allow_null=True)


class LabelQuery(WholeQuery):
    project = serializers.UUIDField(required=False)
    workflow = serializers.UUIDField(required=False)
    order = serializers.ChoiceField(choices=["label", "-label", "count", "-count"], default="label")


class LabelOut(serializers.Serializer[Any]):
    label = serializers.CharField()
    count = serializers.IntegerField(help_text="How many runs have it.")


class LabelList(serializers.Serializer[Any]):
    items = LabelOut(many=True)
    next = serializers.CharField(allow_null=True)


class OverviewQuery(Strict):
    project = serializers.UUIDField(required=False, help_text="Without it: of all your projects.")


class OverviewOut(serializers.Serializer[Any]):
    total = serializers.IntegerField(help_text="How many workflows there are.")
    stat = serializers.DictField(
        child=serializers.IntegerField(),
        help_text=f"How many of them are how, by their newest run: never, {', '.join(RUN_STATES)}.",
    )
    waiting = serializers.IntegerField(help_text="How many steps wait for a person.")


class StepRunQuery(PageQuery):
    step = serializers.CharField(required=False, max_length=128, help_text="Only the steps of this name.")
    kind = serializers.CharField(required=False, max_length=64)
    state = serializers.ChoiceField(choices=STEP_STATES, required=False)
    run_state = serializers.ChoiceField(choices=RUN_STATES, required=False)
    runs = Uuids(required=False, max_length=8_000, help_text="Only of these: ids with commas between them.")
    label = serializers.CharField(required=False, max_length=64, help_text="Only of runs with this label.")
    order = serializers.ChoiceField(
        choices=["created_at", "-created_at", "name", "-name", "state", "-state"], default="-created_at"
    )


class StepOfRun(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    name = serializers.CharField()
    state = serializers.CharField()
    labels = serializers.ListField(child=serializers.CharField())
    created_at = serializers.DateTimeField()


class StepRunOut(serializers.Serializer[Any]):
    run = StepOfRun()
    step = serializers.CharField()
    kind = serializers.CharField()
    state = serializers.CharField()
    reason = SaidOut(allow_null=True)
    attempts = serializers.IntegerField()
    reused = serializers.BooleanField(help_text="Its result was taken over from an earlier run.")
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    duration = serializers.FloatField(allow_null=True, help_text="Seconds.")
    parameters = JsonObject(help_text="The values of its run.")
    metrics = serializers.DictField(child=serializers.FloatField(), help_text="By output and key: `scores.accuracy`.")


class CompareColumns(serializers.Serializer[Any]):
    parameters = serializers.ListField(child=serializers.CharField())
    metrics = serializers.ListField(child=serializers.CharField())


class StepRunPage(serializers.Serializer[Any]):
    items = StepRunOut(many=True)
    next = serializers.CharField(allow_null=True)
    compare_columns = CompareColumns(help_text="What of these steps could be put beside each other.")
