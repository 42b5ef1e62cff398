"""Conditions, with a run's values and metrics for operands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from backend.domain.design.conditions import evaluate
from backend.domain.design.references import UNSET, MetricReference, ParameterReference, Reference
from backend.domain.problems import Problem, problem
from backend.domain.steps.condition import Condition

FloatsOf = Callable[[str], Mapping[str, Mapping[str, float]]]
"""The metrics that a step has written, by output and key; empty for a step that has written none."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`result` is None exactly when there is a problem. `operands` is JSON: what was compared, for people to read."""

    result: bool | None
    operands: list[dict[str, Any]]
    problem: Problem | None


def judge(conditions: tuple[Condition, ...], values: Mapping[str, Any], floats_of: FloatsOf) -> Verdict:
    def lookup(reference: Reference) -> Any:
        if isinstance(reference, ParameterReference):
            return values.get(reference.name, UNSET)
        return _metric(reference, floats_of) if isinstance(reference, MetricReference) else UNSET

    judged = evaluate(conditions, lookup)
    operands = [{"path": one.path, "written": one.written, "value": one.value} for one in judged.operands]
    return Verdict(judged.result, operands, judged.problem)


def metric_missing(wanted: MetricReference) -> Problem:
    return problem("condition.metric_missing", step=wanted.step, output=wanted.output, key=wanted.key)


def _metric(wanted: MetricReference, floats_of: FloatsOf) -> Any:
    """A metric that is not there is a failure to be told, never the same as a false comparison."""
    found = floats_of(wanted.step).get(wanted.output, {}).get(wanted.key)
    if isinstance(found, bool) or not isinstance(found, int | float):
        return metric_missing(wanted)
    return found
