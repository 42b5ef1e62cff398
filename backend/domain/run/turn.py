"""One call of `decide` while it is being worked out: the draft, and what has been said and ordered so far."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from backend.domain.problems import Problem, problem
from backend.domain.run.commands import Command
from backend.domain.run.draft import Draft
from backend.domain.run.edits import planned_now
from backend.domain.run.events import Event, EventType
from backend.domain.run.fold import fold_into
from backend.domain.run.plan import Plan, PlannedStep
from backend.domain.run.snapshot import RunSnapshot, StepSnapshot
from backend.domain.run.states import StepState

Json = Mapping[str, Any]


class Stale:
    """The input speaks for something that is over: nothing happens, and nobody is at fault."""


STALE: Final = Stale()
Answer = Problem | Stale | None
"""What a rule returns: why it refuses, that the input is stale, or nothing."""


class Turn:
    """`emit` is the only way to change anything. `queue` holds steps that may be able to go on: with a reason, the
    step is to be skipped for it; without, all its parents are done and it is to be looked at."""

    __slots__ = ("commands", "draft", "events", "now", "plan", "queue")

    def __init__(self, plan: Plan, snapshot: RunSnapshot, now: datetime) -> None:
        self.plan = plan
        self.now = now
        self.draft = Draft(plan, snapshot)
        self.events: list[Event] = []
        self.commands: list[Command] = []
        self.queue: deque[tuple[str, Json | None]] = deque()

    def step(self, name: str) -> StepSnapshot:
        return self.draft.step(name)

    def planned(self, name: str) -> PlannedStep:
        """With what people changed of it in this run."""
        return planned_now(self.plan, name, self.step(name))

    def floats_of(self, name: str) -> Mapping[str, Mapping[str, float]]:
        return self.step(name).floats if self.draft.has(name) else {}

    def emit(self, kind: EventType, step: str | None = None, **data: Any) -> None:
        event = Event(kind, self.now, step, data)
        fold_into(self.draft, event)
        self.events.append(event)

    def order(self, command: Command) -> None:
        self.commands.append(command)

    def finish_step(self, name: str, state: StepState, reason: Json | None = None, **data: Any) -> None:
        """`data` says which attempt ended, if one did, and the branch of a condition."""
        self.emit(EventType.STEP_FINISHED, name, state=state.value, reason=reason, **data)
        if state is StepState.COMPLETED:
            self.wake_children(name)

    def reuse(self, name: str, **data: Any) -> None:
        self.emit(EventType.STEP_REUSED, name, **data)
        self.wake_children(name)

    def skip(self, name: str, reason: Json) -> None:
        self.emit(EventType.STEP_SKIPPED, name, reason=reason)
        self.wake_children(name)

    def wake_children(self, name: str) -> None:
        for child in self.plan.steps[name].children:
            if self.draft.open_parents(child) == 0:
                self.queue.append((child, None))


def because(code: str, **params: Any) -> Json:
    """A reason in its stored form."""
    return as_reason(problem(code, **params))


def as_reason(found: Problem) -> Json:
    return {"code": found.code, "params": found.params, "message": found.message, "hint": found.hint}
