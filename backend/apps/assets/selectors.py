"""Reads about assets."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from backend.apps.accounts.models import Asker, Project
from backend.apps.assets.models import (
    Algorithm,
    Dataset,
    DatasetVersion,
    Engine,
    Flavor,
    Image,
    ModelVersion,
    RegisteredModel,
    Sample,
    SampleBatch,
    StorageRoot,
)
from backend.domain.problems import Problem, problem
from backend.domain.run.algorithms import NamedAlgorithm
from backend.shared.errors import ProductError

MOST_NAMED = 20
"""So many of what there is are named where something is not."""


def storage_rows(project: Project) -> QuerySet[StorageRoot]:
    rows: QuerySet[StorageRoot] = StorageRoot.objects.filter(Q(project=project) | Q(project__isnull=True))
    return rows


def dataset_find(*, project: Project, name: str) -> Dataset | None:
    """The dataset that a step of this name would reuse."""
    found: Dataset | None = Dataset.objects.seen().filter(project=project, name=name).first()
    return found


def dataset_get(*, project: Project, name: str) -> Dataset:
    found = dataset_find(project=project, name=name)
    if found is None:
        raise ProductError.of(problem("asset.dataset_unknown", name=name))
    return found


def dataset_version_get(*, project: Project, name: str, version: str | None = None) -> DatasetVersion:
    """The named version of the named dataset; without a name the newest."""
    versions = DatasetVersion.objects.seen().filter(dataset=dataset_get(project=project, name=name))
    wanted = versions.filter(name=version) if version else versions
    found: DatasetVersion | None = wanted.select_related("dataset").order_by("-committed_at", "-pk").first()
    if found is None:
        raise ProductError.of(problem("asset.dataset_version_unknown", dataset=name, version=version or "V001"))
    return found


def dataset_class_counts(dataset: Dataset) -> dict[str, int]:
    """Samples by label, under "" those without one. A sample with two labels counts for both."""
    counts: dict[str, int] = {}
    grouped = samples_of(dataset.pk).order_by().values("labels").annotate(number=Count("pk"))
    for row in grouped:
        for label in row["labels"] or [""]:
            counts[label] = counts.get(label, 0) + row["number"]
    return dict(sorted(counts.items()))


def algorithms_of(user: Asker, *, project: object | None = None, search: str = "") -> QuerySet[Algorithm]:
    rows: QuerySet[Algorithm] = Algorithm.objects.for_user(user).select_related("created_by")
    if project is not None:
        rows = rows.filter(project_id=project)
    for word in search.split():
        rows = rows.filter(Q(algorithm_id__icontains=word) | Q(title__icontains=word) | Q(description__icontains=word))
    return rows


def algorithms_named(*, project: Project, names: Iterable[NamedAlgorithm]) -> dict[NamedAlgorithm, Algorithm]:
    """Those of them that the project has, in one query."""
    wanted = {(each.id, each.version): each for each in names}
    rows = Algorithm.objects.filter(project=project, algorithm_id__in={key for key, _ in wanted}) if wanted else ()
    return {wanted[row.algorithm_id, row.version]: row for row in rows if (row.algorithm_id, row.version) in wanted}


def algorithm_unknown(*, project: Project, name: NamedAlgorithm, path: str = "") -> Problem:
    rows = Algorithm.objects.filter(project=project).order_by("algorithm_id", "version")
    known = ", ".join(f"{each.algorithm_id} {each.version}".strip() for each in rows[:MOST_NAMED])
    return problem("asset.algorithm_unknown", path, algorithm=str(name), known=known or "none is registered")


def images_of(user: Asker, *, project: object | None = None, search: str = "") -> QuerySet[Image]:
    rows: QuerySet[Image] = Image.objects.for_user(user).select_related("created_by")
    if project is not None:
        rows = rows.filter(project_id=project)
    for word in search.split():
        rows = rows.filter(Q(name__icontains=word) | Q(reference__icontains=word) | Q(description__icontains=word))
    return rows


def images_named(*, project: Project, names: Iterable[str]) -> dict[str, Image]:
    """Those of them that the project has, in one query."""
    wanted = set(names)
    return {row.name: row for row in Image.objects.filter(project=project, name__in=wanted)} if wanted else {}


def image_unknown(*, project: Project, name: str, path: str = "") -> Problem:
    """With the names that are most like it first."""
    names = list(Image.objects.filter(project=project).order_by("name").values_list("name", flat=True))
    alike = get_close_matches(name, names, n=3)
    listed = [*alike, *(each for each in names if each not in alike)]
    known = ", ".join(listed[:MOST_NAMED])
    return problem("asset.image_unknown", path, image=name, known=known or "none is registered")


def engine_by_id(engine_id: str) -> Engine:
    """By its key, or as “name-version”, which is how lists of engines call them."""
    for row in Engine.objects.order_by("name", "version"):
        if engine_id in (str(row.pk), f"{row.name}-{row.version}"):
            engine: Engine = row
            return engine
    return engine_get(name=engine_id)


def engine_get(*, name: str, version: str | None = None) -> Engine:
    named = Engine.objects.filter(name=name)
    found = (named.filter(version=version) if version else named).order_by("-created_at").first()
    if found is None:
        known = ", ".join(f"{each.name} {each.version}" for each in Engine.objects.order_by("name", "version"))
        raise ProductError.of(
            problem("asset.engine_unknown", name=name, version=version or "any", known=known or "none is registered")
        )
    engine: Engine = found
    return engine


def flavors_usable(user: Asker | None = None) -> QuerySet[Flavor]:
    """What a living host offers, and what an administrator declared."""
    rows: QuerySet[Flavor] = Flavor.objects.all() if user is None else Flavor.objects.for_user(user)
    return rows.filter(Q(declared=True) | Q(offers__isnull=False)).distinct()


def flavors_resources() -> dict[str, Mapping[str, Any]]:
    """Flavor id → what it stands for, in the words of the domain's Resources."""
    return {
        each.flavor_id: {
            "cpu": each.cpu,
            "memory_mb": each.memory_mb,
            "gpus": each.gpus,
            "gpu_type": each.gpu_type,
            "pool": each.pool,
        }
        for each in flavors_usable()
    }


