"""Worker hosts: what they offer, and that they are still there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.db.models.functions import Now

from backend.apps.assets.selectors import flavors_usable
from backend.apps.assets.services import flavors_sync
from backend.apps.runs.models import LIVE_ATTEMPT_STATES, Attempt, WorkerHost
from backend.apps.runs.services.placing import hosts_read, runs_with_a_place
from backend.apps.runs.services.types import HostAttempt
from backend.apps.runs.services.work import kick
from backend.domain.problems import problem
from backend.domain.run.placement import HostCapacity
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
    fences: Mapping[str, Any] | None = None,
    version: str = "",
    pools: Iterable[str] = (),
    disk_short_mb: int | None = None,
    containers: str = "",
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
            "fences": dict(fences or {}),
            "containers": containers,
            "version": version,
            "online": True,
            "disk_short_mb": disk_short_mb,
            "registered_at": now,
            "heartbeat_at": now,
        }
        WorkerHost.objects.update_or_create(name=name, defaults=offer)
        flavors_sync(host=name, cpu=cpu, memory_mb=memory_mb, gpus=cards, pools=offer["pools"])
    kick(runs_with_a_place())


def host_heartbeat(*, name: str, disk_short_mb: int | None = None) -> bool:
    """Still there. False: nobody knows this host (any more); register again. With a disk that is nearly full nothing
    new is sent there; when there is room again, the reconciler finds what waits."""
    row = WorkerHost.objects.filter(name=name)
    return bool(row.update(heartbeat_at=Now(), online=True, disk_short_mb=disk_short_mb))


def host_leaves(*, name: str) -> None:
    """An ordered goodbye: nothing new is sent there; what it still runs is finished or found lost as always."""
    WorkerHost.objects.filter(name=name).update(online=False)


def host_attempts(*, name: str) -> list[HostAttempt]:
    """What the database believes to be alive on the host; everything else there is an orphan."""
    rows = Attempt.objects.filter(host=name, state__in=LIVE_ATTEMPT_STATES).order_by("dispatched_at")
    return [HostAttempt(str(row.pk), row.boot_id, row.state, row.pid, row.pid_start) for row in rows]


def attempts_known(tokens: Iterable[str]) -> set[str]:
    """Those of which there is still a record; the others went with the run that somebody deleted."""
    return {str(token) for token in Attempt.objects.filter(pk__in=list(tokens)).values_list("pk", flat=True)}


def hosts_listed() -> list[dict[str, Any]]:
    """Every host with what it has and what of it is free now."""
    capacity = {each.name: each for each in hosts_read().capacity}
    rows = WorkerHost.objects.annotate(attempts=Count("leases")).order_by("name")
    return [_listed(row, capacity[row.name]) for row in rows if row.name in capacity]


def pools_listed() -> list[dict[str, Any]]:
    """The groups that hosts belong to: who is in them, and what steps may ask of them."""
    hosts = hosts_listed()
    flavors: dict[str, list[str]] = {}
    for row in flavors_usable().filter(pool__isnull=False).order_by("gpus", "cpu", "flavor_id"):
        flavors.setdefault(str(row.pool), []).append(row.flavor_id)
    names = sorted({*flavors, *(pool for each in hosts for pool in each["pools"])})
    return [_pool(name, [each for each in hosts if name in each["pools"]], flavors.get(name, [])) for name in names]


def _pool(name: str, hosts: list[dict[str, Any]], flavors: list[str]) -> dict[str, Any]:
    return {
        "pool_id": name,
        "online": any(each["online"] for each in hosts),
        "hosts": [each["name"] for each in hosts],
        "cpu": sum(each["cpu"] for each in hosts if each["online"]),
        "free_cpu": sum(each["free_cpu"] for each in hosts if each["online"]),
        "gpus": sum(len(each["gpus"]) for each in hosts if each["online"]),
        "free_gpus": sum(card["free"] for each in hosts if each["online"] for card in each["gpus"]),
        "flavors": flavors,
    }


def _listed(row: WorkerHost, now: HostCapacity) -> dict[str, Any]:
    free = {card.uuid for card in now.free_gpus}
    return {
        "name": row.name,
        "online": now.alive,
        "cpu": row.cpu,
        "free_cpu": now.free_cpu,
        "memory_mb": row.memory_mb,
        "free_memory_mb": now.free_memory_mb,
        "gpus": [{"uuid": each["uuid"], "type": each.get("type"), "free": each["uuid"] in free} for each in row.gpus],
        "pools": row.pools,
        "isolation": row.isolation,
        "fences": _fences(row.fences),
        "containers": row.containers,
        "version": row.version,
        "heartbeat_at": row.heartbeat_at.isoformat(),
        "attempts": row.attempts,
        "held": _held(row),
    }


def _fences(told: Mapping[str, Any]) -> dict[str, Any] | None:
    """None of a worker that does not tell."""
    if not told:
        return None
    return {
        "processes": told["processes"]["most"],
        "processes_by": told["processes"]["by"],
        "disk_mb": told["disk"]["most_mb"],
        "network": told["network"]["now"],
        "network_possible": told["network"]["possible"],
        "files": told["files"],
    }


def _held(row: WorkerHost) -> dict[str, Any] | None:
    """Why nothing new starts there, although it answers."""
    if row.disk_short_mb is None:
        return None
    said = problem("placement.host_held", free=row.disk_short_mb)
    return {"code": said.code, "params": dict(said.params), "message": said.message, "hint": said.hint}
