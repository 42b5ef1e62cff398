"""Small workflows in few words, for tests that need a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from backend.domain.design.load import parse_document
from backend.domain.run.part import Part
from backend.domain.run.plan import Plan, make_plan
from backend.domain.run.resources import Resources

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
FLAVORS = {"small": Resources(cpu=1, memory_mb=512), "gpu1": Resources(cpu=4, memory_mb=4096, gpus=1)}

Json = dict[str, Any]


def parameter(name: str) -> Json:
    return {"$parameter": name}


def output(step: str, name: str = "out") -> Json:
    return {"$output": {"step": step, "output": name}}


def any_of(*steps: str) -> Json:
    return {"$any_of": [output(step) for step in steps]}


def metric(step: str, key: str = "accuracy") -> Json:
    return {"$metric": {"step": step, "output": "metrics", "key": key}}


def condition(kind: str, left: Any, right: Any) -> Json:
    return {"type": kind, "left": left, "right": right}


def job(
    name: str,
    after: Iterable[str] = (),
    *,
    takes: Any = None,
    skip: Iterable[Json] = (),
    uses: Iterable[str] = (),
    flavor: Any = None,
    minutes: float = 60,
) -> Json:
    """A job `after` others; `takes` is the data of its one input, `uses` the parameters of its script."""
    properties: Json = {
        "algorithm": {
            "command": ["true"],
            "parameters": [{"name": used, "value": parameter(used)} for used in uses],
        }
    }
    if flavor is not None:
        properties["spec"] = {"resource": {"flavor": flavor}}
    return {
        "id": name,
        "name": name,
        "kind": "job",
        "inputs": [] if takes is None else [{"name": "data_url", "data": takes}],
        "outputs": [
            {"name": "out", "type": "obs", "config": {"obs_path": "/default/out/"}},
            {"name": "metrics", "type": "metrics", "config": {"metric_files": ["/default/out/metrics.json"]}},
        ],
        "properties": properties,
        "policy": {"max_execution_minutes": minutes, "skip_conditions": list(skip)},
        "depends_on": list(after),
    }


def branch(
    name: str,
    conditions: Iterable[Json],
    *,
    then: Iterable[str] = (),
    other: Iterable[str] = (),
    after: Iterable[str] = (),
) -> Json:
    return {
        "id": name,
        "name": name,
        "kind": "condition",
        "properties": {
            "conditions": list(conditions),
            "if_then_steps": list(then),
            "else_then_steps": list(other),
        },
        "depends_on": list(after),
    }


def placeholder(name: str, kind: str, **more: Any) -> Json:
    return {"id": name, "name": name, "type": kind, **more}


def document(*steps: Json, parameters: Iterable[Json] = ()) -> Json:
    return {"schema": 1, "name": "example", "parameters": list(parameters), "steps": list(steps)}


def plan_of(raw: Json, values: Mapping[str, Any] | None = None, part: Part | None = None) -> Plan:
    parsed, problems = parse_document(raw)
    assert parsed is not None, problems
    return make_plan(parsed, values or {}, flavors=FLAVORS, part=part)
