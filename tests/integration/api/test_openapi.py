"""The API's description: valid, complete, the same every time, and kept."""

import json
from typing import Any

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.integration.api.routes import routes


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return made


def test_it_is_valid_openapi(description: dict[str, Any]) -> None:
    assert description["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(description).iter_errors()) == []


def test_it_describes_without_doubt(description: dict[str, Any]) -> None:
    """A warning of the generator means that it guessed."""
    assert not GENERATOR_STATS


def test_it_is_the_same_every_time(description: dict[str, Any]) -> None:
    again = SchemaGenerator().get_schema(request=None, public=True)

    assert json.dumps(again, sort_keys=True) == json.dumps(description, sort_keys=True)


def test_it_describes_every_address(description: dict[str, Any]) -> None:
    described = {(path, method.upper()) for path, item in description["paths"].items() for method in item}
    exempt = {("/api/docs/", "GET"), ("/api/schema/", "GET")}

    there = {(route.path, route.method) for route in routes() if route.path.startswith("/api/")}

    assert described == there - exempt


def test_it_gives_every_operation_a_name_a_summary_and_its_answers(description: dict[str, Any]) -> None:
    operations = [each for item in description["paths"].values() for each in item.values()]
    names = [each["operationId"] for each in operations]

    assert len(set(names)) == len(names)
    for each in operations:
        assert each.get("summary"), each["operationId"]
        assert each["responses"]["4XX"] == {"$ref": "#/components/responses/Refused"}
        assert any(status.startswith("2") for status in each["responses"])
        assert each["security"] == [{"bearer": []}, {"session": []}]
