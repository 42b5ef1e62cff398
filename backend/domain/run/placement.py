"""Which waiting steps go to which hosts now, and why the others wait.

The rule. Steps are taken by priority, then by how long they wait. A step that fits goes to the host on which it
leaves the fewest cards idle. A step that does not fit chooses the one host, among those large enough, on which the
least is missing, and everything free there that it could use is kept for it. Later steps may pass it, but only with
what is not kept: so it starts no later than when the present occupants of its host are gone, however many small steps
come after it. The first 64 steps in line keep room like this; further back nobody plans yet.

A step that its project's quota holds back keeps no room, so a full quota never slows down other projects.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.domain.problems import problem
from backend.domain.run.resources import Resources

KEEPERS = 64
_NEVER = ("placement.impossible", "placement.no_container_engine")


@dataclass(frozen=True, slots=True)
class Waiting:
    key: str
    resources: Resources
    since: datetime
    project: str
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Gpu:
    uuid: str
    type: str | None = None


@dataclass(frozen=True, slots=True)
class HostCapacity:
    """What a host has, and what of it is free now. One that is not alive, or whose disk is nearly full, is known, but
    nothing is placed there."""

    name: str
    cpu: float
    memory_mb: int
    gpus: tuple[Gpu, ...]
    free_cpu: float
    free_memory_mb: int
    free_gpus: tuple[Gpu, ...]
    pools: frozenset[str] = frozenset()
    alive: bool = True
    disk_short_mb: int | None = None
    """How much is free on its disk, where that is too little to start anything."""
    containers: bool = False
    """Whether it can start containers."""

    @property
    def usable(self) -> bool:
        return self.alive and self.disk_short_mb is None


@dataclass(frozen=True, slots=True)
class Quota:
    """What a project may use at once, and what its attempts use already. None: no limit."""

    max_jobs: int | None = None
    max_gpus: int | None = None
    jobs: int = 0
    gpus: int = 0


@dataclass(frozen=True, slots=True)
class Assignment:
    key: str
    host: str
    devices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a step waits. `position` 1 is next in line; `impossible` means that it would wait for ever: refuse it."""

    code: str
    params: Mapping[str, Any]
    message: str
    hint: str
    position: int
    impossible: bool = False


@dataclass(frozen=True, slots=True)
class Placement:
    """Every waiting key is in exactly one of the two."""

    assignments: tuple[Assignment, ...]
    reasons: Mapping[str, Reason]


def placement(waiting: Sequence[Waiting], hosts: Sequence[HostCapacity], quotas: Mapping[str, Quota]) -> Placement:
    """Deterministic: the same steps, hosts and quotas give the same answer, whatever order they come in."""
    yard = _Yard(hosts, quotas)
    assignments: list[Assignment] = []
    reasons: dict[str, Reason] = {}
    for step in sorted(waiting, key=lambda step: (-step.priority, step.since, step.key)):
        placed = yard.place(step)
        if isinstance(placed, Assignment):
            assignments.append(placed)
        else:
            reasons[step.key] = _reason(placed, len(reasons) + 1)
    return Placement(tuple(assignments), reasons)


@dataclass(frozen=True, slots=True)
class _Why:
    code: str
    params: Mapping[str, Any]


@dataclass(slots=True)
class _Room:
    """What is left on a host: `spare` without what is kept for others, the rest for telling people the truth."""

    host: HostCapacity
    cpu: float
    memory_mb: int
    gpus: list[Gpu]
    spare_cpu: float
    spare_memory_mb: int
    spare_gpus: list[Gpu]

    def fits(self, wanted: Resources) -> bool:
        return (
            self.spare_cpu >= wanted.cpu
            and self.spare_memory_mb >= wanted.memory_mb
            and len(_matching(self.spare_gpus, wanted)) >= wanted.gpus
        )

    def take(self, wanted: Resources) -> tuple[str, ...]:
        taken = _matching(self.spare_gpus, wanted)[: wanted.gpus]
        self.cpu -= wanted.cpu
        self.memory_mb -= wanted.memory_mb
        self.gpus = _without(self.gpus, taken)
        self._set_aside(wanted, taken)
        return tuple(gpu.uuid for gpu in taken)

    def keep(self, wanted: Resources) -> None:
        self._set_aside(wanted, _matching(self.spare_gpus, wanted)[: wanted.gpus])

    def missing(self, wanted: Resources) -> tuple[float, float, float, str]:
        """How much, cards first: they are the scarcest, and held the longest."""
        return (
            max(0, wanted.gpus - len(_matching(self.spare_gpus, wanted))),
            max(0.0, wanted.memory_mb - self.spare_memory_mb) / max(1, self.host.memory_mb),
            max(0.0, wanted.cpu - self.spare_cpu) / max(1.0, self.host.cpu),
            self.host.name,
        )

    def _set_aside(self, wanted: Resources, gpus: list[Gpu]) -> None:
        self.spare_cpu = max(0.0, self.spare_cpu - wanted.cpu)
        self.spare_memory_mb = max(0, self.spare_memory_mb - wanted.memory_mb)
        self.spare_gpus = _without(self.spare_gpus, gpus)


@dataclass(slots=True)
class _Usage:
    quota: Quota
    jobs: int
    gpus: int


