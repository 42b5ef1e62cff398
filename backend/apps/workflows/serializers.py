"""What requests about workflows say, and what they are answered."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from backend.apps.workflows.gallery import ENGLISH, LANGUAGES
from backend.apps.workflows.models import Sharing
from backend.shared.http import AnyJson, JsonObject, PageQuery, Strict, Text, WholeQuery

NAME_PATTERN = r"^[A-Za-z\u4e00-\u9fff][A-Za-z0-9_ \u4e00-\u9fff-]{0,63}$"
NAME_HELP = "1 to 64 letters, digits, spaces, “_” or “-”, beginning with a letter."
MOST = 2**31 - 1


class WorkflowName(serializers.RegexField):
    def __init__(self, **more: Any) -> None:
        super().__init__(
            NAME_PATTERN,
            max_length=64,
            trim_whitespace=False,
            help_text=NAME_HELP,
            error_messages={"invalid": NAME_HELP},
            **more,
        )


@extend_schema_serializer(component_name="Problem")
class ProblemOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    path = serializers.CharField(help_text="A JSON Pointer to the place; empty for the whole.")
    params = serializers.DictField(child=AnyJson())
    message = serializers.CharField()
    hint = serializers.CharField()
    severity = serializers.ChoiceField(choices=["error", "warning"])


class WorkflowListQuery(PageQuery):
    project = serializers.UUIDField(required=False)
    released = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="Only those with a release, or without one."
    )
    created_by = serializers.CharField(required=False, max_length=150, help_text="Only those of this person.")
    search = serializers.CharField(
        required=False, max_length=200, help_text="Words that the name or the description contain."
    )
    order = serializers.ChoiceField(
        choices=["name", "-name", "created_at", "-created_at", "updated_at", "-updated_at"], default="-updated_at"
    )


class WorkflowOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    description = serializers.CharField()
    project = serializers.UUIDField(source="project_id")
    created_by = serializers.CharField(source="created_by.username", allow_null=True, default=None)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    last_version = serializers.IntegerField(help_text="Number of the newest version, released or not; 0 for none.")
    released = serializers.IntegerField(
        allow_null=True, default=None, help_text="Number of the newest released version."
    )


class WorkflowPage(serializers.Serializer[Any]):
    items = WorkflowOut(many=True)
    next = serializers.CharField(allow_null=True)


class GalleryQuery(WholeQuery):
    language = serializers.ChoiceField(choices=LANGUAGES, default=ENGLISH)
    order = serializers.ChoiceField(choices=["id", "-id", "name", "-name"], default="id")


class SampleWorkflowOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    steps = serializers.IntegerField(help_text="How many.")
    document = JsonObject()


class GalleryList(serializers.Serializer[Any]):
    items = SampleWorkflowOut(many=True)
    next = serializers.CharField(allow_null=True)


class WorkflowCreate(Strict):
    name = WorkflowName()
    description = serializers.CharField(required=False, allow_blank=True, max_length=4096, default="")
    project = serializers.UUIDField(required=False, help_text="Without it: your own.")
    document = JsonObject(required=False, help_text="The first draft; any well-formed object.")
    copy_of = serializers.UUIDField(required=False, help_text="Take the draft of this workflow.")


class WorkflowPatch(Strict):
    name = WorkflowName(required=False)
    description = serializers.CharField(required=False, allow_blank=True, max_length=4096)


class WorkflowCopy(Strict):
    name = WorkflowName(required=False)
    project = serializers.UUIDField(required=False, help_text="Without it: the project of the original.")


class DraftOut(serializers.Serializer[Any]):
    workflow = serializers.UUIDField(source="workflow_id")
    revision = serializers.IntegerField()
    base_version = serializers.IntegerField(help_text="The version that this draft was made from; 0 for none.")
    document = JsonObject()
    updated_at = serializers.DateTimeField()
    updated_by = serializers.CharField(source="updated_by.username", allow_null=True, default=None)


class DraftPut(Strict):
    document = JsonObject()
    revision = serializers.IntegerField(min_value=1, max_value=MOST, help_text="The revision that was edited.")
    base_version = serializers.IntegerField(
        required=False, min_value=0, max_value=MOST, help_text="When the draft starts anew from a version: its number."
    )


class ReleaseIn(Strict):
    name = serializers.CharField(required=False, allow_blank=True, max_length=100, default="")
    notes = serializers.CharField(required=False, allow_blank=True, max_length=10_000, default="")
    over = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST,
        help_text="Release although this newer version exists, which the draft was not made from.",
    )
    revision = serializers.IntegerField(
        required=False, min_value=1, max_value=MOST, help_text="Release only if the draft is still at this revision."
    )


class VersionListQuery(PageQuery):
    released = serializers.BooleanField(required=False, allow_null=True, default=None)
    order = serializers.ChoiceField(choices=["number", "-number"], default="-number")


class VersionOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    workflow = serializers.UUIDField(source="workflow_id")
    number = serializers.IntegerField()
    name = serializers.CharField()
    notes = serializers.CharField()
    hash = serializers.CharField(help_text="SHA-256 of the canonical form, without ids and layout.")
    released = serializers.BooleanField()
    released_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    created_by = serializers.CharField(source="created_by.username", allow_null=True, default=None)


class PublishIn(Strict):
    name = WorkflowName()
    project = serializers.UUIDField(required=False, help_text="Without it: your own.")
    document = JsonObject()
    version_name = serializers.CharField(required=False, allow_blank=True, max_length=100, default="")
    notes = serializers.CharField(required=False, allow_blank=True, max_length=10_000, default="")


class PublishOut(serializers.Serializer[Any]):
    workflow = WorkflowOut()
    version = VersionOut()
    created = serializers.BooleanField(help_text="Whether the workflow is new.")
    draft_kept = serializers.BooleanField(help_text="The draft holds edits that no version has, and was left alone.")


class VersionDocumentOut(VersionOut):
    document = JsonObject()


class VersionPage(serializers.Serializer[Any]):
    items = VersionOut(many=True)
    next = serializers.CharField(allow_null=True)


class CheckOut(serializers.Serializer[Any]):
    valid = serializers.BooleanField(help_text="True when it could be released: no problem is an error.")
    problems = ProblemOut(many=True)


class ImportQuery(Strict):
    project = serializers.UUIDField(required=False)
    name = WorkflowName(required=False)


class ImportOut(serializers.Serializer[Any]):
    workflow = WorkflowOut()
    report = ProblemOut(many=True)


class ConvertOut(serializers.Serializer[Any]):
    source = serializers.ChoiceField(choices=["pipeloom", "modelarts", "elyra", "kubeflow"])
    document = JsonObject(help_text="The file as a workflow of ours.")
    mapped = serializers.IntegerField(help_text="How much was taken over as it was; 0 for a file of ours.")
    report = ProblemOut(many=True, help_text="What was left out or says something else now; places in the file.")
    problems = ProblemOut(many=True, help_text="Problems of the document; places in it.")


class ChangesQuery(Strict):
    before = serializers.IntegerField(min_value=1, max_value=MOST, help_text="Number of the earlier version.")
    after = serializers.IntegerField(
        required=False, min_value=1, max_value=MOST, help_text="Number of the later version; without it, the draft."
    )


class ChangeOut(serializers.Serializer[Any]):
    what = serializers.ChoiceField(choices=["added", "removed", "renamed", "changed", "edge_added", "edge_removed"])
    list = serializers.CharField(help_text="steps, parameters and so on; empty for the workflow itself.")
    id = serializers.CharField()
    name = serializers.CharField(help_text="The name that it has now, or had.")
    path = serializers.CharField(help_text="A JSON Pointer inside of it.")
    before = AnyJson(allow_null=True)
    after = AnyJson(allow_null=True)


class ChangesOut(serializers.Serializer[Any]):
    changes = ChangeOut(many=True)
    moved = serializers.ListField(child=serializers.CharField(), help_text="Ids of what is drawn elsewhere.")


class MergeIn(Strict):
    base = JsonObject(help_text="The draft that was edited.")
    mine = JsonObject(help_text="What became of it.")


class ConflictOut(serializers.Serializer[Any]):
    path = serializers.CharField(help_text="List, id and place.")
    base = AnyJson(allow_null=True)
    mine = AnyJson(allow_null=True)
    theirs = AnyJson(allow_null=True)


class MergeOut(serializers.Serializer[Any]):
    document = JsonObject(help_text="Both sides; where they conflict, yours.")
    conflicts = ConflictOut(many=True)
    revision = serializers.IntegerField(help_text="The draft's, with which the merged document can be saved.")


class RestoreIn(Strict):
    version = serializers.IntegerField(min_value=1, max_value=MOST)
    revision = serializers.IntegerField(min_value=1, max_value=MOST, help_text="The draft's revision that is replaced.")


class ExportQuery(Strict):
    format = serializers.CharField(max_length=20, default="json", help_text="json, modelarts, python")
    report = serializers.BooleanField(
        default=False, help_text="Instead of the file: what it will not say, or says otherwise."
    )
    version = serializers.IntegerField(
        required=False, min_value=1, max_value=MOST, help_text="A version's number; without it, the draft."
    )


class StepKindOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    description = serializers.CharField()
    skippable = serializers.BooleanField(help_text="May have skip conditions.")
    executes = serializers.ChoiceField(choices=["engine", "server", "inline", "run"])
    properties = JsonObject(help_text="JSON Schema of the step's properties.")
    inputs = JsonObject()
    outputs = JsonObject()


class StepKindList(serializers.Serializer[Any]):
    items = StepKindOut(many=True)


class GalleryNumber(serializers.RegexField):
    def __init__(self, **more: Any) -> None:
        more.setdefault("help_text", "Three numbers, like 1.0.0; without them the next.")
        super().__init__(r"^[0-9]{1,4}[.][0-9]{1,4}[.][0-9]{1,4}$", **more)


class UserNames(serializers.ListField):
    def __init__(self, **more: Any) -> None:
        super().__init__(child=Text(max_length=150), max_length=1_000, required=False, default=list, **more)


class AssetVersionIn(Strict):
    document = JsonObject()
    version = GalleryNumber(required=False)
    description = Text(required=False, allow_blank=True, max_length=10_000, default="")
    users = UserNames(help_text="Names of people who see it, where it is shared with a group.")


class AssetIn(AssetVersionIn):
    project = serializers.UUIDField(required=False, help_text="Without it: your own.")
    title = Text(required=False, allow_blank=True, max_length=64, default="")
    sharing = serializers.ChoiceField(choices=Sharing.choices, default=Sharing.PRIVATE)


class WhitelistIn(Strict):
    add = UserNames()
    remove = UserNames()


class SubscribeIn(Strict):
    version = GalleryNumber(required=False, help_text="Without it: the newest that you see.")
    project = serializers.UUIDField(required=False, help_text="Without it: your own.")
    name = WorkflowName(required=False)


class AssetOut(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="The content_id of programs.")
    project = serializers.UUIDField(source="project_id")
    title = serializers.CharField()
    sharing = serializers.ChoiceField(choices=Sharing.choices)
    created_at = serializers.DateTimeField()
    created_by = serializers.CharField(source="created_by.username", allow_null=True, default=None)


class AssetRow(AssetOut):
    """With what the reader may know of it: the versions are those that they see."""

    version = serializers.CharField(source="newest", help_text="The newest number that you see.")
    description = serializers.CharField(source="told", help_text="What that version says of itself.")
    versions = serializers.IntegerField(source="seen_versions", help_text="How many you see.")
    own = serializers.BooleanField(help_text="You may add versions, say who sees them, and take it out.")


class AssetPage(serializers.Serializer[Any]):
    items = AssetRow(many=True)
    next = serializers.CharField(allow_null=True)


class AssetListQuery(PageQuery):
    project = serializers.UUIDField(required=False)
    search = Text(required=False, max_length=100, help_text="Words of the title, the description or the publisher.")
    order = serializers.ChoiceField(choices=["created_at", "-created_at", "title", "-title"], default="-created_at")


class AssetVersionOut(serializers.Serializer[Any]):
    asset = AssetOut()
    version = serializers.CharField(source="number")
    description = serializers.CharField()
    document = JsonObject()
    created_at = serializers.DateTimeField()
    users = serializers.ListField(child=serializers.CharField(), help_text="Empty for those who do not belong to it.")

    def to_representation(self, instance: Any) -> dict[str, Any]:
        shown = dict(super().to_representation(instance))
        return shown if self.context.get("own") else {**shown, "users": []}


class AssetVersionListQuery(WholeQuery):
    order = serializers.ChoiceField(choices=["version", "-version"], default="-version")


class AssetVersionList(serializers.Serializer[Any]):
    items = AssetVersionOut(many=True)
    next = serializers.CharField(allow_null=True)
