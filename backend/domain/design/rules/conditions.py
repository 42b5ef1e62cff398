"""Conditions: whether their operands exist, come from before, and can be compared; and the branches they choose."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from backend.domain.design.conditions import comparable, is_nested, types_problem
from backend.domain.design.document import Parameter
from backend.domain.design.json_kinds import KIND_NAMES, Kind, kind_of_value
from backend.domain.design.references import (
    LITERAL,
    Malformed,
    MetricReference,
    ParameterReference,
    as_reference,
    is_literal,
    references_within,
)
from backend.domain.design.rules.bodies import malformed, not_here
from backend.domain.design.schema import schema_of
from backend.domain.design.validation import problems_of
from backend.domain.design.view import StepPart, View, texts
from backend.domain.problems import Problem, pointer, problem
from backend.domain.steps.condition import CONDITION, OPERATORS, Condition

Kinds = frozenset[Kind]
_KINDS_OF_TYPE: dict[str, Kinds] = {
    "INT": frozenset({"number"}),
    "FLOAT": frozenset({"number"}),
    "STR": frozenset({"text"}),
    "BOOL": frozenset({"truth"}),
    "JSON": frozenset({"object", "list"}),
    "LIST": frozenset({"list"}),
}
_UNKNOWN: Kinds = frozenset()
Judging = Generator[Problem, None, Kinds]
"""Yields problems, and returns the kinds of value that an operand can have: none where that is not known."""


def conditions(view: View) -> Iterator[Problem]:
    for step in view.steps:
        policy = step.raw.get("policy")
        if isinstance(policy, dict) and isinstance(policy.get("skip_conditions"), list):
            path = step.path + "/policy/skip_conditions"
            if step.kind is not None and not step.kind.skippable and policy["skip_conditions"]:
                yield problem("document.not_skippable", path, kind=step.kind.name)
            yield from _list(view, step, policy["skip_conditions"], path)
        properties = step.raw.get("properties")
        if step.kind is CONDITION and isinstance(properties, dict):
            if isinstance(properties.get("conditions"), list):
                yield from _list(view, step, properties["conditions"], step.path + "/properties/conditions")
            yield from _branches(view, step, properties)


def _list(view: View, step: StepPart, listed: list[Any], path: str) -> Iterator[Problem]:
    for index, condition in enumerate(listed):
        if isinstance(condition, dict):
            yield from _condition(view, step, condition, f"{path}/{index}")


def _condition(view: View, step: StepPart, condition: dict[str, Any], path: str) -> Iterator[Problem]:
    """Depth is bounded before. The form of the outermost condition is checked with the document."""
    left = yield from _side(view, step, condition, "left", path)
    right = yield from _side(view, step, condition, "right", path)
    operator = condition.get("type")
    if operator not in OPERATORS or not left or not right:
        return
    if not any(comparable(operator, one, other) for one in left for other in right):
        yield types_problem(operator, _in_words(left), _in_words(right), path)


def _side(view: View, step: StepPart, condition: dict[str, Any], side: str, path: str) -> Judging:
    if side not in condition:
        return _UNKNOWN
    return (yield from _operand(view, step, condition[side], f"{path}/{side}"))


def _operand(view: View, step: StepPart, operand: Any, path: str) -> Judging:
    if is_literal(operand):
        return frozenset({kind_of_value(operand[LITERAL])})
    reference = as_reference(operand)
    if isinstance(reference, Malformed):
        yield malformed(reference, path)
    elif isinstance(reference, ParameterReference):
        return (yield from _parameter(view, reference, path))
    elif isinstance(reference, MetricReference):
        yield from _metric(view, step, reference, path)
        return frozenset({"number"})
    elif reference is not None:
        yield not_here(reference, path, "a constant, a “$parameter”, a “$metric” or a condition")
    elif is_nested(operand):
        yield from _form(operand, path)
        yield from _condition(view, step, operand, path)
        return frozenset({"truth"})
    elif isinstance(operand, dict):
        yield problem("condition.operand", path)
    else:
        yield from _no_references_inside(operand, path)
        return frozenset({kind_of_value(operand)})
    return _UNKNOWN


def _form(condition: dict[str, Any], path: str) -> Iterator[Problem]:
    try:
        Condition.model_validate(condition)
    except ValidationError as error:
        yield from problems_of(error, schema_of(Condition), where=lambda inner: path + pointer(*inner))


def _no_references_inside(operand: Any, path: str) -> Iterator[Problem]:
    """A list is compared as it is written."""
    for inner, reference in references_within(operand):
        place = path + pointer(*inner)
        yield (
            malformed(reference, place) if isinstance(reference, Malformed) else not_here(reference, place, "constants")
        )


def _parameter(view: View, reference: ParameterReference, path: str) -> Judging:
    name = reference.name
    if name not in view.parameters:
        yield problem("document.unknown_parameter", path, name=name, suggestion=view.suggest(name, view.parameters))
        return _UNKNOWN
    parameter = view.parameters[name]
    return _UNKNOWN if parameter is None else _kinds_of(parameter)


def _kinds_of(parameter: Parameter) -> Kinds:
    if parameter.type == "ENUM":
        return frozenset(kind_of_value(choice) for choice in parameter.enum)
    return _KINDS_OF_TYPE[parameter.type]


def _metric(view: View, step: StepPart, reference: MetricReference, path: str) -> Iterator[Problem]:
    producer = view.by_name.get(reference.step)
    if producer is None:
        meant = view.suggest(reference.step, view.by_name)
        yield problem("document.unknown_step", path, name=reference.step, suggestion=meant)
        return
    output = producer.outputs_by_name.get(reference.output)
    if output is None:
        meant = view.suggest(reference.output, producer.outputs_by_name)
        yield problem("document.unknown_output", path, step=reference.step, name=reference.output, suggestion=meant)
    elif isinstance(output.raw.get("type"), str) and not _makes_metrics(output.raw):
        yield problem("document.not_metrics", path, step=reference.step, name=reference.output)
    if step.name is not None and not view.comes_before(reference.step, step.name):
        yield problem("document.not_an_ancestor", path, step=reference.step)


def _makes_metrics(output: Mapping[str, Any]) -> bool:
    config = output.get("config")
    named = isinstance(config, dict) and config.get("metric_file") is not None
    return output["type"] == "metrics" or (output["type"] == "obs" and named)


def _branches(view: View, step: StepPart, properties: dict[str, Any]) -> Iterator[Problem]:
    then = {name for _, name in texts(properties, "", "if_then_steps")}
    for key in ("if_then_steps", "else_then_steps"):
        for path, name in texts(properties, step.path + "/properties", key):
            listed = view.by_name.get(name)
            if listed is None:
                yield problem("document.unknown_step", path, name=name, suggestion=view.suggest(name, view.by_name))
            elif key == "else_then_steps" and name in then:
                yield problem("document.in_both_branches", path, step=name)
            elif step.name is not None and step.name not in view.graph.parents.get(name, ()):
                yield problem("document.branch_not_dependent", path, step=name, condition=step.name)


def _in_words(kinds: Kinds) -> str:
    return " or ".join(KIND_NAMES[kind] for kind in KIND_NAMES if kind in kinds)