class _Yard:
    """All hosts and quotas while one placement is being made."""

    def __init__(self, hosts: Sequence[HostCapacity], quotas: Mapping[str, Quota]) -> None:
        self.hosts = sorted(hosts, key=lambda host: host.name)
        self.rooms = [_room(host) for host in self.hosts if host.usable]
        self.usage = {project: _Usage(quota, quota.jobs, quota.gpus) for project, quota in quotas.items()}
        self.keepers = 0
        # Room only shrinks during one placement: what was refused once needs no second look.
        self.refused: dict[Resources, _Why] = {}

    def place(self, step: Waiting) -> Assignment | _Why:
        wanted = step.resources
        return self._never(wanted) or self._over_quota(step) or self._somewhere(step)

    def _somewhere(self, step: Waiting) -> Assignment | _Why:
        wanted = step.resources
        known = self.refused.get(wanted)
        fitting = [] if known else [room for room in self.rooms if _allowed(room.host, wanted) and room.fits(wanted)]
        if fitting:
            room = min(fitting, key=lambda room: (len(room.spare_gpus), -room.spare_cpu, room.host.name))
            self._count(step)
            return Assignment(step.key, room.host.name, room.take(wanted))
        if known is None or self.keepers < KEEPERS:
            known = self.refused[wanted] = self._keep(wanted)
        return known

    def _keep(self, wanted: Resources) -> _Why:
        """Choose the host to wait for, and keep what is free there."""
        able = [room for room in self.rooms if _could_serve(room.host, wanted)]
        best = min(able, key=lambda room: room.missing(wanted))
        why = _shortage(best, wanted)
        if self.keepers < KEEPERS:
            self.keepers += 1
            best.keep(wanted)
        return why

    def _never(self, wanted: Resources) -> _Why | None:
        if any(_could_serve(room.host, wanted) for room in self.rooms):
            return None
        full = [host for host in self.hosts if host.alive and _could_serve(host, wanted)]
        if full:
            return _Why("placement.disk_full", {"host": full[0].name, "free": full[0].disk_short_mb})
        away = [host.name for host in self.hosts if _could_serve(host, wanted)]
        if away:
            return _Why("placement.host_away", {"host": ", ".join(away)})
        if not self.hosts:
            return _Why("placement.no_hosts", {})
        if wanted.container and not any(host.containers for host in self.hosts):
            return _Why("placement.no_container_engine", {})
        return _Why("placement.impossible", _needs(wanted))

    def _over_quota(self, step: Waiting) -> _Why | None:
        usage = self.usage.get(step.project)
        if usage is None:
            return None
        quota, gpus = usage.quota, step.resources.gpus
        if quota.max_jobs is not None and usage.jobs >= quota.max_jobs:
            return _Why("placement.quota_jobs", {"used": usage.jobs, "limit": quota.max_jobs})
        if quota.max_gpus is not None and gpus and usage.gpus + gpus > quota.max_gpus:
            return _Why("placement.quota_gpus", {"gpus": gpus, "used": usage.gpus, "limit": quota.max_gpus})
        return None

    def _count(self, step: Waiting) -> None:
        usage = self.usage.get(step.project)
        if usage is not None:
            usage.jobs += 1
            usage.gpus += step.resources.gpus


def _room(host: HostCapacity) -> _Room:
    gpus = list(host.free_gpus)
    cpu, memory_mb = host.free_cpu, host.free_memory_mb
    return _Room(host, cpu, memory_mb, gpus, cpu, memory_mb, gpus)


def _allowed(host: HostCapacity, wanted: Resources) -> bool:
    return (wanted.pool is None or wanted.pool in host.pools) and (host.containers or not wanted.container)


def _could_serve(host: HostCapacity, wanted: Resources) -> bool:
    """Whether the host is large enough when it is empty."""
    return (
        _allowed(host, wanted)
        and host.cpu >= wanted.cpu
        and host.memory_mb >= wanted.memory_mb
        and len(_matching(host.gpus, wanted)) >= wanted.gpus
    )


def _matching(gpus: Iterable[Gpu], wanted: Resources) -> list[Gpu]:
    return [gpu for gpu in gpus if wanted.gpu_type is None or gpu.type == wanted.gpu_type]


def _without(gpus: Iterable[Gpu], taken: list[Gpu]) -> list[Gpu]:
    gone = {gpu.uuid for gpu in taken}
    return [gpu for gpu in gpus if gpu.uuid not in gone]


def _shortage(room: _Room, wanted: Resources) -> _Why:
    """What is really not there; if nothing is, it is kept for somebody in front."""
    host = room.host.name
    free = len(_matching(room.gpus, wanted))
    if free < wanted.gpus:
        return _Why("placement.gpus_short", {**_needs(wanted), "free": free, "host": host})
    if room.memory_mb < wanted.memory_mb:
        return _Why("placement.memory_short", {**_needs(wanted), "free": room.memory_mb, "host": host})
    if room.cpu < wanted.cpu:
        return _Why("placement.cpu_short", {**_needs(wanted), "free": _count(room.cpu), "host": host})
    return _Why("placement.kept_for_earlier", {"host": host})


def _count(cores: float) -> float:
    """As people write it: 2 and not 2.0."""
    return int(cores) if cores == int(cores) else round(cores, 3)


def _needs(wanted: Resources) -> dict[str, Any]:
    return {
        "cpu": _count(wanted.cpu),
        "memory_mb": wanted.memory_mb,
        "gpus": wanted.gpus,
        "type": wanted.gpu_type or "any type",
        "pool": wanted.pool or "any pool",
    }


def _reason(why: _Why, position: int) -> Reason:
    said = problem(why.code, **why.params, position=position)
    return Reason(said.code, said.params, said.message, said.hint, position, why.code in _NEVER)
