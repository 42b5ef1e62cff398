"""How much of the hosts a project may use at once. Taken into account from the next placement on; nothing that runs
is stopped."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from backend.apps.accounts.models import Project
from backend.apps.runs import outbox
from backend.apps.runs.models import Quota
from backend.apps.runs.services.placing import quota_usage, runs_with_a_place
from backend.apps.runs.services.work import kick
from backend.shared.db import notify


def quota_set(*, project: Project, max_jobs: int | None, max_gpus: int | None) -> None:
    """What waits and may start now is looked at by the reconciler at once."""
    with transaction.atomic():
        Quota.objects.update_or_create(project=project, defaults={"max_jobs": max_jobs, "max_gpus": max_gpus})
        notify(outbox.CHANNEL)
    kick(runs_with_a_place())


def quota_shown(*, project: Project) -> dict[str, Any]:
    row = Quota.objects.filter(project=project).first()
    jobs, gpus = quota_usage(project.pk)
    return {
        "max_jobs": row.max_jobs if row else None,
        "max_gpus": row.max_gpus if row else None,
        "jobs": jobs,
        "gpus": gpus,
    }
