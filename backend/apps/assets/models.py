"""What workflows work on and with: storage roots, datasets, models, algorithms, engines, images, flavors.

Rows that a step makes are staged under its attempt's token and become visible when `committed_at` is set, in the
transaction that finishes the step; `for_user` and `seen` show committed rows only.
"""

from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.db import models

from backend.apps.accounts.models import Asker, Own, Project, Role, Scoped, ScopedOrShared
from backend.shared.clock import uuid7
from backend.shared.db import JsonTextField

COMMITTED = models.Q(committed_at__isnull=False)


class Committed(Scoped):
    def for_user(self, user: Asker, role: str = Role.VIEWER) -> Self:
        return super().for_user(user, role).filter(COMMITTED)

    def seen(self) -> Self:
        return self.filter(COMMITTED)


class OfDataset(Committed):
    project_path = "dataset__project"


class OfModel(Committed):
    project_path = "model__project"


class Samples(Scoped):
    project_path = "dataset__project"

    def for_user(self, user: Asker, role: str = Role.VIEWER) -> Self:
        return super().for_user(user, role).filter(batch__committed_at__isnull=False)

    def seen(self) -> Self:
        return self.filter(batch__committed_at__isnull=False)


class Offered(models.QuerySet[Any]):
    """What every signed-in user may use."""

    def for_user(self, user: Asker, role: str = Role.VIEWER) -> Self:
        del role
        return self.all() if user.is_authenticated and user.is_active else self.none()


class StorageRoot(models.Model):
    """`/name/…` in a workflow is a path below this folder. A project's own root hides a shared one of its name."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, null=True, blank=True, on_delete=models.CASCADE, related_name="storage_roots")
    name = models.CharField(max_length=63)
    # Below the home folder, which may be moved; absolute only for folders that an administrator names.
    folder = models.CharField(max_length=1000, unique=True)
    read_only = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedOrShared.as_manager()

    class Meta:
        verbose_name = "storage root"
        constraints = (
            models.UniqueConstraint(fields=("project", "name"), name="storage_root_once", nulls_distinct=False),
        )

    @property
    def path(self) -> Path:
        return Path(settings.PIPELOOM_HOME) / self.folder


class Upload(models.Model):
    """A file on its way, in pieces. What has arrived lies in the storage; `offset` is what its sender was told last."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="uploads")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="uploads")
    path = models.CharField(max_length=4096)
    size = models.PositiveBigIntegerField()
    offset = models.PositiveBigIntegerField(default=0)
    overwrite = models.BooleanField(default=True)
    mark = models.CharField(max_length=200, blank=True, default="")
    touched_at = models.DateTimeField(db_index=True)
    finished_at = models.DateTimeField(null=True)

    objects = Own.as_manager()


class Dataset(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="datasets")
    name = models.CharField(max_length=100)
    data_type = models.CharField(max_length=20, default="FREE_FORMAT")
    label_task_type = models.CharField(max_length=40, blank=True, default="")
    description = models.TextField(blank=True, default="")
    origin = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    committed_at = models.DateTimeField(null=True)
    token = models.UUIDField(null=True, db_index=True)

    objects = Committed.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("project", "name"), condition=COMMITTED, name="dataset_name_once"),
        )


class SampleBatch(models.Model):
    """Samples that arrived together. The batch is the pointer: one update shows all of them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="batches")
    token = models.UUIDField(null=True, db_index=True)
    count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    committed_at = models.DateTimeField(null=True)

    objects = OfDataset.as_manager()


class Sample(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="samples")
    batch = models.ForeignKey(SampleBatch, on_delete=models.CASCADE, related_name="samples")
    path = models.CharField(max_length=4096)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=100, blank=True, default="")
    labels = models.JSONField(default=list)
    usage = models.CharField(max_length=10, blank=True, default="")

    objects = Samples.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("batch", "path"), name="sample_once"),)


class DatasetVersion(models.Model):
    """A snapshot that jobs train on: a manifest and its split, in a folder that never changes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="versions")
    name = models.CharField(max_length=32)
    folder = models.CharField(max_length=1000)
    version_format = models.CharField(max_length=20, default="Default")
    counts = models.JSONField(default=dict)
    split = models.JSONField(default=dict)
    origin = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    committed_at = models.DateTimeField(null=True)
    token = models.UUIDField(null=True, db_index=True)

    objects = OfDataset.as_manager()

    class Meta:
        verbose_name = "dataset version"
        constraints = (
            models.UniqueConstraint(fields=("dataset", "name"), condition=COMMITTED, name="dataset_version_once"),
        )

    @property
    def path(self) -> Path:
        return Path(settings.PIPELOOM_HOME) / self.folder


