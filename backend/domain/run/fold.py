"""Events in, state out: the only code that changes a snapshot.

`decide` works on the same Draft and changes it by emitting events, so what it returns and what its events fold to
cannot differ. What each event's `data` holds:

    run_created          run, values, and whatever the creator adds (by, origin, …)
    run_started          by
    run_stop_requested   by
    run_finished         state
    step_ready           chosen {input: place in its selector}
    step_waiting         awaits [names], reason
    step_continued       values, by, name (of whoever gave the values)
    step_dispatched      token, attempt (number), host, devices
    step_started         token, host
    step_stop_requested  token, by, reason
    step_finished        state, reason; of an attempt also token, outcome, attempt (its AttemptState); of a
                         condition branch
    step_skipped         reason
    step_reused          run, number, attempt (where it really ran), outputs, floats, chosen, reason
    step_retried         values, by, edited (what holds of the step from now on, and the story of its changes)
    attempt_lost         token, reason, lost (how many so far)
    outputs_promoted     token, outputs, floats, files (number)
    condition_evaluated  purpose (skip | branch), result, operands
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from backend.domain.run.draft import Draft
from backend.domain.run.events import Event, EventType
from backend.domain.run.plan import Plan
from backend.domain.run.snapshot import NOTHING, UNTOUCHED, RunFields, RunSnapshot, StepSnapshot, restore
from backend.domain.run.states import RUN_TRANSITIONS, STEP_TRANSITIONS, RunState, StepState


class IllegalEventError(ValueError):
    """The log holds an event that cannot follow from what came before it: it was damaged or is from elsewhere."""


def fold(plan: Plan, snapshot: RunSnapshot, event: Event) -> None:
    """Change the snapshot, in place, to what it is after the event."""
    draft = Draft(plan, snapshot)
    fold_into(draft, event)
    draft.commit()


def replay(plan: Plan, events: Iterable[Event]) -> RunSnapshot:
    """The state that a whole log leads to. The first event must be run_created."""
    log = iter(events)
    draft = Draft(plan, begin(plan, next(log)))
    for event in log:
        fold_into(draft, event)
    return draft.commit()


def begin(plan: Plan, created: Event) -> RunSnapshot:
    if created.type is not EventType.RUN_CREATED:
        raise IllegalEventError(f"a log begins with run_created, not with {created.type}")
    fields = RunFields(values=created.data["values"], created_at=created.at)
    return restore(plan, run_id=created.data["run"], seq=1, fields=fields, steps={})


def fold_into(draft: Draft, event: Event) -> None:
    """One event. Raises IllegalEventError, having changed nothing, where the tables do not list it."""
    if event.step is None:
        _fold_run(draft, event)
    else:
        _fold_step(draft, event.step, event)
    draft.seq += 1


def _fold_run(draft: Draft, event: Event) -> None:
    fields = draft.fields
    state = _target(RUN_TRANSITIONS.get((fields.state, event.type), ()), event)
    if event.type is EventType.RUN_FINISHED and draft.any_active():
        raise IllegalEventError("the run finished while steps were still going on")
    if event.type is EventType.RUN_STARTED:
        draft.fields = replace(fields, state=state, started_at=event.at)
    elif event.type is EventType.RUN_STOP_REQUESTED:
        draft.fields = replace(fields, state=state, stop_requested=True)
    else:
        draft.fields = replace(fields, state=state, finished_at=event.at)


def _fold_step(draft: Draft, name: str, event: Event) -> None:
    before = draft.step(name)
    state = _target(STEP_TRANSITIONS.get((before.state, event.type), ()), event)
    if event.type is EventType.STEP_READY and draft.open_parents(name):
        raise IllegalEventError(f"{name} became ready before its parents were done")
    if event.type is EventType.STEP_RETRIED:
        _reopen_run(draft, event)
    if event.type in _GIVES_VALUES:
        draft.give_values(event.data["values"])
    after = _STEP_FOLDS[event.type](before, event, state)
    if after is not before:
        draft.put(name, after)


def _reopen_run(draft: Draft, event: Event) -> None:
    state = _target(RUN_TRANSITIONS.get((draft.fields.state, event.type), ()), event)
    draft.fields = replace(draft.fields, state=state, stop_requested=False, finished_at=None)


_State = TypeVar("_State", RunState, StepState)


def _target(targets: tuple[_State, ...], event: Event) -> _State:
    named = event.data.get("state")
    for target in targets:
        if target.value == named or (named is None and len(targets) == 1):
            return target
    raise IllegalEventError(f"{event.type} of {event.step or 'the run'} to {named} is not a listed transition")


_Fold = Callable[[StepSnapshot, Event, StepState], StepSnapshot]


def _ready(step: StepSnapshot, event: Event, state: StepState) -> StepSnapshot:
    return replace(step, state=state, chosen=event.data.get("chosen", NOTHING), ready_at=event.at)


def _waiting(step: StepSnapshot, event: Event, state: StepState) -> StepSnapshot:
    awaits = tuple(event.data["awaits"])
    return replace(step, state=state, awaits=awaits, reason=event.data["reason"], answered=None, waiting_at=event.at)


def _continued(step: StepSnapshot, event: Event, state: StepState) -> StepSnapshot:
    """Facts from before names were kept say nothing of who it was."""
    answered = {key: event.data[key] for key in ("by", "name")} if event.data.get("name") else None
    return replace(step, state=state, awaits=(), reason=None, answered=answered)


def _dispatched(step: StepSnapshot, event: Event, state: StepState) -> StepSnapshot:
    data = event.data
    return replace(
        step,
        state=state,
        token=data["token"],
        attempts=data["attempt"],
        host=data["host"] or None,
        devices=tuple(data["devices"]),
        dispatched_at=event.at,
        reason=None,
    )


def _started(step: StepSnapshot, event: Event, state: StepState) -> StepSnapshot:
    return replace(step, state=state, started_at=event.at)


def _stop_requested(step: StepSnapshot, event: Event, state: StepState) -> StepSnapshot:
    return replace(step, state=state, stop_requested=True, reason=event.data["reason"])


def _lost(step: StepSnapshot, event: Event, state: StepState) -> StepSnapshot:
    """It keeps `ready_at`, and with it its place in line."""
    return replace(
        step,
        state=state,
        token=None,
        host=None,
        devices=(),
        lost=event.data["lost"],
        reason=event.data["reason"],
        dispatched_at=None,
        started_at=None,
    )


def _promoted(step: StepSnapshot, event: Event, _state: StepState) -> StepSnapshot:
    return replace(step, outputs=event.data["outputs"], floats=event.data["floats"])


def _finished(step: StepSnapshot, event: Event, state: StepState) -> StepSnapshot:
    """The last attempt's host and devices stay readable; its token goes, so nothing late can speak for the step."""
    return replace(
        step,
        state=state,
        token=None,
        awaits=(),
        reason=event.data.get("reason"),
        branch=event.data.get("branch"),
        finished_at=event.at,
    )


