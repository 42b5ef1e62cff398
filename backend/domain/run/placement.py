"""Which waiting steps go to which hosts now, and why the others wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from backend.domain.run.resources import Resources


@dataclass(frozen=True, slots=True)
class Waiting:
    key: str
    resources: Resources
    since: datetime
    project: str
    priority: int = 0


@dataclass(frozen=True, slots=True)
class FreeGpu:
    uuid: str
    type: str | None = None


@dataclass(frozen=True, slots=True)
class HostCapacity:
    """What a host has (totals) and what of it is free now. A declared host may be dead: it is known but not usable."""

    name: str
    free_cpu: float
    free_memory_mb: int
    free_gpus: tuple[FreeGpu, ...] = ()
    pools: frozenset[str] = frozenset()
    alive: bool = True
    cpu: float | None = None
    """Totals; None means: the same as what is free."""
    memory_mb: int | None = None
    gpus: tuple[FreeGpu, ...] | None = None


@dataclass(frozen=True, slots=True)
class Quota:
    """What a project may use at once, and what its running attempts use already. None: no limit."""

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
    code: str
    params: Mapping[str, Any]
    message: str
    hint: str
    position: int
    """1 is next in line."""
    impossible: bool = False
    """No host, alive or declared, could ever serve it: RefuseStep."""


@dataclass(frozen=True, slots=True)
class Placement:
    assignments: tuple[Assignment, ...] = ()
    reasons: Mapping[str, Reason] = field(default_factory=dict)


def placement(waiting: Sequence[Waiting], hosts: Sequence[HostCapacity], quotas: Mapping[str, Quota]) -> Placement: ...
