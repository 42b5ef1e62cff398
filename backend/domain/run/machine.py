"""The one place that says what follows from what happens to a run: pure, total, and as cheap as what changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from backend.domain.problems import Problem
from backend.domain.run import inputs
from backend.domain.run.commands import Command
from backend.domain.run.events import Event, EventType
from backend.domain.run.fold import begin, fold, replay
from backend.domain.run.inputs import Input
from backend.domain.run.plan import Plan
from backend.domain.run.rules import actions, attempts
from backend.domain.run.rules.ending import finish_if_drained
from backend.domain.run.rules.readiness import settle
from backend.domain.run.snapshot import NOTHING, RunFields, RunSnapshot, StepSnapshot
from backend.domain.run.turn import Answer, Stale, Turn

__all__ = ["Decision", "create", "decide", "fold", "replay"]


@dataclass(frozen=True, slots=True)
class Decision:
    """`steps` and `run` hold what changed and only that. A problem or `stale` means that nothing did."""

    events: tuple[Event, ...] = ()
    steps: Mapping[str, StepSnapshot] = field(default_factory=dict)
    run: RunFields | None = None
    commands: tuple[Command, ...] = ()
    problem: Problem | None = None
    stale: bool = False


def create(plan: Plan, *, run_id: str, now: datetime, data: Mapping[str, Any] = NOTHING) -> tuple[RunSnapshot, Event]:
    """A new run with its first event. `data` is told in that event and means nothing to the machine."""
    event = Event(EventType.RUN_CREATED, now, None, {**data, "run": run_id, "values": dict(plan.values)})
    return begin(plan, event), event


def decide(plan: Plan, snapshot: RunSnapshot, given: Input, now: datetime) -> Decision:
    """What follows from the input. The snapshot is not changed: fold the events to change it."""
    turn = Turn(plan, snapshot, now)
    answer = _RULES[type(given)](turn, given)
    if isinstance(answer, Stale):
        return Decision(stale=True)
    if answer is not None:
        return Decision(problem=answer)
    settle(turn)
    finish_if_drained(turn)
    run = turn.draft.fields
    return Decision(
        events=tuple(turn.events),
        steps=turn.draft.steps,
        run=None if run is snapshot.fields else run,
        commands=tuple(turn.commands),
    )


_RULES: Mapping[type[Any], Callable[[Turn, Any], Answer]] = {
    inputs.StartRun: actions.start,
    inputs.StopRun: actions.stop_run,
    inputs.StopStep: actions.stop_step,
    inputs.RetryStep: actions.retry_step,
    inputs.ContinueStep: actions.continue_step,
    inputs.AssignStep: attempts.assign,
    inputs.RefuseStep: attempts.refuse,
    inputs.AttemptClaimed: attempts.claimed,
    inputs.AttemptFinished: attempts.finished,
    inputs.AttemptLost: attempts.lost,
    inputs.ForceStopped: attempts.force_stopped,
}
