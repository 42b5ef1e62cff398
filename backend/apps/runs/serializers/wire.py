"""The shapes of requests and answers, for reading them and for the API's description."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from backend.apps.runs.selectors import attempt_name
from backend.apps.runs.serializers.edits import EditedOut, StepEdit
from backend.shared.http import AnyJson, JsonObject, PageQuery, Strict, Text, WholeNumber

RUN_STATES = ["init", "running", "completed", "stopped", "abnormal"]
LONGEST_WAIT = 30
MODES = ["to_here", "only", "from"]


class Label(serializers.CharField):
    def __init__(self, **more: Any) -> None:
        super().__init__(min_length=1, max_length=64, **more)


class SomeSteps(Strict):
    steps = serializers.ListField(
        child=serializers.CharField(max_length=128),
        required=False,
        min_length=1,
        max_length=1_000,
        help_text="Run these steps; without it, the whole workflow.",
    )
    scene = Text(
        required=False, max_length=64, help_text="Run this scene: its steps, on results that are there already."
    )
    mode = serializers.ChoiceField(
        choices=MODES,
        default="to_here",
        help_text="With steps: all that leads to them as well; only these, on results that are there already; or the "
        "whole workflow from these on, with what is before them taken over. “from” without steps runs as little as it "
        "can.",
    )
    reuse = serializers.BooleanField(
        default=True, help_text="With steps: take over results of earlier runs that are still good."
    )
    prior = serializers.UUIDField(
        required=False, help_text="With steps or a scene: the run whose results are taken over, instead of the newest."
    )


class RunCreate(SomeSteps):
    values = JsonObject(required=False, help_text="Values of the placeholders, by name.")
    version = WholeNumber(
        required=False, min_value=1, max_value=2**31 - 1, help_text="Number of a version; without it, the draft."
    )
    name = Text(required=False, allow_blank=True, max_length=200, default="")
    labels = serializers.ListField(child=Label(), required=False, max_length=50)


class RunPatch(Strict):
    name = Text(required=False, allow_blank=True, max_length=200)
    labels = serializers.ListField(child=Label(), required=False, max_length=50)


class Uuids(serializers.CharField):
    """Ids with commas between them."""

    def to_internal_value(self, data: Any) -> Any:
        reader = serializers.UUIDField()
        return [reader.run_validation(each) for each in super().to_internal_value(data).split(",")]


class WorkflowRunListQuery(PageQuery):
    state = serializers.ChoiceField(choices=RUN_STATES, required=False)
    label = serializers.CharField(required=False, max_length=64)
    search = serializers.CharField(
        required=False, max_length=200, help_text="Words of the name, labels or workflow, or the number."
    )
    scene = serializers.CharField(required=False, max_length=64, help_text="Only runs of this scene.")
    created_by = serializers.CharField(required=False, max_length=150, help_text="Only those of this person.")
    created_after = serializers.DateTimeField(required=False)
    created_before = serializers.DateTimeField(required=False)
    order = serializers.ChoiceField(
        choices=["created_at", "-created_at", "name", "-name", "number", "-number"], default="-created_at"
    )


class RunListQuery(WorkflowRunListQuery):
    project = serializers.UUIDField(required=False, help_text="Without it: of all your projects.")
    workflow = serializers.UUIDField(required=False)
    workflows = Uuids(required=False, max_length=8_000, help_text="Only of these: ids with commas between them.")
    latest = serializers.BooleanField(default=False, help_text="Of each workflow only the newest run.")


class NamedOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()


class VersionRef(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    name = serializers.CharField()


class PartOut(serializers.Serializer[Any]):
    steps = serializers.ListField(child=serializers.CharField(), help_text="The steps that were asked for.")
    mode = serializers.ChoiceField(choices=MODES)
    reuse = serializers.BooleanField()
    scene = serializers.CharField(required=False, help_text="The scene that was chosen, if one was.")
    prior = serializers.UUIDField(required=False, help_text="The run whose results were to be taken over.")


class ParentOut(serializers.Serializer[Any]):
    run = serializers.UUIDField()
    number = serializers.IntegerField()
    workflow = NamedOut()
    step = serializers.CharField(help_text="The step that this run is there.")


class NestedOut(serializers.Serializer[Any]):
    run = serializers.UUIDField()
    number = serializers.IntegerField()
    workflow = NamedOut()
    state = serializers.CharField(help_text="Of that run.")


class RunOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.IntegerField(help_text="Counts the runs of one workflow.")
    name = serializers.CharField()
    labels = serializers.ListField(child=serializers.CharField())
    workflow = NamedOut()
    version = VersionRef()
    project = serializers.UUIDField()
    state = serializers.ChoiceField(choices=RUN_STATES)
    stop_requested = serializers.BooleanField()
    values = JsonObject()
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    duration = serializers.FloatField(allow_null=True, help_text="Seconds; null until it is over.")
    created_by = serializers.CharField(allow_null=True)
    origin_run = serializers.UUIDField(allow_null=True, help_text="The run that this one repeats.")
    parent = ParentOut(allow_null=True, help_text="Of a run that is a step of another run: where it belongs.")
    part = PartOut(allow_null=True, help_text="Of a run of some steps; null for the whole workflow.")
    quarantined = serializers.BooleanField(help_text="Stands still because of an internal error.")


class RunPage(serializers.Serializer[Any]):
    items = RunOut(many=True)
    next = serializers.CharField(allow_null=True)


class SaidOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    params = serializers.DictField(child=AnyJson())
    message = serializers.CharField()
    hint = serializers.CharField(allow_blank=True)


class QueueOut(serializers.Serializer[Any]):
    position = serializers.IntegerField(help_text="1 is next in line.")
    reason = SaidOut()


class ReusedOut(serializers.Serializer[Any]):
    run = serializers.UUIDField()
    number = serializers.IntegerField()
    attempt = serializers.UUIDField(allow_null=True)


class AnsweredOut(serializers.Serializer[Any]):
    by = serializers.UUIDField(allow_null=True)
    name = serializers.CharField(help_text="As they were called then.")


class StepOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    kind = serializers.CharField()
    title = serializers.CharField()
    parents = serializers.ListField(child=serializers.CharField())
    state = serializers.CharField()
    reason = JsonObject(allow_null=True)
    attempts = serializers.IntegerField()
    lost = serializers.IntegerField()
    token = serializers.CharField(allow_null=True, help_text="Names the attempt; it is not the secret it works with.")
    host = serializers.CharField(allow_null=True)
    devices = serializers.ListField(child=serializers.CharField())
    queue = QueueOut(allow_null=True)
    outputs = JsonObject()
    floats = JsonObject()
    branch = serializers.BooleanField(allow_null=True)
    chosen = JsonObject()
    awaits = serializers.ListField(child=serializers.CharField())
    stop_requested = serializers.BooleanField()
    reused = ReusedOut(allow_null=True, help_text="Not run: it keeps the result of this earlier run.")
    answered = AnsweredOut(allow_null=True, help_text="Who gave the values that it waited for.")
    edited = EditedOut(allow_null=True, help_text="What was changed before it was tried again.")
    waiting_at = serializers.DateTimeField(allow_null=True, help_text="Since when it waits for values, or has waited.")
    ready_at = serializers.DateTimeField(allow_null=True)
    dispatched_at = serializers.DateTimeField(allow_null=True)
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    duration = serializers.FloatField(allow_null=True)
    nested = NestedOut(allow_null=True, help_text="Of a step that runs a workflow: its newest run.")


class MetricsFileOut(serializers.Serializer[Any]):
    type = serializers.CharField()
    run = serializers.UUIDField()
    step = serializers.CharField()
    attempt = serializers.UUIDField()
    output = serializers.CharField()
    path = serializers.CharField()
    rev = serializers.IntegerField()
    at = serializers.DateTimeField()
    value = serializers.ListField(child=JsonObject())
    problem = JsonObject(allow_null=True)


class LogOut(serializers.Serializer[Any]):
    attempt = serializers.UUIDField()
    size = serializers.IntegerField()


class SnapshotOut(serializers.Serializer[Any]):
    run = RunOut()
    seq = serializers.IntegerField(help_text="The number of the newest fact in it; follow the events after it.")
    at = serializers.DateTimeField()
    steps = serializers.DictField(child=StepOut())
    metrics = MetricsFileOut(many=True)
    logs = serializers.DictField(child=LogOut())


class EventsQuery(Strict):
    after = serializers.IntegerField(
        min_value=0, max_value=2**62, default=0, help_text="The number of the newest fact that you have."
    )
    wait = serializers.FloatField(
        min_value=0, max_value=LONGEST_WAIT, default=0, help_text="Seconds to wait for something new."
    )


class RunAction(Strict):
    action = serializers.ChoiceField(choices=["stop", "rerun"])
    values = JsonObject(required=False, help_text="For rerun: values that differ from this run's.")
    steps = serializers.ListField(
        child=serializers.CharField(max_length=128),
        required=False,
        max_length=1_000,
        help_text="For rerun: these and all behind them run again; what is before them is taken over.",
    )


class StepAction(Strict):
    action = serializers.ChoiceField(choices=["retry", "stop", "continue"])
    values = JsonObject(required=False, help_text="For retry: other values. For continue: those that it waits for.")
    step = StepEdit(
        required=False, help_text="For retry, by authors: what is otherwise of the step from now on, in this run only."
    )


class RunActionOut(serializers.Serializer[Any]):
    run = RunOut(help_text="The run itself; after rerun the new one.")


class AttemptOut(serializers.Serializer[Any]):
    token = serializers.SerializerMethodField(help_text="Names the attempt; it is not the secret it works with.")
    number = serializers.IntegerField()
    state = serializers.CharField()
    host = serializers.CharField()
    devices = serializers.ListField(child=serializers.CharField())
    reason = JsonObject(allow_null=True)
    dispatched_at = serializers.DateTimeField()
    claimed_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    log_size = serializers.IntegerField()
    usage = serializers.SerializerMethodField()
    parameters = serializers.SerializerMethodField(help_text="The script's arguments.")
    inputs = serializers.SerializerMethodField(help_text="Where each input came from.")

    def get_token(self, row: Any) -> str:
        return attempt_name(row.pk)

    def get_usage(self, row: Any) -> dict[str, float | None]:
        return (row.report or {}).get("usage", {})

    def get_parameters(self, row: Any) -> dict[str, Any]:
        return (row.order or {}).get("parameters", {})

    def get_inputs(self, row: Any) -> dict[str, Any]:
        inputs = (row.order or {}).get("inputs", {})
        return {
            name: {"type": each["type"], "logical": each["logical"], "data": each["data"]}
            for name, each in inputs.items()
        }


class StepDetailOut(serializers.Serializer[Any]):
    run = serializers.UUIDField()
    step = StepOut()
    attempt_list = AttemptOut(many=True, help_text="Newest first.")


class MetricsOut(serializers.Serializer[Any]):
    items = MetricsFileOut(many=True)


class FigureOut(serializers.Serializer[Any]):
    output = serializers.CharField()
    path = serializers.CharField()
    attempt = serializers.UUIDField()
    rev = serializers.IntegerField()
    key = serializers.CharField()
    title = serializers.CharField()
    type = serializers.CharField()
    figure = JsonObject(help_text="A Plotly figure: data, layout, config.")


class FiguresOut(serializers.Serializer[Any]):
    items = FigureOut(many=True)


class LogQuery(Strict):
    attempt = serializers.UUIDField(required=False, help_text="Another attempt than the newest.")


class OutputFileOut(serializers.Serializer[Any]):
    path = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField(allow_blank=True)


class OutputOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    type = serializers.CharField()
    logical = serializers.CharField(allow_blank=True, help_text="Its place in a storage.")
    data = JsonObject(help_text="The rows that it became, by their ids and names.")
    files = OutputFileOut(many=True, help_text="The first thousand.")
    count = serializers.IntegerField()


class OutputsOut(serializers.Serializer[Any]):
    items = OutputOut(many=True)


class FileQuery(Strict):
    path = serializers.CharField(max_length=3_500, help_text="Of a file, inside the output.")


class PlanIn(SomeSteps):
    values = JsonObject(required=False)
    version = WholeNumber(required=False, min_value=1, max_value=2**31 - 1)


class ReusedRunOut(serializers.Serializer[Any]):
    run = serializers.UUIDField()
    number = serializers.IntegerField()


class PlannedOut(serializers.Serializer[Any]):
    verdict = serializers.ChoiceField(
        choices=["run", "reuse", "skip", "waits_for_input", "decided_at_run_time", "cannot_run", "not_part"]
    )
    reason = JsonObject(allow_null=True, help_text="Why; of a step that runs, why no earlier result is taken over.")
    reused = ReusedRunOut(allow_null=True, help_text="Whose result is taken over.")
    branch = serializers.BooleanField(allow_null=True, help_text="Which way a condition will go.")


class PlanOut(serializers.Serializer[Any]):
    problems = serializers.ListField(child=JsonObject())
    steps = serializers.DictField(child=PlannedOut())