class RegisteredModel(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="registered_models")
    name = models.CharField(max_length=64)
    description = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    committed_at = models.DateTimeField(null=True)

    objects = Committed.as_manager()

    class Meta:
        verbose_name = "model"
        constraints = (models.UniqueConstraint(fields=("project", "name"), name="model_name_once"),)


class ModelVersion(models.Model):
    """Files with their hashes, and `lineage`: the run, step, dataset versions, parameters and metrics behind them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    model = models.ForeignKey(RegisteredModel, on_delete=models.CASCADE, related_name="versions")
    version = models.CharField(max_length=8)
    major = models.PositiveSmallIntegerField(default=0)
    minor = models.PositiveSmallIntegerField(default=0)
    patch = models.PositiveSmallIntegerField(default=0)
    model_type = models.CharField(max_length=30)
    runtime = models.CharField(max_length=100, blank=True, default="")
    description = models.TextField(blank=True, default="")
    folder = models.CharField(max_length=1000)
    files = models.JSONField(default=list)
    config = models.JSONField(default=dict)
    lineage = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    committed_at = models.DateTimeField(null=True)
    token = models.UUIDField(null=True, db_index=True)

    objects = OfModel.as_manager()

    class Meta:
        verbose_name = "model version"
        constraints = (
            models.UniqueConstraint(fields=("model", "version"), condition=COMMITTED, name="model_version_once"),
        )

    @property
    def path(self) -> Path:
        return Path(settings.PIPELOOM_HOME) / self.folder


class Engine(models.Model):
    """An environment for user code: an interpreter on the workers' disk, never the server's own."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=100)
    version = models.CharField(max_length=50)
    interpreter = models.CharField(max_length=1000)
    lock_hash = models.CharField(max_length=64, blank=True, default="")
    preloads = models.JSONField(default=list)
    description = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = Offered.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("name", "version"), name="engine_once"),)


class Algorithm(models.Model):
    """What jobs name by an id: code, engine and default values, as a job itself would say them. It never changes.

    `version` is empty for a saved algorithm, and an id or number of one that is subscribed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="algorithms")
    algorithm_id = models.CharField(max_length=128)
    version = models.CharField(max_length=128, blank=True, default="")
    title = models.CharField(max_length=200, blank=True, default="")
    description = models.TextField(blank=True, default="")
    definition = JsonTextField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = Scoped.as_manager()

    class Meta:
        verbose_name = "algorithm"
        constraints = (models.UniqueConstraint(fields=("project", "algorithm_id", "version"), name="algorithm_once"),)


class Image(models.Model):
    """A container image that programs of a project may name. They say `name`; engines are told `reference`.

    With a digest it is exactly that image which runs, whatever the tag of the reference means by then."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="images")
    name = models.CharField(max_length=512)
    reference = models.CharField(max_length=512)
    digest = models.CharField(max_length=71, blank=True, default="")
    description = models.TextField(blank=True, default="")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = Scoped.as_manager()

    class Meta:
        verbose_name = "image"
        constraints = (models.UniqueConstraint(fields=("project", "name"), name="image_once"),)

    @property
    def pulled(self) -> str:
        """What an engine is told to run: with a digest without the tag, as not every engine takes both."""
        if not self.digest:
            return self.reference
        place, slash, name = self.reference.partition("@")[0].rpartition("/")
        return f"{place}{slash}{name.partition(':')[0]}@{self.digest}"


class Flavor(models.Model):
    """What a step may ask for. `declared` ones stay; the others live while a host offers them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    flavor_id = models.CharField(max_length=100, unique=True)
    title = models.CharField(max_length=200)
    cpu = models.FloatField()
    memory_mb = models.PositiveIntegerField()
    gpus = models.PositiveSmallIntegerField(default=0)
    gpu_type = models.CharField(max_length=100, null=True)  # noqa: DJ001 - null means any
    pool = models.CharField(max_length=100, null=True)  # noqa: DJ001 - null means the public pool
    declared = models.BooleanField(default=False)

    objects = Offered.as_manager()


class FlavorOffer(models.Model):
    """This host can serve that flavor."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    flavor = models.ForeignKey(Flavor, on_delete=models.CASCADE, related_name="offers")
    host = models.CharField(max_length=255)

    objects = Offered.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("flavor", "host"), name="flavor_offer_once"),)
