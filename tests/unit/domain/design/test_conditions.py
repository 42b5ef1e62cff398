"""Conditions: all eight operators, for every kind of operand, and what is told when they cannot be decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.design.conditions import ConditionResult, comparable, evaluate
from backend.domain.design.json_kinds import KIND_NAMES, json_equal, kind_of_value
from backend.domain.design.references import UNSET, MetricReference, ParameterReference, Reference
from backend.domain.problems import problem
from backend.domain.steps.condition import OPERATORS, Condition
from tests.unit.domain.design.test_untrusted_json import values


def decide(
    *conditions: tuple[str, Any, Any], lookup: Callable[[Reference], Any] = lambda reference: UNSET
) -> ConditionResult:
    made = [
        Condition.model_validate({"type": type_, "left": left, "right": right}) for type_, left, right in conditions
    ]
    return evaluate(made, lookup)


@pytest.mark.parametrize(
    ("operator", "left", "right", "result"),
    [
        ("EQ", 1, 1.0, True), ("EQ", "a", "a", True), ("EQ", True, True, True), ("EQ", [1, True], [1.0, True], True),
        ("EQ", [1], [True], False), ("EQ", None, 0, False), ("EQ", None, None, True), ("EQ", "", "a", False),
        ("NOT", 1, 2, True), ("NOT", "a", "a", False), ("NOT", None, False, True),
        ("GT", 2, 1.5, True), ("GT", 1, 1, False), ("GT", "b", "a", True),
        ("GTE", 1, 1, True), ("GTE", 0.5, 1, False), ("GTE", "a", "b", False),
        ("LT", 1, 2, True), ("LT", 2, 2, False), ("LT", "a", "b", True),
        ("LTE", 2, 2.0, True), ("LTE", 3, 2, False), ("LTE", "b", "a", False),
        ("IN", 1, [0, 1], True), ("IN", True, [1], False), ("IN", 1, [True], False), ("IN", "a", [], False),
        ("IN", [1], [[1]], True), ("IN", None, [None], True),
        ("OR", True, False, True), ("OR", False, False, False), ("OR", False, True, True),
    ],
)  # fmt: skip
def test_it_decides(operator: str, left: Any, right: Any, result: bool) -> None:
    decided = decide((operator, left, right))

    assert decided.problem is None
    assert decided.result is result
    assert [(operand.path, operand.value) for operand in decided.operands] == [("/0/left", left), ("/0/right", right)]


@pytest.mark.parametrize(
    ("operator", "left", "right"),
    [
        ("EQ", 1, "1"), ("EQ", True, 1), ("NOT", 0, False), ("GT", True, False), ("GT", 1, "1"), ("GTE", [1], [2]),
        ("LT", None, 1), ("LTE", {"$literal": {}}, {"$literal": {}}), ("IN", "a", "abc"), ("IN", 1, 1),
        ("OR", 1, True), ("OR", "True", False), ("OR", None, True),
    ],
)  # fmt: skip
def test_it_does_not_compare_what_cannot_be_compared(operator: str, left: Any, right: Any) -> None:
    decided = decide((operator, left, right))

    assert decided.result is None
    assert decided.problem is not None
    assert (decided.problem.code, decided.problem.path) == ("condition.types", "/0")


def test_a_list_holds_when_all_hold_and_when_there_is_none() -> None:
    assert decide().result is True
    assert decide(("EQ", 1, 1), ("EQ", 2, 2)).result is True
    assert decide(("EQ", 1, 1), ("EQ", 2, 3)).result is False


def test_it_decides_nested_conditions() -> None:
    def nested(type_: str, left: Any, right: Any) -> dict[str, Any]:
        return {"type": type_, "left": left, "right": right}

    decided = decide(("EQ", True, True), ("OR", nested("GT", 10, 9), nested("LT", 10, 9)))

    assert decided.result is True
    assert [operand.path for operand in decided.operands][2:] == [
        "/1/left/left", "/1/left/right", "/1/right/left", "/1/right/right",
    ]  # fmt: skip
    assert decide(("EQ", nested("GT", 1, 2), nested("GT", 2, 3))).result is True
    deep: Any = True
    for _ in range(25):
        deep = nested("OR", deep, False)
    assert decide(("EQ", deep, True)).result is True


def test_it_looks_placeholders_and_metrics_up_and_keeps_what_it_found() -> None:
    found = {"limit": 0.9, ("train", "metrics", "accuracy"): 0.95}

    def lookup(reference: Reference) -> Any:
        if isinstance(reference, ParameterReference):
            return found[reference.name]
        assert isinstance(reference, MetricReference)
        return found[(reference.step, reference.output, reference.key)]

    metric = {"$metric": {"step": "train", "output": "metrics", "key": "accuracy"}}
    decided = decide(("LT", metric, {"$parameter": "limit"}), lookup=lookup)

    assert decided.result is False
    assert [(operand.written, operand.value) for operand in decided.operands] == [
        (metric, 0.95),
        ({"$parameter": "limit"}, 0.9),
    ]


def test_a_missing_metric_is_a_problem_even_where_the_rest_decides() -> None:
    missing = problem("condition.metric_missing", step="train", output="metrics", key="accuracy")
    metric = {"$metric": {"step": "train", "output": "metrics", "key": "accuracy"}}

    decided = decide(
        ("EQ", 1, 2),
        ("OR", True, {"type": "GT", "left": metric, "right": 1}),
        lookup=lambda reference: missing,
    )

    assert decided.result is None
    assert decided.problem == missing


def test_an_unset_placeholder_is_neither_null_nor_false() -> None:
    for operand in (None, False, ""):
        decided = decide(("EQ", {"$parameter": "x"}, operand))
        assert decided.problem is not None
        assert decided.problem.code == "condition.unset"


def test_a_value_is_never_read_again() -> None:
    tricky = {"$parameter": "other"}

    decided = decide(("EQ", {"$parameter": "x"}, {"$literal": tricky}), lookup=lambda reference: tricky)

    assert decided.result is True


def test_what_is_no_operand_is_told() -> None:
    decided = decide(("EQ", {"$output": {"step": "a", "output": "b"}}, 1))

    assert decided.problem is not None
    assert decided.problem.code == "condition.operand"


@given(values, values, st.sampled_from(OPERATORS))
def test_it_decides_or_tells_for_any_operands(left: Any, right: Any, operator: str) -> None:
    decided = decide((operator, {"$literal": left}, {"$literal": right}))

    decidable = comparable(operator, kind_of_value(left), kind_of_value(right))
    assert (decided.result is not None) == decidable
    assert (decided.problem is None) == decidable


@given(values, values)
def test_equality_is_that_of_json(left: Any, right: Any) -> None:
    assert json_equal(left, left)
    assert json_equal(left, right) == json_equal(right, left)
    if json_equal(left, right):
        assert kind_of_value(left) == kind_of_value(right)
        assert kind_of_value(left) in KIND_NAMES
