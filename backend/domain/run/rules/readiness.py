"""What becomes of a step whose parents are all done: skip it, wait for values, decide its branch, or queue it.

The questions are asked in this order, and the first that has an answer decides:

1. Was every parent skipped? Then so is the step (the branch hangs on nothing else).
2. Does an input come from a skipped step, or has a selector no source that ran? Then it is skipped.
3. Do its own skip conditions hold? Then it is skipped; if one cannot be decided, the step failed.
4. Is a result of an earlier run to be reused, and is all that it was made from as it was? Then it is taken over.
5. Is a delayed value that it uses not given yet? Then it waits for it, and everybody else goes on.
6. A condition step is decided here and now, and the branch that is not taken is skipped.
7. A run of another workflow is begun.
8. Anything else is queued for a host.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.domain.problems import Problem
from backend.domain.run.commands import BeginRun, QueueStep
from backend.domain.run.events import EventType
from backend.domain.run.part import Reused
from backend.domain.run.plan import InputNeed, PlannedStep, needs_of
from backend.domain.run.rules.judging import judge
from backend.domain.run.states import StepState
from backend.domain.run.turn import Json, Turn, as_reason, because


def settle(turn: Turn) -> None:
    """Work off the queue. A loop and not a recursion, because a skip may run through 10,000 steps."""
    while turn.queue:
        name, skip_reason = turn.queue.popleft()
        if turn.draft.fields.stop_requested or turn.step(name).state is not StepState.INIT:
            continue
        if skip_reason is None:
            _look_at(turn, turn.planned(name))
        else:
            _skip(turn, turn.planned(name), skip_reason)


def _look_at(turn: Turn, step: PlannedStep) -> None:
    reason = _parents_skipped(turn, step) or _input_missing(turn, step)
    if reason is not None:
        _skip(turn, step, reason)
    elif _missing(turn, step.skip_awaits):
        _wait(turn, step)
    elif not _ended_by_skip_conditions(turn, step):
        if step.reuse is not None and _as_it_was(turn, step, step.reuse):
            _take_over(turn, step, step.reuse)
        elif _missing(turn, step.awaits):
            _wait(turn, step)
        elif step.inline:
            _decide_branch(turn, step)
        else:
            _queue(turn, step)


def _parents_skipped(turn: Turn, step: PlannedStep) -> Json | None:
    if not step.parents or any(turn.step(parent).state is not StepState.SKIPPED for parent in step.parents):
        return None
    return because("run.parents_skipped", parents=", ".join(step.parents))


def _input_missing(turn: Turn, step: PlannedStep) -> Json | None:
    for need in step.inputs:
        if _valid_source(turn, need) is None:
            producers = [source.step for source in need.sources]
            if need.selector:
                return because("run.no_valid_input", input=need.name, producers=", ".join(producers))
            return because("run.input_skipped", input=need.name, producer=producers[0])
    return None


def _valid_source(turn: Turn, need: InputNeed) -> int | None:
    """The first source whose step completed; where several did, the order in which they were drawn decides."""
    for place, source in enumerate(need.sources):
        if turn.draft.has(source.step) and turn.step(source.step).state is StepState.COMPLETED:
            return place
    return None


def _missing(turn: Turn, names: tuple[str, ...]) -> bool:
    return any(name not in turn.draft.fields.values for name in names)


def _wait(turn: Turn, step: PlannedStep) -> None:
    missing = [name for name in step.awaits if name not in turn.draft.fields.values]
    reason = because("run.awaits_values", names=", ".join(missing))
    turn.emit(EventType.STEP_WAITING, step.name, awaits=missing, reason=reason)


def _ended_by_skip_conditions(turn: Turn, step: PlannedStep) -> bool:
    if not step.skip_conditions:
        return False
    verdict = judge(step.skip_conditions, turn.draft.fields.values, turn.floats_of)
    turn.emit(
        EventType.CONDITION_EVALUATED,
        step.name,
        purpose="skip",
        result=verdict.result,
        operands=verdict.operands,
    )
    if verdict.problem is not None:
        turn.finish_step(step.name, StepState.FAILED, as_reason(verdict.problem))
    elif verdict.result:
        _skip(turn, step, {**because("run.skip_condition_met"), "operands": verdict.operands})
    return verdict.result is not False


def _as_it_was(turn: Turn, step: PlannedStep, reuse: Reused) -> bool:
    """What was decided before the run may not hold any more: a branch went the other way, a source ran again, or
    somebody gave a value that the step uses."""
    for need in step.inputs:
        place = _valid_source(turn, need)
        if place is None or turn.step(need.sources[place].step).reused is None:
            return False
        if need.selector and reuse.chosen.get(need.name) != place:
            return False
    given, planned = turn.draft.fields.values, turn.plan.values
    return all(_same_value(given, planned, name) for name in step.uses)


def _same_value(given: Mapping[str, Any], planned: Mapping[str, Any], name: str) -> bool:
    return (name in given) == (name in planned) and given.get(name) == planned.get(name)


def _take_over(turn: Turn, step: PlannedStep, reuse: Reused) -> None:
    data: dict[str, Any] = {"run": reuse.run, "number": reuse.number, "attempt": reuse.attempt}
    if reuse.chosen:
        data["chosen"] = dict(reuse.chosen)
    floats = {output: dict(each) for output, each in reuse.floats.items()}
    reason = because("run.reused", number=reuse.number)
    turn.reuse(step.name, outputs=dict(reuse.outputs), floats=floats, reason=reason, **data)


def _decide_branch(turn: Turn, step: PlannedStep) -> None:
    verdict = judge(step.conditions, turn.draft.fields.values, turn.floats_of)
    turn.emit(
        EventType.CONDITION_EVALUATED,
        step.name,
        purpose="branch",
        result=verdict.result,
        operands=verdict.operands,
    )
    if verdict.problem is not None:
        turn.finish_step(step.name, StepState.FAILED, as_reason(verdict.problem))
        return
    result = str(bool(verdict.result)).lower()
    reason = because("run.branch_not_taken", condition=step.name, result=result)
    turn.queue.extend((name, reason) for name in _known(turn, step.else_steps if verdict.result else step.then_steps))
    decided = {**because("run.condition_result", result=result), "operands": verdict.operands}
    turn.finish_step(step.name, StepState.COMPLETED, decided, branch=bool(verdict.result))


def _skip(turn: Turn, step: PlannedStep, reason: Json) -> None:
    """A skipped condition chooses nothing, so both of its branches are skipped, whatever else leads into them."""
    if step.inline:
        chosen = because("run.condition_skipped", condition=step.name)
        turn.queue.extend((name, chosen) for name in _known(turn, (*step.then_steps, *step.else_steps)))
    turn.skip(step.name, reason)


def _known(turn: Turn, names: tuple[str, ...]) -> list[str]:
    return [name for name in names if turn.draft.has(name)]


def _queue(turn: Turn, step: PlannedStep) -> None:
    if step.nested:
        _ready(turn, step)
        turn.order(BeginRun(step.name))
        return
    resources = needs_of(turn.plan, step, turn.draft.fields.values)
    if isinstance(resources, Problem):
        turn.finish_step(step.name, StepState.CREATE_FAILED, as_reason(resources))
        return
    _ready(turn, step)
    turn.order(QueueStep(step.name, resources))


def _ready(turn: Turn, step: PlannedStep) -> None:
    chosen = {need.name: _valid_source(turn, need) for need in step.inputs if need.selector}
    turn.emit(EventType.STEP_READY, step.name, **({"chosen": chosen} if chosen else {}))
