"""What the outside has to do because of a decision. Losing one is repaired from the stored state."""

from __future__ import annotations

from dataclasses import dataclass

from backend.domain.run.resources import Resources
from backend.domain.run.states import RunState


@dataclass(frozen=True, slots=True)
class QueueStep:
    """The step is pending: find it a place, then send AssignStep or RefuseStep."""

    step: str
    resources: Resources


@dataclass(frozen=True, slots=True)
class BeginRun:
    """The step is a run of another workflow: no host has to be found, so send AssignStep with an empty host, and make
    that run; its end is the attempt's end."""

    step: str


@dataclass(frozen=True, slots=True)
class DispatchAttempt:
    step: str
    token: str
    number: int
    host: str
    devices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CancelAttempt:
    """A process of this attempt may be running: ask it to end."""

    token: str


@dataclass(frozen=True, slots=True)
class ReleaseAttempt:
    """The attempt is over for the run: what it held may be given to others once its process is gone."""

    token: str


@dataclass(frozen=True, slots=True)
class FinishRun:
    state: RunState


Command = QueueStep | BeginRun | DispatchAttempt | CancelAttempt | ReleaseAttempt | FinishRun
