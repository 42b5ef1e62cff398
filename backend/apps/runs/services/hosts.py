"""Worker hosts: what they offer, and that they are still there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from backend.apps.assets.services import flavors_sync
from backend.apps.runs.models import LIVE_ATTEMPT_STATES, Attempt, WorkerHost
from backend.apps.runs.services.placing import runs_with_a_place
from backend.apps.runs.services.types import HostAttempt
from backend.apps.runs.services.work import kick
from backend.shared.db import db_now


def host_register(
    *,
    name: str,
    boot_id: str,
    queue: str,
    cpu: float,
    memory_mb: int,
    gpus: Iterable[Mapping[str, Any]] = (),
    isolation: str = "",
    version: str = "",
    pools: Iterable[str] = (),
) -> None:
    """A host comes, or comes back with other capacity. What waits for such a host is dispatched at once."""
    cards = [dict(each) for each in gpus]
    with transaction.atomic():
        now = db_now()
        offer = {
            "boot_id": boot_id,
            "queue": queue,
            "cpu": cpu,
            "memory_mb": memory_mb,
            "gpus": cards,
            "pools": sorted(pools),
            "isolation": isolation,
            "version": version,
            "online": True,
            "registered_at": now,
            "heartbeat_at": now,
        }
        WorkerHost.objects.update_or_create(name=name, defaults=offer)
        flavors_sync(host=name, cpu=cpu, memory_mb=memory_mb, gpus=cards, pools=offer["pools"])
    kick(runs_with_a_place())


def host_heartbeat(*, name: str) -> bool:
    """Still there. False: nobody knows this host (any more); register again."""
    return bool(WorkerHost.objects.filter(name=name).update(heartbeat_at=Now(), online=True))


def host_leaves(*, name: str) -> None:
    """An ordered goodbye: nothing new is sent there; what it still runs is finished or found lost as always."""
    WorkerHost.objects.filter(name=name).update(online=False)


def host_attempts(*, name: str) -> list[HostAttempt]:
    """What the database believes to be alive on the host; everything else there is an orphan."""
    rows = Attempt.objects.filter(host=name, state__in=LIVE_ATTEMPT_STATES).order_by("dispatched_at")
    return [HostAttempt(str(row.pk), row.boot_id, row.state, row.pid, row.pid_start) for row in rows]
