"""The one place that says what follows from what happens to a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from backend.domain.problems import Problem
from backend.domain.run.commands import Command
from backend.domain.run.events import Event
from backend.domain.run.inputs import Input
from backend.domain.run.plan import Plan
from backend.domain.run.snapshot import NOTHING, RunFields, RunSnapshot, StepSnapshot


@dataclass(frozen=True, slots=True)
class Decision:
    """`steps` and `run` hold what changed and only that. A problem or `stale` means that nothing did."""

    events: tuple[Event, ...] = ()
    steps: Mapping[str, StepSnapshot] = field(default_factory=dict)
    run: RunFields | None = None
    commands: tuple[Command, ...] = ()
    problem: Problem | None = None
    stale: bool = False


def create(
    plan: Plan, *, run_id: str, now: datetime, data: Mapping[str, Any] = NOTHING
) -> tuple[RunSnapshot, Event]: ...
def decide(plan: Plan, snapshot: RunSnapshot, given: Input, now: datetime) -> Decision: ...
def fold(plan: Plan, snapshot: RunSnapshot, event: Event) -> None: ...
def replay(plan: Plan, events: Iterable[Event]) -> RunSnapshot: ...
