"""Every pair of a state and an event is listed or refused, for steps, runs and attempts, and decide keeps to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from backend.domain.run.events import Event, EventType, attempt_change
from backend.domain.run.fold import IllegalEventError, fold
from backend.domain.run.inputs import (
    AssignStep,
    AttemptClaimed,
    AttemptFinished,
    AttemptLost,
    ContinueStep,
    ForceStopped,
    Input,
    RefuseStep,
    RetryStep,
    StartRun,
    StopRun,
    StopStep,
)
from backend.domain.run.machine import Decision, decide
from backend.domain.run.messages import FactFrame
from backend.domain.run.snapshot import RunFields, RunSnapshot, StepSnapshot, restore
from backend.domain.run.states import (
    ATTEMPT_TERMINAL,
    ATTEMPT_TRANSITIONS,
    RUN_TERMINAL,
    RUN_TRANSITIONS,
    STEP_LIVE,
    STEP_RESOLVED,
    STEP_RETRYABLE,
    STEP_TRANSITIONS,
    AttemptState,
    RunState,
    StepState,
)
from tests.unit.domain.run.building import NOON, condition, document, job, parameter, placeholder, plan_of
from tests.unit.domain.run.driving import through_json

TOKEN = "t1"
REASON: dict[str, Any] = {"code": "step.failed", "params": {}, "message": "It failed.", "hint": ""}
PLAN = plan_of(
    document(job("a", uses=["later"]), job("b", ["a"]), job("c"), parameters=[placeholder("later", "INT", delay=True)])
)
EVENTS_OF_RUNS = {type_ for _, type_ in RUN_TRANSITIONS} - {EventType.STEP_RETRIED}
EVENTS_OF_STEPS = {type_ for _, type_ in STEP_TRANSITIONS}
DATA: dict[str, Any] = {
    "token": TOKEN,
    "attempt": 1,
    "host": "h",
    "devices": [],
    "reason": REASON,
    "lost": 1,
    "awaits": [],
    "outputs": {},
    "floats": {},
    "values": {},
    "run": "run-0",
    "number": 1,
}


def snapshot_with(state: StepState, run: RunState = RunState.RUNNING, *, stopping: bool = False) -> RunSnapshot:
    """A run of which step "a" is in the state, with what such a step always has."""
    step = StepSnapshot(
        state=state,
        token=TOKEN if state in STEP_LIVE else None,
        host="h" if state in STEP_LIVE else None,
        attempts=1,
        awaits=("later",) if state is StepState.WAIT_INPUTS else (),
        reason=REASON if state is not StepState.INIT else None,
    )
    fields = RunFields(state=run, stop_requested=stopping, created_at=NOON)
    return restore(PLAN, run_id="run-1", seq=5, fields=fields, steps={"a": step})


def test_it_knows_every_event_in_some_table() -> None:
    assert set(EventType) == EVENTS_OF_RUNS | EVENTS_OF_STEPS
    assert set(FactFrame.model_fields["type"].annotation.__args__) == {type_.value for type_ in EventType}


@pytest.mark.parametrize("event_type", sorted(EVENTS_OF_STEPS))
@pytest.mark.parametrize("state", list(StepState))
def test_it_folds_a_step_event_only_as_listed(state: StepState, event_type: EventType) -> None:
    listed = STEP_TRANSITIONS.get((state, event_type), ())

    for named in StepState:
        snapshot = snapshot_with(state)
        says = event_type is EventType.STEP_FINISHED
        data = {**DATA, "state": named.value, "attempt": "failed"} if says else DATA
        if listed and (not says or named in listed):
            fold(PLAN, snapshot, Event(event_type, NOON, "a", data))
            assert snapshot.steps["a"].state in listed
        else:
            with pytest.raises(IllegalEventError):
                fold(PLAN, snapshot, Event(event_type, NOON, "a", data))
            assert snapshot == snapshot_with(state)


@pytest.mark.parametrize("event_type", sorted(EVENTS_OF_RUNS))
@pytest.mark.parametrize("state", list(RunState))
def test_it_folds_a_run_event_only_as_listed(state: RunState, event_type: EventType) -> None:
    listed = RUN_TRANSITIONS.get((state, event_type), ())

    for named in RunState:
        snapshot = snapshot_with(StepState.INIT, state)
        says = event_type is EventType.RUN_FINISHED
        event = Event(event_type, NOON, None, {"state": named.value} if says else {})
        if listed and (not says or named in listed):
            fold(PLAN, snapshot, event)
            assert snapshot.state in listed
        else:
            with pytest.raises(IllegalEventError):
                fold(PLAN, snapshot, event)


def test_it_leaves_terminal_states_only_by_retry() -> None:
    for (state, event_type), targets in STEP_TRANSITIONS.items():
        assert state not in STEP_RESOLVED
        assert state not in STEP_RETRYABLE or (event_type, targets) == (EventType.STEP_RETRIED, (StepState.INIT,))
    for run_state, event_type in RUN_TRANSITIONS:
        assert run_state not in RUN_TERMINAL or event_type is EventType.STEP_RETRIED
    assert not any(state in ATTEMPT_TERMINAL for state, _ in ATTEMPT_TRANSITIONS)


INPUTS: dict[str, Callable[[], Input]] = {
    "start": lambda: StartRun("me"),
    "assign": lambda: AssignStep("a", "t2", "h", ("gpu-0",)),
    "refuse": lambda: RefuseStep("a", REASON),
    "refuse the attempt": lambda: RefuseStep("a", REASON, TOKEN),
    "refuse another attempt": lambda: RefuseStep("a", REASON, "t0"),
    "claim": lambda: AttemptClaimed(TOKEN, "h"),
    "claim elsewhere": lambda: AttemptClaimed(TOKEN, "other"),
    "succeed": lambda: AttemptFinished(TOKEN, "succeeded", {"out": {}}, {"metrics": {"accuracy": 1.0}}, None, 1),
    "fail": lambda: AttemptFinished(TOKEN, "failed", reason=REASON),
    "cancel": lambda: AttemptFinished(TOKEN, "cancelled"),
    "time out": lambda: AttemptFinished(TOKEN, "timeout"),
    "lose": lambda: AttemptLost(TOKEN, REASON),
    "force": lambda: ForceStopped(TOKEN),
    "stop run": lambda: StopRun("me"),
    "stop": lambda: StopStep("a", "me"),
    "retry": lambda: RetryStep("a", {"later": 1}, "me"),
    "continue": lambda: ContinueStep("a", {"later": 1}, "me"),
    "continue with too little": lambda: ContinueStep("a", {}, "me"),
    "continue with too much": lambda: ContinueStep("a", {"later": 1, "else": 2}, "me"),
    "of a step that is not there": lambda: StopStep("nobody"),
    "of a token that is not there": lambda: AttemptFinished("t0", "succeeded"),
}


@pytest.mark.parametrize("stopping", [False, True])
@pytest.mark.parametrize("run", list(RunState))
@pytest.mark.parametrize("state", list(StepState))
@pytest.mark.parametrize("name", INPUTS)
def test_it_has_an_answer_for_every_state_and_input(name: str, state: StepState, run: RunState, stopping: bool) -> None:
    """Total: even for a run and a step whose states do not belong together."""
    snapshot = snapshot_with(state, run, stopping=stopping)

    decision = decide(PLAN, snapshot, INPUTS[name](), NOON)

    assert snapshot == snapshot_with(state, run, stopping=stopping)
    if decision.stale or decision.problem is not None:
        assert decision == Decision(stale=decision.stale, problem=decision.problem)
        return
    for event in decision.events:
        before = snapshot.steps[event.step].state if event.step else None
        fold(PLAN, snapshot, through_json(event))
        if event.step is not None and before is not None:
            assert snapshot.steps[event.step].state in STEP_TRANSITIONS[(before, event.type)]
        change = attempt_change(event)
        if change is not None and change.token == TOKEN:
            known = AttemptState.DISPATCHED if before is StepState.CREATING else AttemptState.RUNNING
            assert AttemptState(change.state) in ATTEMPT_TRANSITIONS[(known, event.type)]
    assert decision.events
    assert {name: snapshot.steps[name] for name in decision.steps} == decision.steps
    assert snapshot.fields == (decision.run or snapshot.fields)


@pytest.mark.parametrize("state", list(StepState))
@pytest.mark.parametrize("name", INPUTS)
def test_it_begins_nothing_in_a_run_that_is_being_stopped(name: str, state: StepState) -> None:
    decision = decide(PLAN, snapshot_with(state, stopping=True), INPUTS[name](), NOON)

    assert not {event.type for event in decision.events} & {EventType.STEP_READY, EventType.STEP_DISPATCHED}


def test_it_reads_conditions_of_any_operands_without_raising() -> None:
    odd: list[Any] = [None, "", "x", 0, -1.5, True, [], [1, [2]], {"$literal": {"$parameter": 1}}, parameter("nowhere")]
    for kind in ("EQ", "NOT", "GT", "GTE", "LT", "LTE", "IN", "OR"):
        for left in odd:
            for right in odd:
                plan = plan_of(document(job("a", skip=[condition(kind, left, right)])))
                snapshot = restore(plan, run_id="r", seq=1, fields=RunFields(), steps={})
                decision = decide(plan, snapshot, StartRun(), NOON)
                assert decision.steps["a"].state in {StepState.PENDING, StepState.SKIPPED, StepState.FAILED}
