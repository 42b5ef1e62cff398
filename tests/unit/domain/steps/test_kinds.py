"""The kinds of step, and the schemas that other programs read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from pydantic import BaseModel

from backend.domain.design.schema_export import export
from backend.domain.steps.base import OUTPUT_TYPES, StepKind
from backend.domain.steps.registry import KINDS, kind_of
from tests.unit.domain.design.golden import VALID, valid

SCHEMAS = export()


def test_a_kind_is_found_by_its_name() -> None:
    assert [kind_of(kind.name) for kind in KINDS] == list(KINDS)
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    assert kind_of("no such kind") is None


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_is_described_and_its_ports_are_sound(kind: StepKind) -> None:
    assert kind.title
    assert kind.description.endswith(".")
    assert kind.outputs.at_most is None or kind.outputs.at_least <= kind.outputs.at_most
    assert {port.type for port in kind.outputs.ports} <= set(OUTPUT_TYPES)
    assert (kind.executes == "inline") == (not kind.outputs.ports)


def models(model: type[BaseModel]) -> Iterator[Any]:
    schema = model.model_json_schema()
    yield from (part for part in (schema, *schema.get("$defs", {}).values()) if part.get("type") == "object")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_nothing_unknown_is_taken_anywhere(kind: StepKind) -> None:
    for model in (kind.properties, *(port.config for port in kind.outputs.ports)):
        assert all(schema["additionalProperties"] is False for schema in models(model))


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_its_schema_is_a_schema_and_always_the_same(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name])

    assert json.dumps(export()[name]) == json.dumps(SCHEMAS[name])


@pytest.mark.parametrize("name", VALID)
def test_the_exported_schema_takes_the_valid_documents(name: str) -> None:
    jsonschema.Draft202012Validator(SCHEMAS["workflow.schema.json"]).validate(valid(name))


def test_the_exported_schema_says_what_the_models_say() -> None:
    validator = jsonschema.Draft202012Validator(SCHEMAS["steps/job.schema.json"])

    assert validator.is_valid(valid("fan")["steps"][0]["properties"])
    assert not validator.is_valid({"algorithm": {"command": "a text"}})
    assert not validator.is_valid({"algorithm": {}, "more": 1})
