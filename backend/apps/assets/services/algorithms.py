"""Algorithms: registered under the id by which jobs name them, and never changed."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from backend.apps.accounts.models import Project, User
from backend.apps.assets.models import Algorithm
from backend.domain.design.check import check
from backend.domain.problems import Problem, problem
from backend.shared.errors import ConflictError, refuse

_PLACE = "/steps/0/properties/algorithm"


@transaction.atomic
def algorithm_register(
    *,
    project: Project,
    user: User | None,
    algorithm_id: str,
    definition: Mapping[str, Any],
    version: str = "",
    title: str = "",
    description: str = "",
) -> tuple[Algorithm, bool]:
    """The algorithm, and whether it is new. Once more it gets the words that are given; what it runs never changes."""
    refuse(_problems(definition))
    row, made = Algorithm.objects.get_or_create(
        project=project,
        algorithm_id=algorithm_id,
        version=version,
        defaults={
            "definition": dict(definition),
            "title": title,
            "description": description,
            "created_by": user,
        },
    )
    if not made and row.definition != definition:
        name = f"{algorithm_id} {version}".strip()
        raise ConflictError(problem("asset.algorithm_exists", "/algorithm_id", algorithm=name))
    if not made and (title or description):
        row.title, row.description = title or row.title, description or row.description
        row.save(update_fields=["title", "description"])
    return row, made


def algorithm_delete(*, algorithm: Algorithm) -> None:
    algorithm.delete()


def _problems(definition: Mapping[str, Any]) -> list[Problem]:
    """What a job with this algorithm would be told, at the places of the definition."""
    step = {"id": "s1", "name": "job", "kind": "job", "properties": {"algorithm": dict(definition)}}
    found = check({"schema": 1, "name": "algorithm", "steps": [step]})
    named = [key for key in ("subscription_id", "item_version_id", "algorithm_id") if key in definition]
    own = [problem("document.algorithm_mixed", f"/definition/{key}", one=key, other="definition") for key in named]
    return own + [
        problem(each.code, f"/definition{each.path.removeprefix(_PLACE)}", **each.params)
        for each in found
        if each.path.startswith(_PLACE)
    ]
