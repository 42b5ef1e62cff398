"""The kinds of step as the API shows them."""

from functools import cache
from typing import Any

from backend.domain.steps.base import InputRule, OutputRule, StepKind
from backend.domain.steps.registry import KINDS


@cache
def step_kinds() -> list[dict[str, Any]]:
    return [_kind(each) for each in KINDS]


def _kind(kind: StepKind) -> dict[str, Any]:
    return {
        "name": kind.name,
        "version": kind.version,
        "title": kind.title,
        "description": kind.description,
        "executes": kind.executes,
        "skippable": kind.skippable,
        "properties": kind.properties.model_json_schema(by_alias=True),
        "inputs": _inputs(kind.inputs),
        "outputs": _outputs(kind.outputs),
    }


def _inputs(rule: InputRule) -> dict[str, Any]:
    return {"accepts": sorted(rule.accepts), "at_least": rule.at_least, "at_most": rule.at_most}


def _outputs(rule: OutputRule) -> dict[str, Any]:
    ports = [
        {"type": port.type, "carries": port.carries, "config": port.config.model_json_schema(by_alias=True)}
        for port in rule.ports
    ]
    return {"ports": ports, "at_least": rule.at_least, "at_most": rule.at_most}