def _skipped(step: StepSnapshot, event: Event, state: StepState) -> StepSnapshot:
    return replace(step, state=state, reason=event.data["reason"], finished_at=event.at)


def _reused(step: StepSnapshot, event: Event, state: StepState) -> StepSnapshot:
    """Completed with what another run made. It had no attempt here, and no time but the moment of taking over."""
    data = event.data
    return replace(
        step,
        state=state,
        awaits=(),
        reason=data["reason"],
        outputs=data["outputs"],
        floats=data["floats"],
        chosen=data.get("chosen", NOTHING),
        reused={name: data[name] for name in ("run", "number", "attempt")},
        finished_at=event.at,
    )


def _retried(step: StepSnapshot, event: Event, state: StepState) -> StepSnapshot:
    """Everything of the step starts over except its count of attempts, which numbers them for good, and what people
    changed of it, which holds until they change it again."""
    return replace(UNTOUCHED, state=state, attempts=step.attempts, edited=event.data.get("edited", step.edited))


def _unchanged(step: StepSnapshot, _event: Event, _state: StepState) -> StepSnapshot:
    return step


_GIVES_VALUES = frozenset({EventType.STEP_RETRIED, EventType.STEP_CONTINUED})
_STEP_FOLDS: Mapping[EventType, _Fold] = {
    EventType.STEP_READY: _ready,
    EventType.STEP_WAITING: _waiting,
    EventType.STEP_CONTINUED: _continued,
    EventType.STEP_DISPATCHED: _dispatched,
    EventType.STEP_STARTED: _started,
    EventType.STEP_STOP_REQUESTED: _stop_requested,
    EventType.ATTEMPT_LOST: _lost,
    EventType.OUTPUTS_PROMOTED: _promoted,
    EventType.STEP_FINISHED: _finished,
    EventType.STEP_SKIPPED: _skipped,
    EventType.STEP_REUSED: _reused,
    EventType.STEP_RETRIED: _retried,
    EventType.CONDITION_EVALUATED: _unchanged,
}
