"""What requests about assets say, and what they are answered."""

from typing import Any

from rest_framework import serializers

from backend.shared.http import AnyJson, JsonObject, PageQuery, SearchQuery, Strict, Text, WholeQuery
from backend.shared.storage import ENTRY_ORDERS

PATH_HELP = "In a storage: /storage/folder/file; a folder ends with a slash."
ORDERS = ["name", "-name", "created_at", "-created_at"]


class ProjectQuery(Strict):
    project = serializers.UUIDField(required=False, help_text="Whose storages; without it, your own project's.")


class StorageRootOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    path = serializers.CharField()
    read_only = serializers.BooleanField()


class StorageRootQuery(WholeQuery, ProjectQuery):
    order = serializers.ChoiceField(choices=["name", "-name"], default="name")


class StorageRootList(serializers.Serializer[Any]):
    items = StorageRootOut(many=True)
    next = serializers.CharField(allow_null=True)


class PathQuery(ProjectQuery):
    path = serializers.CharField(max_length=4096, trim_whitespace=False, help_text=PATH_HELP)


class EntriesQuery(PathQuery):
    limit = serializers.IntegerField(min_value=1, max_value=1000, default=200)
    cursor = serializers.CharField(
        required=False, max_length=1000, trim_whitespace=False, help_text="`next` of before."
    )
    order = serializers.ChoiceField(ENTRY_ORDERS, default="name", help_text="Folders come first in every order.")


class DeleteQuery(PathQuery):
    recursive = serializers.BooleanField(default=False, help_text="Also a folder that is not empty.")


class UploadQuery(PathQuery):
    overwrite = serializers.BooleanField(default=True)


class FolderIn(Strict):
    path = serializers.CharField(max_length=4096, trim_whitespace=False, help_text=PATH_HELP)


class MoveIn(Strict):
    path = serializers.CharField(max_length=4096, trim_whitespace=False, help_text="The new place. " + PATH_HELP)


class EntryOut(serializers.Serializer[Any]):
    path = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=["file", "directory", "other"])
    size = serializers.IntegerField()
    modified = serializers.DateTimeField()
    etag = serializers.CharField(help_text="Changes with the file; for If-Match.")


class EntryPage(serializers.Serializer[Any]):
    items = EntryOut(many=True)
    next = serializers.CharField(allow_null=True)


class UploadedOut(serializers.Serializer[Any]):
    path = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    etag = serializers.CharField(help_text="For If-Match with the next write.")


class UploadIn(Strict):
    path = serializers.CharField(max_length=4096, trim_whitespace=False, help_text=PATH_HELP)
    size = serializers.IntegerField(min_value=0, max_value=2**53, help_text="Bytes of the whole file.")
    overwrite = serializers.BooleanField(default=False)
    mark = serializers.CharField(
        max_length=200,
        default="",
        allow_blank=True,
        help_text="What you know your file by (name and time, say), to go on with it after an interruption.",
    )


class PieceQuery(Strict):
    offset = serializers.IntegerField(min_value=0, max_value=2**53, help_text="Where in the file this piece begins.")


class UploadOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    path = serializers.CharField()
    size = serializers.IntegerField()
    offset = serializers.IntegerField(help_text="How much has arrived: where to go on.")
    piece = serializers.IntegerField(help_text="Send pieces of at most this many bytes.")
    done = serializers.BooleanField()
    entry = EntryOut(allow_null=True, help_text="The file, once it is there.")


class DatasetListQuery(PageQuery):
    project = serializers.UUIDField(required=False)
    search = serializers.CharField(required=False, max_length=200)
    order = serializers.ChoiceField(choices=ORDERS, default="-created_at")


class DatasetOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    project = serializers.UUIDField(source="project_id")
    data_type = serializers.CharField()
    label_task_type = serializers.CharField()
    description = serializers.CharField()
    origin = JsonObject(help_text="The run and step that made it.")
    created_at = serializers.DateTimeField()
    samples = serializers.IntegerField(source="sample_count")
    versions = serializers.IntegerField(source="version_count")
    newest_version = serializers.CharField(allow_null=True, help_text="The name of its newest version.")


class DatasetDetail(DatasetOut):
    classes = serializers.DictField(child=serializers.IntegerField(), help_text="Samples by label.")


class DatasetPage(serializers.Serializer[Any]):
    items = DatasetOut(many=True)
    next = serializers.CharField(allow_null=True)


class SampleQuery(PageQuery):
    label = serializers.CharField(
        required=False, max_length=500, allow_blank=True, help_text="Only those with this label."
    )
    order = serializers.ChoiceField(choices=["path", "-path"], default="path")


class SampleOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    path = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    media_type = serializers.CharField()
    labels = serializers.ListField(child=serializers.CharField())
    usage = serializers.CharField()


class SamplePage(serializers.Serializer[Any]):
    items = SampleOut(many=True)
    next = serializers.CharField(allow_null=True)


class VersionQuery(SearchQuery):
    order = serializers.ChoiceField(choices=["created_at", "-created_at"], default="-created_at")


class DatasetVersionOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    dataset = serializers.UUIDField(source="dataset_id")
    name = serializers.CharField()
    version_format = serializers.CharField()
    counts = JsonObject()
    split = JsonObject(help_text="Ratio and seed of the split into training and evaluation.")
    origin = JsonObject()
    created_at = serializers.DateTimeField()


class DatasetVersionPage(serializers.Serializer[Any]):
    items = DatasetVersionOut(many=True)
    next = serializers.CharField(allow_null=True)


class ModelOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    project = serializers.UUIDField(source="project_id")
    description = serializers.CharField()
    created_at = serializers.DateTimeField()
    versions = serializers.IntegerField(source="version_count")
    newest_version = serializers.CharField(allow_null=True, help_text="The number of its newest version.")
    newest_at = serializers.DateTimeField(allow_null=True, help_text="When that was registered.")


class ModelPage(serializers.Serializer[Any]):
    items = ModelOut(many=True)
    next = serializers.CharField(allow_null=True)


class ModelVersionQuery(SearchQuery):
    order = serializers.ChoiceField(choices=["created_at", "-created_at"], default="-created_at")


class ModelVersionOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    model = serializers.UUIDField(source="model_id")
    name = serializers.CharField(source="model.name")
    version = serializers.CharField()
    model_type = serializers.CharField()
    runtime = serializers.CharField()
    description = serializers.CharField()
    lineage = JsonObject(help_text="Run, step, dataset versions, parameters and metrics behind it.")
    created_at = serializers.DateTimeField()


class ModelFileOut(serializers.Serializer[Any]):
    path = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()


class ModelVersionDetail(ModelVersionOut):
    config = JsonObject()
    files = ModelFileOut(many=True)


class ModelVersionPage(serializers.Serializer[Any]):
    items = ModelVersionOut(many=True)
    next = serializers.CharField(allow_null=True)


class FileQuery(Strict):
    path = serializers.CharField(
        max_length=4096, trim_whitespace=False, help_text="As `files` or the manifest names it."
    )


class AlgorithmListQuery(PageQuery):
    project = serializers.UUIDField(required=False)
    search = serializers.CharField(required=False, max_length=200)
    order = serializers.ChoiceField(
        choices=["algorithm_id", "-algorithm_id", "created_at", "-created_at"], default="-created_at"
    )


class AlgorithmIn(Strict):
    algorithm_id = Text(max_length=128, help_text="What jobs name: algorithm_id, or subscription_id with a version.")
    version = Text(
        max_length=128, required=False, allow_blank=True, default="", help_text="Of a subscribed one: its version."
    )
    project = serializers.UUIDField(required=False, help_text="Without it: your own.")
    title = Text(max_length=200, required=False, allow_blank=True, default="")
    description = Text(max_length=10_000, required=False, allow_blank=True, default="")
    definition = JsonObject(help_text="As a job's own algorithm: code_dir, boot_file, engine or command, parameters.")


class AlgorithmOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    project = serializers.UUIDField(source="project_id")
    algorithm_id = serializers.CharField()
    version = serializers.CharField(help_text="Empty: a saved algorithm, named without one.")
    title = serializers.CharField()
    description = serializers.CharField()
    definition = JsonObject()
    created_by = serializers.CharField(source="created_by.username", allow_null=True, default=None)
    created_at = serializers.DateTimeField()


class AlgorithmPage(serializers.Serializer[Any]):
    items = AlgorithmOut(many=True)
    next = serializers.CharField(allow_null=True)


class ImageListQuery(PageQuery):
    project = serializers.UUIDField(required=False)
    search = serializers.CharField(required=False, max_length=200)
    order = serializers.ChoiceField(choices=ORDERS, default="-created_at")


class ImageChange(Strict):
    reference = Text(max_length=512, required=False, help_text="What a container engine pulls, as registry/name:tag.")
    digest = Text(max_length=71, required=False, allow_blank=True, help_text="sha256:… Only this very image is run.")
    description = Text(max_length=10_000, required=False, allow_blank=True)


class ImageIn(ImageChange):
    name = Text(max_length=512, help_text="What programs name: organisation/name:tag.")
    project = serializers.UUIDField(required=False, help_text="Without it: your own.")
    reference = Text(
        max_length=512, required=False, allow_blank=True, help_text="What an engine pulls; without it, the name itself."
    )


class ImageOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    project = serializers.UUIDField(source="project_id")
    name = serializers.CharField()
    reference = serializers.CharField()
    digest = serializers.CharField(help_text="Empty: whatever the reference means when a step begins.")
    description = serializers.CharField()
    created_by = serializers.CharField(source="created_by.username", allow_null=True, default=None)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ImagePage(serializers.Serializer[Any]):
    items = ImageOut(many=True)
    next = serializers.CharField(allow_null=True)


class EngineOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    version = serializers.CharField()
    description = serializers.CharField()
    preloads = serializers.ListField(child=AnyJson())
    lock_hash = serializers.CharField()
    created_at = serializers.DateTimeField()


class EngineListQuery(WholeQuery):
    order = serializers.ChoiceField(choices=["name", "-name", "created_at", "-created_at"], default="name")


class EngineList(serializers.Serializer[Any]):
    items = EngineOut(many=True)
    next = serializers.CharField(allow_null=True)


class FlavorOut(serializers.Serializer[Any]):
    flavor_id = serializers.CharField()
    title = serializers.CharField()
    cpu = serializers.FloatField()
    memory_mb = serializers.IntegerField()
    gpus = serializers.IntegerField()
    gpu_type = serializers.CharField(allow_null=True)
    pool = serializers.CharField(allow_null=True)
    declared = serializers.BooleanField()
    hosts = serializers.SerializerMethodField(help_text="Who offers it now.")

    def get_hosts(self, row: Any) -> list[str]:
        return sorted(offer.host for offer in row.offers.all())


class FlavorListQuery(WholeQuery):
    pool = serializers.CharField(required=False, max_length=128)
    declared = serializers.BooleanField(required=False, allow_null=True, default=None)
    order = serializers.ChoiceField(choices=["gpus", "-gpus", "cpu", "-cpu", "flavor_id", "-flavor_id"], default="gpus")


class FlavorList(serializers.Serializer[Any]):
    items = FlavorOut(many=True)
    next = serializers.CharField(allow_null=True)
