"""Decides conditions. They are data: eight operators, no expression language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from backend.domain.design.json_kinds import KIND_NAMES, Kind, json_equal, kind_of_value
from backend.domain.design.references import (
    LITERAL,
    UNSET,
    MetricReference,
    ParameterReference,
    Reference,
    as_reference,
    is_literal,
    is_reserved,
)
from backend.domain.problems import Problem, pointer, problem
from backend.domain.steps.condition import Condition

Path = tuple[str | int, ...]
OperandLookup = Callable[[Reference], Any]
"""The value of an operand, UNSET where a placeholder has none, or the Problem that says why there is none."""

RULES: Mapping[str, str] = {
    "EQ": "Compare two values of the same kind.",
    "NOT": "Compare two values of the same kind.",
    "GT": "Compare two numbers, or two texts.",
    "GTE": "Compare two numbers, or two texts.",
    "LT": "Compare two numbers, or two texts.",
    "LTE": "Compare two numbers, or two texts.",
    "IN": "Put a list on the right.",
    "OR": "Put a condition, or true or false, on both sides.",
}


@dataclass(frozen=True, slots=True)
class Operand:
    """What an operand was when the condition was decided: its place in the list, what was written, its value."""

    path: str
    written: Any
    value: Any


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """`result` is None where a problem kept the conditions from being decided."""

    result: bool | None
    operands: tuple[Operand, ...]
    problem: Problem | None = None


def evaluate(conditions: Iterable[Condition], lookup: OperandLookup) -> ConditionResult:
    """Whether all conditions hold. Every operand is looked at, also where the result is known earlier: a missing metric
    is told, and does not depend on the order in which conditions are written."""
    deciding = _Deciding(lookup)
    holds = True
    for index, condition in enumerate(conditions):
        held = deciding.condition(condition.type, condition.left, condition.right, (index,))
        holds = holds and held is True
    if deciding.problem is not None:
        return ConditionResult(None, tuple(deciding.operands), deciding.problem)
    return ConditionResult(holds, tuple(deciding.operands))


def comparable(operator: str, left: Kind, right: Kind) -> bool:
    """Whether an operator can compare values of two kinds."""
    if operator in ("EQ", "NOT"):
        return left == right or "null" in (left, right)
    if operator == "IN":
        return right == "list"
    if operator == "OR":
        return left == right == "truth"
    return left == right and left in ("number", "text")


def is_nested(operand: Any) -> bool:
    """Whether an operand is itself a condition."""
    return isinstance(operand, Mapping) and "type" in operand and not is_reserved(operand)


class _Deciding:
    def __init__(self, lookup: OperandLookup) -> None:
        self.lookup = lookup
        self.operands: list[Operand] = []
        self.problem: Problem | None = None

    def condition(self, operator: str, left: Any, right: Any, path: Path) -> bool | None:
        """Depth is bounded by the document's."""
        sides = (self.operand(left, (*path, "left")), self.operand(right, (*path, "right")))
        if any(isinstance(side, Problem) for side in sides):
            return None
        kinds = (kind_of_value(sides[0]), kind_of_value(sides[1]))
        if not comparable(operator, *kinds):
            names = (KIND_NAMES[kinds[0]], KIND_NAMES[kinds[1]])
            self.refuse(types_problem(operator, *names, pointer(*path)))
            return None
        return _compare(operator, *sides)

    def operand(self, written: Any, path: Path) -> Any:
        if is_nested(written):
            held = self.condition(written["type"], written.get("left"), written.get("right"), path)
            return self.problem if held is None else held
        value = self.value(written)
        if isinstance(value, Problem):
            return self.refuse(value)
        self.operands.append(Operand(pointer(*path), written, value))
        return value

    def value(self, written: Any) -> Any:
        if is_literal(written):
            return written[LITERAL]
        reference = as_reference(written)
        if reference is None:
            return written
        if not isinstance(reference, (ParameterReference, MetricReference)):
            return problem("condition.operand")
        value = self.lookup(reference)
        if value is UNSET:
            return problem("condition.unset", name=getattr(reference, "name", ""))
        return value

    def refuse(self, found: Problem) -> Problem:
        self.problem = self.problem or found
        return found


def types_problem(operator: str, left: str, right: str, path: str) -> Problem:
    return problem("condition.types", path, operator=operator, left=left, right=right, rule=RULES[operator])


def _compare(operator: str, left: Any, right: Any) -> bool:
    if operator == "EQ":
        return json_equal(left, right)
    if operator == "NOT":
        return not json_equal(left, right)
    if operator == "IN":
        return any(json_equal(left, entry) for entry in right)
    if operator == "OR":
        return bool(left or right)
    if operator == "GT":
        return bool(left > right)
    if operator == "GTE":
        return bool(left >= right)
    if operator == "LT":
        return bool(left < right)
    return bool(left <= right)
