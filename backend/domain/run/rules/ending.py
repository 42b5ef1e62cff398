"""When a run is over, and how it went."""

from __future__ import annotations

from backend.domain.run.commands import FinishRun
from backend.domain.run.events import EventType
from backend.domain.run.states import STEP_RETRYABLE, RunState, StepState
from backend.domain.run.turn import Turn

_FAILURES = STEP_RETRYABLE - {StepState.STOPPED}
_UNFINISHED = STEP_RETRYABLE | {StepState.INIT}


def finish_if_drained(turn: Turn) -> None:
    """A failed branch lets the others finish; a run is over when no step can go on by itself any more."""
    fields = turn.draft.fields
    if turn.draft.any_active():
        return
    if fields.state is RunState.RUNNING or (fields.state is RunState.INIT and fields.stop_requested):
        state = _verdict(turn)
        turn.emit(EventType.RUN_FINISHED, state=state.value)
        turn.order(FinishRun(state))


def _verdict(turn: Turn) -> RunState:
    draft = turn.draft
    if draft.fields.stop_requested:
        return (
            RunState.STOPPED if draft.fields.state is RunState.INIT or draft.any_in(_UNFINISHED) else RunState.COMPLETED
        )
    if draft.any_in(_FAILURES):
        return RunState.ABNORMAL
    if draft.counts[StepState.STOPPED]:
        return RunState.STOPPED
    # Left over without a failure: the steps of a cycle, which a checked document does not have.
    return RunState.ABNORMAL if draft.counts[StepState.INIT] else RunState.COMPLETED
