"""Everything that can happen to a run, in the imperative of whoever asks or the past tense of whoever reports.

Inputs say what was asked or seen, never what follows: that is `machine.decide`. The values in `RetryStep` and
`ContinueStep` have been checked by the caller (`design.values`), and so has an edit; here only their names matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Outcome = Literal["succeeded", "failed", "cancelled", "timeout"]
Reason = Mapping[str, Any]
"""{code, params, message, hint}: why, in a form that is stored, translated and shown."""


@dataclass(frozen=True, slots=True)
class StartRun:
    by: str | None = None


@dataclass(frozen=True, slots=True)
class AssignStep:
    """Placement found a host for a pending step. `token` names the attempt that begins with it and must be fresh: it is
    what tells this attempt's messages from those of every other, past ones included."""

    step: str
    token: str
    host: str
    devices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RefuseStep:
    """The step cannot be begun: no host could ever serve it, or its order cannot be made.

    With a token the refusal holds only while that attempt is the step's current one."""

    step: str
    reason: Reason
    token: str | None = None


@dataclass(frozen=True, slots=True)
class AttemptClaimed:
    token: str
    host: str


@dataclass(frozen=True, slots=True)
class AttemptFinished:
    token: str
    outcome: Outcome
    outputs: Mapping[str, Any] = field(default_factory=dict)
    floats: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    reason: Reason | None = None
    files: int = 0


@dataclass(frozen=True, slots=True)
class AttemptLost:
    token: str
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class ForceStopped:
    """The time for stopping gently is over: the attempt is given up, whatever its process does."""

    token: str
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class StopRun:
    by: str | None = None


@dataclass(frozen=True, slots=True)
class StopStep:
    step: str
    by: str | None = None


@dataclass(frozen=True, slots=True)
class RetryStep:
    """`edit` holds those of the step's parts (`edits.PARTS`) that are otherwise from now on, each as a whole."""

    step: str
    values: Mapping[str, Any] = field(default_factory=dict)
    by: str | None = None
    name: str | None = None
    """What people call whoever asked; others are told."""
    edit: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ContinueStep:
    step: str
    values: Mapping[str, Any] = field(default_factory=dict)
    by: str | None = None
    name: str | None = None


Input = (
    StartRun
    | AssignStep
    | RefuseStep
    | AttemptClaimed
    | AttemptFinished
    | AttemptLost
    | ForceStopped
    | StopRun
    | StopStep
    | RetryStep
    | ContinueStep
)
