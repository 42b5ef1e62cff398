"""The end of a run that is a step of another, as that step is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.domain.design.document import Step
from backend.domain.problems import problem
from backend.domain.run.inputs import AttemptFinished
from backend.domain.run.nested import nested_result
from backend.domain.run.plan import Plan
from backend.domain.run.snapshot import RunSnapshot
from backend.domain.run.states import STEP_RETRYABLE, RunState, StepState
from backend.domain.run.turn import as_reason

Json = dict[str, Any]


def result_of(
    token: str, definition: Step, plan: Plan, snapshot: RunSnapshot, number: int, workflow: str
) -> AttemptFinished:
    """Of a run that is over."""
    about: Json = {"workflow": workflow, "number": number}
    if snapshot.state is RunState.STOPPED:
        return AttemptFinished(token, "cancelled", reason=as_reason(problem("nested.stopped", **about)))
    if snapshot.state is RunState.ABNORMAL:
        name = failed_first(plan, snapshot) or ""
        why = str((snapshot.steps[name].reason or {}).get("message", snapshot.steps[name].state.value)) if name else ""
        return AttemptFinished(token, "failed", reason=as_reason(problem("nested.failed", **about, step=name, why=why)))
    return nested_result(token, definition, snapshot.steps, run=snapshot.run_id, **about)


def metrics_of(definition: Step, inner: Mapping[str, list[Json]]) -> list[Json]:
    """Metrics that are handed on are those of the step inside."""
    handed = [str(each.config.get("step")) for each in definition.outputs if each.type == "metrics"]
    return [item for step in dict.fromkeys(handed) for item in inner.get(step, [])]


def failed_first(plan: Plan, snapshot: RunSnapshot) -> str | None:
    """The step that went wrong first."""
    wrong = [name for name in plan.order if snapshot.steps[name].state in STEP_RETRYABLE - {StepState.STOPPED}]
    ended = {name: snapshot.steps[name].finished_at for name in wrong}
    return min(wrong, key=lambda name: (ended[name] is None, ended[name] or 0), default=None)
