"""Each step by itself: properties, ports and what its kind says of them together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from backend.domain.design.rules.bodies import Path, body
from backend.domain.design.view import Part, StepPart, View
from backend.domain.problems import Problem, problem
from backend.domain.steps.base import StepKind
from backend.domain.steps.condition import CONDITION

_CONSTANT = ("conditions", "if_then_steps", "else_then_steps")
_CONSTANT_OF = {"workflow": ("release",)}
"""Which workflow runs in a step is part of what was drawn, and is known before any value."""


def steps(view: View) -> Iterator[Problem]:
    for step in view.steps:
        if step.kind is not None:
            yield from _properties(view, step, step.kind)
            yield from _counts(step, step.kind)
            for output in step.outputs:
                yield from _output(view, output, step.kind)


def _properties(view: View, step: StepPart, kind: StepKind) -> Iterator[Problem]:
    properties = step.raw.get("properties", {})
    if not isinstance(properties, dict):
        return
    path = step.path + "/properties"
    if kind is CONDITION:
        yield from body(view, kind.properties, properties, path, elsewhere=_is_operand, constant=_CONSTANT)
    else:
        yield from body(view, kind.properties, properties, path, constant=_CONSTANT_OF.get(kind.name, ()))
    for found in kind.rules(properties):
        yield replace(found, path=path + found.path)


def _is_operand(inner: Path) -> bool:
    """Operands have a rule of their own."""
    return len(inner) > 2 and inner[0] == "conditions" and inner[2] in ("left", "right")


def _counts(step: StepPart, kind: StepKind) -> Iterator[Problem]:
    for code, key, rule in (
        ("document.input_count", "inputs", kind.inputs),
        ("document.output_count", "outputs", kind.outputs),
    ):
        listed = step.raw.get(key, [])
        count = len(listed) if isinstance(listed, list) else 0
        if count < rule.at_least or (rule.at_most is not None and count > rule.at_most):
            words = _words(rule.at_least, rule.at_most, key)
            yield problem(
                code, f"{step.path}/{key}" if key in step.raw else step.path, kind=kind.name, rule=words, count=count
            )


def _words(at_least: int, at_most: int | None, key: str) -> str:
    one = key.removesuffix("s")
    if at_most is None:
        return f"at least {at_least} {key}"
    if at_most == 0:
        return f"no {key}"
    if at_least == at_most:
        return f"exactly one {one}" if at_most == 1 else f"exactly {at_most} {key}"
    return f"at most one {one}" if at_most == 1 else f"at most {at_most} {key}"


def _output(view: View, output: Part, kind: StepKind) -> Iterator[Problem]:
    type_ = output.raw.get("type")
    if not isinstance(type_, str):
        return
    port = kind.outputs.port(type_)
    if port is None:
        allowed = ", ".join(port.type for port in kind.outputs.ports)
        if allowed:
            yield problem("document.output_type", output.path + "/type", kind=kind.name, type=type_, allowed=allowed)
        return
    config = output.raw.get("config", {})
    if isinstance(config, dict):
        yield from body(view, port.config, config, output.path + "/config")
        for found in port.rules(config):
            yield replace(found, path=output.path + "/config" + found.path)
