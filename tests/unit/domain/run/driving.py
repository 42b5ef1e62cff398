"""Drives a run as the database would, and holds every decision to what it promises.

Whatever a test is about, each input it gives also proves: a refusal changes nothing; the events, once they went
through JSON, fold to the very state that was decided; the indexes kept on the way equal those built from scratch; and
only listed transitions happen.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from backend.domain.run.commands import Command
from backend.domain.run.events import Event, EventType, attempt_change, event_as_json, event_from_json
from backend.domain.run.inputs import AssignStep, AttemptClaimed, AttemptFinished, ContinueStep, Input, StartRun
from backend.domain.run.machine import Decision, create, decide, fold, replay
from backend.domain.run.plan import Plan
from backend.domain.run.snapshot import RunSnapshot, StepSnapshot, restore
from backend.domain.run.states import (
    ATTEMPT_LIVE,
    ATTEMPT_TRANSITIONS,
    RUN_TRANSITIONS,
    STEP_TRANSITIONS,
    AttemptState,
    StepState,
)
from tests.unit.domain.run.building import NOON

HOST = "host-a"


def through_json(event: Event) -> Event:
    return event_from_json(json.loads(json.dumps(event_as_json(event))))


@dataclass
class Driver:
    plan: Plan
    now: datetime = NOON
    events: list[Event] = field(default_factory=list)
    inputs: list[Input] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    attempts: dict[str, AttemptState] = field(default_factory=dict)
    """Every attempt that ever was, by token: a record of our own, kept from the events alone."""
    step_of: dict[str, str] = field(default_factory=dict)

    walked: set[tuple[StepState, EventType, StepState]] = field(default_factory=set)
    """Transitions of steps that have really happened."""

    def __post_init__(self) -> None:
        self.snapshot, created = create(self.plan, run_id="run-1", now=self.now)
        self.events.append(through_json(created))

    # -- asking ------------------------------------------------------------------------------------------------------

    def step(self, name: str) -> StepSnapshot:
        return self.snapshot.steps[name]

    def states(self) -> dict[str, str]:
        return {name: step.state.value for name, step in self.snapshot.steps.items()}

    def code(self, name: str) -> str | None:
        reason = self.step(name).reason
        return None if reason is None else str(reason["code"])

    def types(self, step: str | None = None) -> list[str]:
        return [event.type.value for event in self.events if step is None or event.step == step]

    def in_state(self, *states: StepState) -> list[str]:
        return [name for name, step in self.snapshot.steps.items() if step.state in states]

    # -- driving -----------------------------------------------------------------------------------------------------

    def give(self, given: Input) -> Decision:
        before = dict(self.snapshot.steps)
        fields, seq = self.snapshot.fields, self.snapshot.seq
        decision = decide(self.plan, self.snapshot, given, self.now)
        assert self.snapshot.steps == before
        assert (self.snapshot.fields, self.snapshot.seq) == (fields, seq)
        self.inputs.append(given)
        if decision.stale or decision.problem is not None:
            assert decision == Decision(stale=decision.stale, problem=decision.problem)
            return decision
        for event in decision.events:
            self._fold(through_json(event))
        self.commands.extend(decision.commands)
        self._compare(decision, before, fields)
        return decision

    def must(self, given: Input) -> Decision:
        decision = self.give(given)
        assert decision.problem is None, decision.problem
        assert not decision.stale, given
        return decision

    def start(self) -> Decision:
        return self.must(StartRun())

    def assign(self, step: str) -> str:
        token = f"{step}#{self.step(step).attempts + 1}"
        self.must(AssignStep(step, token, HOST))
        return token

    def begin(self, step: str) -> str:
        """Assign the step and claim its attempt."""
        token = self.assign(step)
        self.must(AttemptClaimed(token, HOST))
        return token

    def finish(self, step: str, outcome: Any = "succeeded", **floats: float) -> Decision:
        token = self.step(step).token or self.begin(step)
        return self.must(finished(token, outcome, **floats))

    def run_all(self, *steps: str) -> None:
        for step in steps:
            self.finish(step)

    def drain(self) -> None:
        """Let everything that can go on do so, as when all faults have stopped."""
        for _ in range(20 * len(self.plan.order) + 5):
            if not self._one_step_on():
                return
        raise AssertionError(f"the run does not come to an end: {self.states()}")

    def _one_step_on(self) -> bool:
        for name, step in self.snapshot.steps.items():
            if step.state is StepState.WAIT_INPUTS:
                self.must(ContinueStep(name, dict.fromkeys(step.awaits, 1)))
            elif step.state is StepState.PENDING:
                self.assign(name)
            elif step.state is StepState.CREATING:
                self.must(AttemptClaimed(str(step.token), str(step.host)))
            elif step.state in {StepState.RUNNING, StepState.STOPPING}:
                self.must(finished(str(step.token), "succeeded", accuracy=0.9))
            else:
                continue
            return True
        return False

    def tick(self, seconds: float = 1) -> None:
        self.now += timedelta(seconds=seconds)

    # -- proving -----------------------------------------------------------------------------------------------------

    def _fold(self, event: Event) -> None:
        before_run = self.snapshot.state
        before = self.snapshot.steps[event.step].state if event.step else None
        fold(self.plan, self.snapshot, event)
        self.events.append(event)
        assert self.snapshot.seq == len(self.events)
        if event.step is not None and before is not None:
            after = self.snapshot.steps[event.step].state
            assert after in STEP_TRANSITIONS[(before, event.type)]
            self.walked.add((before, event.type, after))
        if event.step is None or event.type is EventType.STEP_RETRIED:
            assert self.snapshot.state in RUN_TRANSITIONS[(before_run, event.type)]
        else:
            assert self.snapshot.state is before_run
        self._note_attempt(event)

    def _note_attempt(self, event: Event) -> None:
        change = attempt_change(event)
        if change is None:
            return
        assert event.step is not None
        if event.type is EventType.STEP_DISPATCHED:
            assert self.live_attempts(event.step) == []
            self.step_of[change.token] = event.step
        known = self.attempts.get(change.token)
        state = AttemptState(change.state)
        assert state in ATTEMPT_TRANSITIONS[(known, event.type)]
        self.attempts[change.token] = state

    def live_attempts(self, step: str) -> list[str]:
        return [
            token for token, state in self.attempts.items() if self.step_of[token] == step and state in ATTEMPT_LIVE
        ]

    def _compare(self, decision: Decision, before: dict[str, StepSnapshot], fields: Any) -> None:
        for name, step in self.snapshot.steps.items():
            assert step == decision.steps.get(name, before[name])
        assert self.snapshot.fields == (decision.run or fields)
        fresh = restore(
            self.plan,
            run_id=self.snapshot.run_id,
            seq=self.snapshot.seq,
            fields=self.snapshot.fields,
            steps=self.snapshot.steps,
        )
        assert indexes(fresh) == indexes(self.snapshot)

    def assert_replayable(self) -> None:
        assert replay(self.plan, self.events) == self.snapshot


def indexes(snapshot: RunSnapshot) -> tuple[Any, ...]:
    counts = {state: count for state, count in snapshot.counts.items() if count}
    return snapshot.open_parents, snapshot.tokens, snapshot.active, counts


def finished(token: str, outcome: Any = "succeeded", **floats: float) -> AttemptFinished:
    """An outcome whose output says which attempt made it."""
    if outcome != "succeeded":
        return AttemptFinished(token, outcome)
    return AttemptFinished(token, outcome, outputs={"out": {"by": token}}, floats={"metrics": floats}, files=1)


def driver(plan: Plan, inputs: Iterable[Input] = ()) -> Driver:
    made = Driver(plan)
    for given in inputs:
        made.give(given)
    return made
