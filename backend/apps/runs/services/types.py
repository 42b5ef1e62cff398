"""What the services answer with: small values, no rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from backend.domain.run.resources import Resources


@dataclass(frozen=True, slots=True)
class Applied:
    """What one input did to one run: nothing (refused or stale), or the events up to `seq`."""

    run_id: UUID
    seq: int
    state: str
    events: tuple[Any, ...] = ()
    stale: bool = False
    dispatched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Beat:
    """The answer to a heartbeat. Not alive means fenced: kill the step and write nothing more."""

    alive: bool
    cancel_requested: bool
    fence_seconds: float
    lease_seconds: float


@dataclass(frozen=True, slots=True)
class MetricsUpdate:
    """One change of one metrics file. `value` is the whole normalised file, None when only `problem` changed."""

    output: str
    path: str
    value: list[dict[str, Any]] | None = None
    delta: Any = None
    problem: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class HostAttempt:
    """One live attempt of a host, for its janitor."""

    token: str
    boot_id: str
    state: str
    pid: int | None = None
    pid_start: int | None = None


@dataclass(frozen=True, slots=True)
class Assigned:
    """A place for one of this run's steps."""

    step: str
    host: str
    devices: tuple[str, ...]
    queue: str
    resources: Resources
