"""Datasets and their versions: staged under an attempt's token, shown by one update in the finishing transaction."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from backend.apps.accounts.models import Project
from backend.apps.assets.models import Dataset, DatasetVersion, ModelVersion, SampleBatch
from backend.apps.assets.selectors import dataset_find
from backend.apps.assets.services.folders import relative_to_home
from backend.apps.assets.services.samples import samples_stage
from backend.apps.assets.services.storage import storage_roots
from backend.domain.problems import problem
from backend.shared.clock import now
from backend.shared.db import advisory_lock
from backend.shared.errors import ProductError

_NAME = re.compile(r"[\w-]{1,100}")
_VERSION_NAME = re.compile(r"[A-Za-z0-9_-]{1,32}")
_NUMBERED = re.compile(r"V(\d{3,9})")


def dataset_stage(
    *,
    project: Project,
    token: UUID | None,
    name: str,
    samples: Path | Iterable[Mapping[str, Any]],
    data_type: str = "FREE_FORMAT",
    description: str = "",
    label_task_type: str = "",
    origin: Mapping[str, Any] | None = None,
) -> UUID:
    """A dataset with its samples, not yet seen by anybody; the answer goes to `dataset_commit`."""
    if not _NAME.fullmatch(name):
        raise ProductError.of(problem("asset.dataset_name", name=name))
    with transaction.atomic():
        dataset = Dataset.objects.create(
            project=project,
            name=name,
            token=token,
            data_type=data_type,
            description=description,
            label_task_type=label_task_type,
            origin=dict(origin or {}),
        )
        samples_stage(dataset=dataset, token=token, samples=samples, roots=storage_roots(project=project))
    key: UUID = dataset.pk
    return key


@transaction.atomic
def dataset_commit(*, staged: UUID) -> Dataset:
    """Show the dataset. If one of its name appeared meanwhile, that one is reused and the staged one is dropped."""
    mine: Dataset = Dataset.objects.select_related("project").get(pk=staged)
    advisory_lock("dataset", mine.project_id, mine.name)
    existing = dataset_find(project=mine.project, name=mine.name)
    if existing is not None:
        if existing.pk != mine.pk:
            mine.delete()
        return existing
    mine.committed_at = now()
    mine.save(update_fields=["committed_at"])
    SampleBatch.objects.filter(dataset=mine, committed_at__isnull=True).update(committed_at=mine.committed_at)
    return mine


def dataset_version_stage(
    *,
    dataset_id: UUID,
    token: UUID | None,
    folder: str | Path,
    name: str | None = None,
    counts: Mapping[str, Any] | None = None,
    split: Mapping[str, Any] | None = None,
    version_format: str = "Default",
    origin: Mapping[str, Any] | None = None,
    key: UUID | None = None,
) -> UUID:
    """A version whose folder is (or will be, at the commit) in its place. Without a name the next V00n is taken."""
    if name is not None and not _VERSION_NAME.fullmatch(name):
        raise ProductError.of(problem("asset.dataset_version_name", version=name))
    given = {} if key is None else {"id": key}
    version = DatasetVersion.objects.create(
        dataset_id=dataset_id,
        token=token,
        name=name or "",
        folder=relative_to_home(folder),
        counts=dict(counts or {}),
        split=dict(split or {}),
        version_format=version_format,
        origin=dict(origin or {}),
        **given,
    )
    made: UUID = version.pk
    return made


@transaction.atomic
def dataset_version_commit(*, staged: UUID) -> DatasetVersion:
    """Name the version and show it; the name is settled under the dataset's lock, so two never share one."""
    version: DatasetVersion = DatasetVersion.objects.select_related("dataset").get(pk=staged)
    if version.committed_at is not None:
        return version
    Dataset.objects.select_for_update().get(pk=version.dataset_id)
    taken = set(DatasetVersion.objects.seen().filter(dataset_id=version.dataset_id).values_list("name", flat=True))
    if version.name in taken:
        raise ProductError.of(
            problem("asset.dataset_version_exists", dataset=version.dataset.name, version=version.name)
        )
    version.name = version.name or _next_name(taken)
    version.committed_at = now()
    version.save(update_fields=["name", "committed_at"])
    return version


def staged_discard(*, token: UUID) -> None:
    """Forget what an attempt staged and will never commit."""
    ModelVersion.objects.filter(token=token, committed_at__isnull=True).delete()
    DatasetVersion.objects.filter(token=token, committed_at__isnull=True).delete()
    SampleBatch.objects.filter(token=token, committed_at__isnull=True).delete()
    Dataset.objects.filter(token=token, committed_at__isnull=True).delete()


def _next_name(taken: set[str]) -> str:
    numbers = (int(found.group(1)) for name in taken if (found := _NUMBERED.fullmatch(name)))
    return f"V{max(numbers, default=0) + 1:03d}"
