"""Generated requests for every operation of the description, as a member, with a stranger's ids among them.

Whatever comes: no server error, an answer as described, and not a word of what is another's.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS, load_all_checks

from backend.apps.accounts.services import token_create
from tests.integration.api.routes import routes
from tests.integration.api.world import CANARY, World, world_create

pytestmark = pytest.mark.django_db
EXAMPLES = 12
load_all_checks()
WANTED = CHECKS.get_by_names(
    ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"]
)
OPERATIONS = [each for each in routes() if each.path.startswith("/api/") and "docs" not in each.path]
OPERATIONS = [each for each in OPERATIONS if each.name != "schema"]


@pytest.fixture(scope="module")
def description() -> Any:
    made = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))
    made.app = WSGIHandler()
    return made


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """Requests share the test's transaction; Django's test client sees to that in the same way."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def strangers(world: World, home: Any) -> Iterator[World]:
    """A second of everything, whose people the requests do not come from."""
    return world_create(home, prefix=CANARY)


def _ids(world: World, strangers: World, kind: str) -> st.SearchStrategy[str | None]:
    """Mostly ids that lead somewhere; None keeps what was generated."""
    known = [each.ids[kind] for each in (world, strangers) if kind in each.ids]
    return st.sampled_from([*known, *known, None])


def _placed(case: Any, given_id: str | None, world: World, query: dict[str, Any]) -> None:
    if given_id is not None and "id" in (case.path_parameters or {}):
        case.path_parameters["id"] = given_id
    if case.query and "wait" in case.query:
        case.query["wait"] = 0  # nobody has the time
    if case.query is not None:
        case.query.update({name: value for name, value in query.items() if name in case.query})


@pytest.mark.parametrize("route", OPERATIONS, ids=str)
def test_it_answers_any_request_as_described(route: Any, description: Any, world: World, strangers: World) -> None:
    operation = description[route.path][route.method]
    kind = route.path.split("/")[2].removesuffix("s")
    headers = {"Authorization": f"Bearer {token_create(user=world.people.author, name='fuzz')}"}
    projects = st.sampled_from([world.project, strangers.project])
    places = st.sampled_from(["/default/", "/default/a.txt", "/default/../x", "/default/b", "file"])

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE)
        | operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE),
        given_id=_ids(world, strangers, kind),
        query=st.fixed_dictionaries({}, optional={"project": projects, "path": places}),
    )
    def requests(case: Any, given_id: str | None, query: dict[str, Any]) -> None:
        _placed(case, given_id, world, query)
        answer = case.call(headers=headers)
        case.validate_response(answer, checks=WANTED)
        assert CANARY not in answer.text

    requests()