def _searched(rows: QuerySet[Any], project: object | None, search: str) -> QuerySet[Any]:
    if project is not None:
        rows = rows.filter(project_id=project)
    for word in search.split():
        rows = rows.filter(Q(name__icontains=word) | Q(description__icontains=word))
    return rows


def datasets_of(user: Asker, *, project: object | None = None, search: str = "") -> QuerySet[Dataset]:
    samples = SampleBatch.objects.seen().filter(dataset=OuterRef("pk")).order_by().values("dataset")
    versions = DatasetVersion.objects.seen().filter(dataset=OuterRef("pk"))
    rows = Dataset.objects.for_user(user).annotate(
        sample_count=Coalesce(Subquery(samples.annotate(found=Sum("count")).values("found")), 0),
        version_count=_counted(versions, "dataset"),
        newest_version=Subquery(versions.order_by("-committed_at", "-pk").values("name")[:1]),
    )
    return _searched(rows, project, search)


def _counted(rows: QuerySet[Any], of: str) -> Coalesce:
    """How many there are of each: a query of its own, so that two counts do not multiply."""
    return Coalesce(Subquery(rows.order_by().values(of).annotate(found=Count("pk")).values("found")), 0)


def models_of(user: Asker, *, project: object | None = None, search: str = "") -> QuerySet[RegisteredModel]:
    versions = ModelVersion.objects.seen().filter(model=OuterRef("pk"))
    newest = versions.order_by("-committed_at", "-pk")
    rows = RegisteredModel.objects.for_user(user).annotate(
        version_count=_counted(versions, "model"),
        newest_version=Subquery(newest.values("version")[:1]),
        newest_at=Subquery(newest.values("committed_at")[:1]),
    )
    return _searched(rows, project, search)


def model_versions_of(user: Asker, model: RegisteredModel) -> QuerySet[ModelVersion]:
    rows: QuerySet[ModelVersion] = ModelVersion.objects.for_user(user).filter(model=model)
    return rows


def model_version_find(*, project: Project, name: str, version: str) -> ModelVersion | None:
    found: ModelVersion | None = (
        ModelVersion.objects.seen().filter(model__project=project, model__name=name, version=version).first()
    )
    return found


def samples_of(dataset_id: UUID) -> QuerySet[Sample]:
    rows: QuerySet[Sample] = Sample.objects.seen().filter(dataset_id=dataset_id).order_by("path", "pk")
    return rows
