"""condition: chooses between two branches. The same condition objects decide whether any step is skipped."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field, JsonValue

from backend.domain.steps.base import StepKind, Strictly, Texts, type_of_tuple

Operator = Literal["EQ", "GT", "GTE", "IN", "LT", "LTE", "NOT", "OR"]
OPERATORS: tuple[str, ...] = get_args(Operator)


class Condition(Strictly):
    """`left type right`; NOT means “is not equal”. An operand is a constant, a list, a placeholder, a metric or
    another condition. There is no AND: a list of conditions holds when all of them hold."""

    type: Operator
    left: JsonValue
    right: JsonValue


Conditions = Annotated[tuple[Condition, ...], type_of_tuple]


class ConditionProperties(Strictly):
    conditions: Conditions = Field(min_length=1, max_length=100, description="All of them must hold.")
    if_then_steps: Texts = Field((), description="Run when they hold, skipped when not.")
    else_then_steps: Texts = Field((), description="Run when they do not hold, skipped when they do.")


CONDITION = StepKind(
    name="condition",
    version=1,
    title="Condition",
    description="Lets one of two branches run and skips the other.",
    executes="inline",
    properties=ConditionProperties,
    skippable=False,
)
