"""Conditions, with this run's values and metrics for operands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from backend.domain.design.conditions import evaluate
from backend.domain.design.references import UNSET, MetricReference, ParameterReference, Reference
from backend.domain.problems import Problem, problem
from backend.domain.run.turn import Turn
from backend.domain.steps.condition import Condition


@dataclass(frozen=True, slots=True)
class Verdict:
    """`result` is None exactly when there is a problem. `operands` is JSON: what was compared, for people to read."""

    result: bool | None
    operands: list[dict[str, Any]]
    problem: Problem | None


def judge(turn: Turn, conditions: tuple[Condition, ...]) -> Verdict:
    judged = evaluate(conditions, lambda reference: _operand(turn, reference))
    operands = [{"path": one.path, "written": one.written, "value": one.value} for one in judged.operands]
    return Verdict(judged.result, operands, judged.problem)


def _operand(turn: Turn, reference: Reference) -> Any:
    if isinstance(reference, ParameterReference):
        return turn.draft.fields.values.get(reference.name, UNSET)
    if isinstance(reference, MetricReference):
        return _metric(turn, reference)
    return UNSET


def _metric(turn: Turn, wanted: MetricReference) -> Any:
    """A metric that is not there is a failure to be told, never the same as a false comparison."""
    floats = turn.step(wanted.step).floats if turn.draft.has(wanted.step) else {}
    found = floats.get(wanted.output, {}).get(wanted.key)
    if isinstance(found, bool) or not isinstance(found, int | float):
        return problem("condition.metric_missing", step=wanted.step, output=wanted.output, key=wanted.key)
    return found
