"""What hosts report: assigned, refused, claimed, finished, lost, given up.

An attempt speaks only with its token, and only while the token is its step's current one. Anything else is an echo of
something that is over, and changes nothing: that makes every delivery safe to repeat.
"""

from __future__ import annotations

from backend.domain.problems import problem
from backend.domain.run.commands import BeginRun, DispatchAttempt, QueueStep, ReleaseAttempt
from backend.domain.run.events import EventType
from backend.domain.run.inputs import AssignStep, AttemptClaimed, AttemptFinished, AttemptLost, ForceStopped, RefuseStep
from backend.domain.run.plan import resources_of
from backend.domain.run.resources import UnknownFlavorError
from backend.domain.run.states import STEP_LIVE, AttemptState, StepState
from backend.domain.run.turn import STALE, Answer, Json, Turn, as_reason, because


def assign(turn: Turn, given: AssignStep) -> Answer:
    if not turn.draft.has(given.step):
        return problem("run.unknown_step", step=given.step)
    if turn.draft.fields.stop_requested:
        return problem("run.being_stopped")
    step = turn.step(given.step)
    if step.state is not StepState.PENDING:
        return problem("run.step_not_placeable", step=given.step, state=step.state.value)
    if turn.draft.step_of(given.token) is not None:
        return problem("run.token_in_use", token=given.token)
    number = step.attempts + 1
    turn.emit(
        EventType.STEP_DISPATCHED,
        given.step,
        token=given.token,
        attempt=number,
        host=given.host,
        devices=list(given.devices),
    )
    turn.order(DispatchAttempt(given.step, given.token, number, given.host, given.devices))
    return None


def refuse(turn: Turn, given: RefuseStep) -> Answer:
    if not turn.draft.has(given.step):
        return problem("run.unknown_step", step=given.step)
    step = turn.step(given.step)
    if given.token != step.token and given.token is not None:
        return STALE
    if step.state not in {StepState.PENDING, *STEP_LIVE} or (step.state is not StepState.PENDING and not given.token):
        return problem("run.step_not_placeable", step=given.step, state=step.state.value)
    if step.state is StepState.STOPPING:
        end_step(turn, given.step, StepState.STOPPED, step.reason, AttemptState.CANCELLED)
    else:
        reason = given.reason or because("run.cannot_begin")
        end_step(turn, given.step, StepState.CREATE_FAILED, reason, AttemptState.FAILED)
    return None


def claimed(turn: Turn, given: AttemptClaimed) -> Answer:
    """A claim by a host that the attempt was not given to is as stale as one for an attempt that is over."""
    name = turn.draft.step_of(given.token)
    if name is None or turn.step(name).state is not StepState.CREATING or (turn.step(name).host or "") != given.host:
        return STALE
    turn.emit(EventType.STEP_STARTED, name, token=given.token, host=given.host)
    return None


def finished(turn: Turn, given: AttemptFinished) -> Answer:
    """Whoever was first wins: a step that is being stopped stays stopped, even if its process has just succeeded."""
    name = turn.draft.step_of(given.token)
    if name is None or turn.step(name).state not in {StepState.RUNNING, StepState.STOPPING}:
        return STALE
    if turn.step(name).state is StepState.STOPPING:
        reason = turn.step(name).reason
        end_step(turn, name, StepState.STOPPED, reason, AttemptState.CANCELLED, outcome=given.outcome)
        return None
    if given.outcome == "succeeded":
        _promote(turn, name, given)
    state, attempt = _ENDINGS[given.outcome]
    end_step(turn, name, state, _reason(turn, name, given), attempt, outcome=given.outcome)
    return None


_ENDINGS = {
    "succeeded": (StepState.COMPLETED, AttemptState.SUCCEEDED),
    "failed": (StepState.FAILED, AttemptState.FAILED),
    "timeout": (StepState.TIMEOUT, AttemptState.FAILED),
    "cancelled": (StepState.STOPPED, AttemptState.CANCELLED),
}


def _reason(turn: Turn, name: str, given: AttemptFinished) -> Json | None:
    if given.reason is not None or given.outcome == "succeeded":
        return given.reason
    if given.outcome == "timeout":
        return because("run.step_timed_out", minutes=round(turn.planned(name).timeout_seconds / 60, 2))
    return because("run.cancelled" if given.outcome == "cancelled" else "run.step_failed")


def _promote(turn: Turn, name: str, given: AttemptFinished) -> None:
    if given.outputs or given.floats or given.files:
        turn.emit(
            EventType.OUTPUTS_PROMOTED,
            name,
            token=given.token,
            outputs=dict(given.outputs),
            floats={output: dict(floats) for output, floats in given.floats.items()},
            files=given.files,
        )


def lost(turn: Turn, given: AttemptLost) -> Answer:
    """Queued again as often as the step's kind allows; a step that was being stopped is stopped, which is what was
    wanted."""
    name = turn.draft.step_of(given.token)
    if name is None:
        return STALE
    step = turn.step(name)
    reason = given.reason or because("run.attempt_lost", state=step.state.value)
    if step.state is StepState.STOPPING:
        end_step(turn, name, StepState.STOPPED, step.reason, AttemptState.LOST)
        return None
    turn.emit(EventType.ATTEMPT_LOST, name, token=given.token, reason=reason, lost=step.lost + 1)
    turn.order(ReleaseAttempt(given.token))
    if step.lost + 1 > turn.planned(name).max_lost:
        last = str(reason.get("message", ""))
        end_step(turn, name, StepState.FAILED, because("run.lost_too_often", lost=step.lost + 1, last=last))
    else:
        queue_again(turn, name)
    return None


def queue_again(turn: Turn, name: str) -> None:
    if turn.planned(name).nested:
        turn.order(BeginRun(name))
        return
    try:
        turn.order(QueueStep(name, resources_of(turn.plan, turn.planned(name), turn.draft.fields.values)))
    except UnknownFlavorError as error:
        end_step(turn, name, StepState.CREATE_FAILED, as_reason(error.problem))


def force_stopped(turn: Turn, given: ForceStopped) -> Answer:
    name = turn.draft.step_of(given.token)
    if name is None:
        return STALE
    reason = given.reason or because("run.stop_forced")
    end_step(turn, name, StepState.STOPPED, reason, AttemptState.CANCELLED)
    return None


def end_step(
    turn: Turn,
    name: str,
    state: StepState,
    reason: Json | None,
    attempt: AttemptState = AttemptState.CANCELLED,
    **data: str,
) -> None:
    """End a step together with its current attempt, if it has one."""
    token = turn.step(name).token
    if token is None:
        turn.finish_step(name, state, reason)
        return
    turn.finish_step(name, state, reason, token=token, attempt=attempt.value, **data)
    turn.order(ReleaseAttempt(token))
