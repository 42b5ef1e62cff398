"""The permission matrix: every address × method × kind of person, enumerated from the URL configuration."""

from typing import Any

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.db import transaction
from django.test import Client

from backend.apps.accounts.models import Role
from backend.live.routing import websocket_application, websocket_urlpatterns
from tests.integration.api.routes import UNSAFE, Route, routes
from tests.integration.api.table import SOCKETS, TABLE, Row, address
from tests.integration.api.world import World

pytestmark = pytest.mark.django_db
ALL = routes()
WHO = ("anonymous", "other", *Role.values)


def test_it_has_a_row_for_every_route_and_a_route_for_every_row() -> None:
    assert sorted(str(route) for route in ALL) == sorted(TABLE)


def test_it_has_a_row_for_every_socket() -> None:
    """The last pattern catches what is no socket at all."""
    assert [str(each.pattern) for each in websocket_urlpatterns[:-1]] == list(SOCKETS)


def _call(world: World, who: str, route: Route, row: Row) -> Any:
    """One request whose effects are undone, so that the next person finds the same world."""
    world.put_file_back()
    with transaction.atomic():
        body = row.body if isinstance(row.body, bytes) or row.body is None else None
        more: dict[str, Any] = {} if body is None else {"data": body, "content_type": "application/octet-stream"}
        given = row.body(world) if callable(row.body) else None
        answer = world.people.api(who).call(route.method, address(route.path, row, world), given, **more)
        transaction.set_rollback(True)
    return answer


def _expected(row: Row, who: str) -> tuple[int, ...]:
    if row.role == "anyone":
        return row.answers
    if who == "anonymous":
        return (401,)
    if row.role == "signed in":
        return row.answers
    if row.role == "owner":
        return row.answers if who == "author" else (404,)
    if who == "other":
        return (404,)
    allowed = Role.values.index(who) >= Role.values.index(row.role)
    return row.answers if allowed else (403,)


@pytest.mark.parametrize("route", ALL, ids=str)
def test_it_lets_in_exactly_those_who_may(route: Route, world: World) -> None:
    row = TABLE[str(route)]

    found = {who: _call(world, who, route, row) for who in WHO}

    wrong = {
        who: (answer.status_code, _expected(row, who), b"".join(answer)[:300])
        for who, answer in found.items()
        if answer.status_code not in _expected(row, who)
    }
    assert not wrong


@pytest.mark.parametrize("route", [each for each in ALL if "{id}" in each.path], ids=str)
def test_it_says_the_same_of_a_strangers_thing_and_of_none(route: Route, world: World) -> None:
    row = TABLE[str(route)]
    nobody = world.ids["workflow"][:-12] + "0" * 12
    theirs = _call(world, "other", route, row)
    none = _call(World(world.people, world.workflow, dict.fromkeys(world.ids, nobody)), "other", route, row)

    assert (theirs.status_code, theirs.json()) == (none.status_code, none.json())


@pytest.mark.parametrize(
    "path",
    [
        "workflows",
        "runs",
        "datasets",
        "models",
        "algorithms",
        "images",
        "gallery/assets",
        "todo",
        "topics",
        "subscriptions",
        "schedules",
    ],
)
def test_it_lists_nothing_of_others(path: str, world: World) -> None:
    listed = world.people.api("other").get(f"/api/{path}/").json()["items"]
    seen = world.people.api("viewer").get(f"/api/{path}/").json()["items"]

    assert listed == []
    assert seen or path == "todo"


@pytest.mark.parametrize("route", [each for each in ALL if each.method in UNSAFE], ids=str)
def test_it_wants_a_csrf_token_with_a_session(route: Route, world: World) -> None:
    """A session cookie alone must never change anything: another site's page could send it."""
    row = TABLE[str(route)]
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.people.manager)
    given = row.body(world) if callable(row.body) else {}

    answer = browser.generic(
        route.method,
        address(route.path, row, world),
        "{}" if not given else str(given),
        content_type="application/json",
    )

    assert answer.status_code == 403
    if route.path.startswith("/api/"):
        assert answer.json()["code"] == "auth.csrf"


def test_it_takes_a_session_with_its_csrf_token(world: World) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.people.author)
    browser.get(f"/sign-in/{world.ids['sign_in']}/")
    token = next(value.value for name, value in browser.cookies.items() if "csrf" in name)

    answer = browser.post(
        "/api/tokens/", {"name": "by hand"}, content_type="application/json", headers={"X-CSRFToken": token}
    )

    assert answer.status_code == 201


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("pattern", SOCKETS)
@pytest.mark.parametrize("who", WHO)
async def test_it_sends_frames_to_those_who_may_listen(who: str, pattern: str, committed_world: World) -> None:
    api = await sync_to_async(committed_world.people.api)(who)
    headers = [(name.lower().encode(), value.encode()) for name, value in api.headers.items()]
    path = "/" + pattern.replace("<uuid:id>", committed_world.ids["run"])
    scope = {"type": "websocket", "path": path, "query_string": b"after=0", "headers": headers, "subprotocols": []}
    socket = ApplicationCommunicator(websocket_application, scope)

    first = await _first_messages(socket)

    allowed = who in Role.values or (SOCKETS[pattern] == "signed in" and who != "anonymous")
    assert ("websocket.send" in first) == allowed
    assert ("websocket.close" in first) != allowed


async def _first_messages(socket: Any) -> list[str]:
    """What comes until the first frame or the end."""
    await socket.send_input({"type": "websocket.connect"})
    kinds: list[str] = []
    while not kinds or kinds[-1] == "websocket.accept":
        kinds.append((await socket.receive_output(timeout=10))["type"])
    if kinds[-1] == "websocket.send":
        await socket.send_input({"type": "websocket.disconnect", "code": 1000})
    await socket.wait(timeout=10)
    return kinds
