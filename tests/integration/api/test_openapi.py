"""The API's description: valid, complete, the same every time, and kept."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.integration.api.routes import routes
from tests.integration.api.table import IN_PROJECT, Row, address
from tests.integration.api.world import World


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


PAGED = {"cursor", "limit", "order"}
# What is one thing with parts rather than a list of things, or the closed catalogue of this product's own kinds.
NO_LISTS = {
    "/api/hosts/": "a picture of one moment: hosts and the line before them",
    "/api/notifications/changes/": "followed by number",
    "/api/step-kinds/": "the closed catalogue that comes with the product",
    "/api/workflows/{id}/subscriptions/": "one switch with all its rows",
    "/api/runs/{id}/steps/{name}/figures/": "parts of one step",
    "/api/runs/{id}/steps/{name}/metrics/": "parts of one step",
    "/api/runs/{id}/steps/{name}/outputs/": "parts of one step",
}


def lists_of(description: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The parameters of every address that answers a list, by their names."""
    found = {}
    for path, item in description["paths"].items():
        answer = item.get("get", {}).get("responses", {}).get("200", {}).get("content", {}).get("application/json", {})
        shape = answer.get("schema", {})
        shape = description["components"]["schemas"][shape["$ref"].rpartition("/")[2]] if "$ref" in shape else shape
        if "items" in shape.get("properties", {}) and path not in NO_LISTS:
            parameters = {each["name"]: each for each in item["get"].get("parameters", []) if each["in"] == "query"}
            found[path] = {**parameters, "": shape}
    return found


def test_it_pages_filters_and_orders_every_list(description: dict[str, Any]) -> None:
    lists = lists_of(description)

    assert len(lists) >= 25
    assert set(NO_LISTS) <= set(description["paths"])
    for path, parameters in lists.items():
        names = set(parameters) - {""}
        assert names >= PAGED, f"{path} has no {', '.join(PAGED - names)}"
        assert names - PAGED - {"path"}, f"{path} has nothing to filter by"
        assert "next" in parameters[""]["properties"], path
        order, limit = parameters["order"]["schema"], parameters["limit"]["schema"]
        assert {each.removeprefix("-") for each in order["enum"] if each.startswith("-")}, path
        assert order["default"] in order["enum"], path
        assert {"minimum", "maximum", "default"} <= set(limit), path


@pytest.mark.django_db
def test_it_refuses_what_a_list_cannot_be_asked_for(description: dict[str, Any], world: World) -> None:
    """With the code and the place of each value that cannot be."""
    wrong = {"order": "nonsense", "limit": "0", "cursor": "!", "nobody_asks_this": "1"}
    manager = world.people.api("manager")
    for path, parameters in lists_of(description).items():
        needed = f"{IN_PROJECT}&path=/default/".format(**world.ids) if "path" in parameters else ""
        for name, value in wrong.items():
            row = Row("viewer", query=f"{needed}&{name}={value}".lstrip("&"))
            answer = manager.call("GET", address(path, row, world), None)
            told = answer.json()
            assert answer.status_code == 422, (path, name, told)
            assert {each["path"] for each in told["problems"]} == {f"/{name}"}, (path, told)
            assert {each["code"].partition(".")[0] for each in told["problems"]} == {"request"}, (path, told)


@pytest.mark.django_db
def test_it_walks_every_list_page_by_page_in_both_directions(description: dict[str, Any], world: World) -> None:
    """One at a time, each thing comes once, and backwards is the other way round."""
    manager = world.people.api("manager")
    for path, parameters in lists_of(description).items():
        needed = f"{IN_PROJECT}&path=/default/&".format(**world.ids) if "path" in parameters else ""
        for name in {each.removeprefix("-") for each in parameters["order"]["schema"]["enum"]}:
            there, back = (_walked(manager, world, path, f"{needed}limit=1&order={sign}{name}") for sign in ("", "-"))
            assert len({json.dumps(each, sort_keys=True) for each in there}) == len(there), path
            folders = path == "/api/storage/entries/"
            assert folders or [_told(each) for each in back] == [_told(each) for each in reversed(there)], (path, name)


@pytest.mark.django_db
def test_it_finds_nothing_where_no_name_holds_the_words(description: dict[str, Any], world: World) -> None:
    """And what is there by every word of it, in whatever case."""
    manager = world.people.api("manager")
    searched = 0
    for path, parameters in lists_of(description).items():
        if "search" not in parameters:
            continue
        assert _walked(manager, world, path, "search=no-such-word&limit=200") == [], path
        there = _walked(manager, world, path, "limit=200")
        for name in filter(None, [_name(each) for each in there[:1]]):
            found = _walked(manager, world, path, f"limit=200&search={quote(name.upper())}")
            assert name in [_name(each) for each in found], path
            searched += 1
    assert searched >= 8


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "some", "none"),
    [
        ("/api/workflows/", "released=true", "released=false"),
        ("/api/workflows/", "created_by=author", "created_by=viewer"),
        ("/api/projects/", "role=manager", "role=viewer"),
        ("/api/projects/{id}/members/", "role=viewer", "role=viewer&search=manager"),
        ("/api/projects/{id}/invitations/", "role=viewer", "role=manager"),
        ("/api/flavors/", "declared=true", "declared=false"),
        ("/api/runs/", "created_by=operator", "created_after=2999-01-01T00:00:00Z"),
        ("/api/runs/", "created_before=2999-01-01T00:00:00Z", "scene=none"),
    ],
)
def test_it_filters_by_what_people_look_for(world: World, path: str, some: str, none: str) -> None:
    manager = world.people.api("manager")
    assert _walked(manager, world, path, f"limit=200&{some}")
    mine = [each for each in _walked(manager, world, path, f"limit=200&{none}") if not each.get("personal")]
    assert mine == []


def _name(item: dict[str, Any]) -> str:
    """What a row of a list is told from others by."""
    words = (
        "title",
        "version",
        "username",
        "name",
        "flavor_id",
        "pool_id",
        "label",
        "algorithm_id",
        "asset",
        "workflow",
    )
    return next((str(item[word]) for word in words if isinstance(item.get(word), str) and item[word]), "")


def _walked(person: Any, world: World, path: str, query: str) -> list[Any]:
    found: list[Any] = []
    cursor = ""
    while True:
        answer = person.call("GET", address(path, Row("viewer", query=f"{query}{cursor}"), world), None)
        assert answer.status_code == 200, (path, query, answer.content)
        page = answer.json()
        found += page["items"]
        if page["next"] is None:
            return found
        cursor = f"&cursor={page['next']}"


def _told(item: Any) -> str:
    """Without what moves on while we look."""
    return json.dumps({name: value for name, value in item.items() if not name.startswith("last_")}, sort_keys=True)
