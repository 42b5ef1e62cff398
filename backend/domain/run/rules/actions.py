"""What people ask of a run: start, stop, retry, continue."""

from __future__ import annotations

from collections.abc import Iterable

from backend.domain.problems import problem
from backend.domain.run.commands import CancelAttempt
from backend.domain.run.edits import edited_by
from backend.domain.run.events import EventType
from backend.domain.run.inputs import ContinueStep, RetryStep, StartRun, StopRun, StopStep
from backend.domain.run.rules.attempts import end_step
from backend.domain.run.states import (
    RUN_TERMINAL,
    RUN_TRANSITIONS,
    STEP_ACTIVE,
    STEP_RETRYABLE,
    AttemptState,
    RunState,
    StepState,
)
from backend.domain.run.turn import STALE, Answer, Turn, because


def start(turn: Turn, given: StartRun) -> Answer:
    if turn.draft.fields.state is not RunState.INIT:
        return STALE
    turn.emit(EventType.RUN_STARTED, by=given.by)
    turn.queue.extend((name, None) for name in turn.plan.roots)
    return None


def stop_run(turn: Turn, given: StopRun) -> Answer:
    """Steps that never became ready stay as they are; everything else ends, at once where nothing runs yet."""
    fields = turn.draft.fields
    if fields.state in RUN_TERMINAL:
        return problem("run.already_finished", state=fields.state.value)
    if fields.stop_requested:
        return STALE
    turn.emit(EventType.RUN_STOP_REQUESTED, by=given.by)
    for name in sorted(turn.draft.active(), key=turn.plan.position.__getitem__):
        _stop(turn, name, given.by)
    return None


def stop_step(turn: Turn, given: StopStep) -> Answer:
    if not turn.draft.has(given.step):
        return problem("run.unknown_step", step=given.step)
    state = turn.step(given.step).state
    if state is StepState.STOPPING:
        return STALE
    if state not in STEP_ACTIVE:
        return problem("run.step_not_stoppable", step=given.step, state=state.value)
    _stop(turn, given.step, given.by)
    return None


def _stop(turn: Turn, name: str, by: str | None) -> None:
    """Only where a process may run is there anything to wait for."""
    step = turn.step(name)
    reason = because("run.stopped_by_user", by=by)
    if step.state is StepState.RUNNING and step.token is not None:
        turn.emit(EventType.STEP_STOP_REQUESTED, name, token=step.token, by=by, reason=reason)
        turn.order(CancelAttempt(step.token))
    elif step.state is not StepState.STOPPING:
        end_step(turn, name, StepState.STOPPED, reason, AttemptState.CANCELLED)


def retry_step(turn: Turn, given: RetryStep) -> Answer:
    """In the same run, with a new attempt. It is looked at anew, so conditions and delayed values count again."""
    if not turn.draft.has(given.step):
        return problem("run.unknown_step", step=given.step)
    fields = turn.draft.fields
    if (fields.state, EventType.STEP_RETRIED) not in RUN_TRANSITIONS:
        code = "run.nothing_to_retry" if fields.state in RUN_TERMINAL else "run.not_started"
        return problem(code, state=fields.state.value)
    if fields.stop_requested and fields.state not in RUN_TERMINAL:
        return problem("run.being_stopped")
    state = turn.step(given.step).state
    if state not in STEP_RETRYABLE:
        return problem("run.step_not_retryable", step=given.step, state=state.value)
    edited = edited_by(
        turn.plan.steps[given.step],
        turn.step(given.step),
        edit=given.edit,
        values={name: (fields.values.get(name), value) for name, value in given.values.items()},
        name=given.name,
    )
    told = {} if edited is None else {"edited": edited}
    turn.emit(EventType.STEP_RETRIED, given.step, values=dict(given.values), by=given.by, **told)
    turn.queue.append((given.step, None))
    _release_waiting(turn, given)
    return None


def continue_step(turn: Turn, given: ContinueStep) -> Answer:
    if not turn.draft.has(given.step):
        return problem("run.unknown_step", step=given.step)
    step = turn.step(given.step)
    if step.state is not StepState.WAIT_INPUTS:
        return problem("run.step_not_waiting", step=given.step, state=step.state.value)
    foreign = _listed(name for name in given.values if name not in turn.planned(given.step).awaits)
    if foreign:
        return problem("run.values_not_awaited", step=given.step, names=foreign)
    known = turn.draft.fields.values.keys() | given.values.keys()
    missing = _listed(name for name in step.awaits if name not in known)
    if missing:
        return problem("run.values_missing", step=given.step, names=missing)
    turn.emit(EventType.STEP_CONTINUED, given.step, values=dict(given.values), by=given.by, name=given.name)
    turn.queue.append((given.step, None))
    _release_waiting(turn, given)
    return None


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _release_waiting(turn: Turn, given: ContinueStep | RetryStep) -> None:
    """Whoever else waited for one of these values, and for nothing more, has them now too."""
    waiting = {name for value in given.values for name in turn.plan.awaited_by.get(value, ())}
    # The plan does not know what a step asks for since somebody changed it.
    waiting |= {name for name in turn.draft.active() if given.values and turn.step(name).edited is not None}
    for name in sorted(waiting, key=turn.plan.position.__getitem__):
        step = turn.step(name)
        if step.state is StepState.WAIT_INPUTS and all(value in turn.draft.fields.values for value in step.awaits):
            turn.emit(EventType.STEP_CONTINUED, name, values={}, by=given.by, name=given.name)
            turn.queue.append((name, None))
