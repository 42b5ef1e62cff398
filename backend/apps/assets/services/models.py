"""Registered models: a name, versions x.y.z, and the lineage of each."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from backend.apps.accounts.models import Project
from backend.apps.assets.models import ModelVersion, RegisteredModel
from backend.apps.assets.selectors import model_version_find
from backend.apps.assets.services.folders import relative_to_home
from backend.domain.problems import problem
from backend.shared.clock import now
from backend.shared.errors import ProductError

_NAME = re.compile(r"[\w-]{1,64}")
_VERSION = re.compile(r"(0|[1-9]\d?)\.(0|[1-9]\d?)\.(0|[1-9]\d?)")
_TOP = 99


def model_version_stage(
    *,
    project: Project,
    token: UUID | None,
    name: str,
    model_type: str,
    folder: str | Path,
    version: str | None = None,
    files: Iterable[Mapping[str, Any]] = (),
    config: Mapping[str, Any] | None = None,
    runtime: str = "",
    description: str = "",
    lineage: Mapping[str, Any] | None = None,
    key: UUID | None = None,
) -> UUID:
    """A version that nobody sees yet. Without a number the next one is taken at the commit."""
    if not _NAME.fullmatch(name):
        raise ProductError.of(problem("asset.model_name", name=name))
    if version and not _VERSION.fullmatch(version):
        raise ProductError.of(problem("asset.model_version_form", version=version))
    if version and model_version_find(project=project, name=name, version=version):
        raise _taken(name, version)
    model, _ = RegisteredModel.objects.get_or_create(project=project, name=name, defaults={"description": description})
    given = {} if key is None else {"id": key}
    made = ModelVersion.objects.create(
        model=model,
        token=token,
        version=version or "",
        model_type=model_type,
        folder=relative_to_home(folder),
        files=[dict(each) for each in files],
        config=dict(config or {}),
        runtime=runtime,
        description=description,
        lineage=dict(lineage or {}),
        **given,
    )
    staged: UUID = made.pk
    return staged


@transaction.atomic
def model_version_commit(*, staged: UUID) -> ModelVersion:
    """Number the version and show it; settled under the model's lock, so two never share a number."""
    row: ModelVersion = ModelVersion.objects.select_related("model").get(pk=staged)
    if row.committed_at is not None:
        return row
    model = RegisteredModel.objects.select_for_update().get(pk=row.model_id)
    others = ModelVersion.objects.seen().filter(model=model)
    if row.version and others.filter(version=row.version).exists():
        raise _taken(model.name, row.version)
    newest = others.order_by("-major", "-minor", "-patch").values_list("major", "minor", "patch").first()
    row.major, row.minor, row.patch = _numbers(row.version) if row.version else _following(newest, model.name)
    row.version = f"{row.major}.{row.minor}.{row.patch}"
    row.committed_at = now()
    row.save(update_fields=["version", "major", "minor", "patch", "committed_at"])
    if model.committed_at is None:
        RegisteredModel.objects.filter(pk=model.pk).update(committed_at=row.committed_at)
    return row


def _numbers(version: str) -> tuple[int, int, int]:
    major, minor, patch = (int(part) for part in version.split("."))
    return major, minor, patch


def _following(newest: tuple[int, int, int] | None, name: str) -> tuple[int, int, int]:
    major, minor, patch = newest or (0, 0, 0)
    if patch < _TOP:
        return major, minor, patch + 1
    if minor < _TOP:
        return major, minor + 1, 0
    if major < _TOP:
        return major + 1, 0, 0
    raise ProductError.of(problem("asset.model_versions_used_up", model=name))


def _taken(name: str, version: str) -> ProductError:
    return ProductError.of(problem("asset.model_version_exists", model=name, version=version), status=409)
