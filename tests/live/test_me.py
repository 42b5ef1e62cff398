"""The socket of one's own: what one is told, live, by number, and only to oneself."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from backend.apps.accounts.models import ApiToken, Role
from backend.apps.accounts.services import member_remove, member_set
from backend.apps.notifications import services
from backend.apps.notifications.models import Notification
from backend.apps.notifications.reconcile import Messenger
from backend.apps.runs import services as runs
from tests.harness.notices import asking, followed, row, run_of, tell
from tests.harness.runs import FakeAgent, chain, host, person
from tests.live.conftest import SocketServer, bearer_of
from tests.live.test_sockets import DEADLINE, code_of, until

Server = Callable[..., SocketServer]


def me(server: SocketServer, query: str = "") -> str:
    return f"ws://127.0.0.1:{server.port}/ws/me/{query}"


def of(frames: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each["notification"] for each in frames if each["type"] == "notification"]


def test_it_tells_live_and_says_who_answered(socket_server: Server, bearer: dict[str, str]) -> None:
    host()
    version = followed(asking("ask"))
    member_set(project=version.workflow.project, user=person("bob"), role=Role.OPERATOR)
    row(version, step="ask")
    messenger = Messenger()
    messenger.start()
    try:
        with connect(me(socket_server()), additional_headers=bearer) as socket:
            until(socket, lambda frame: frame["type"] == "todo" and frame["count"] == 0)
            run = run_of(version)
            asked = of(until(socket, lambda frame: frame["type"] == "notification"))[0]
            assert (asked["occasion"], asked["step"], asked["settled_by"]) == ("waiting", "ask", "")
            assert asked["content"]["path"] == f"/runs/{run.pk}?step=ask"
            runs.step_continue(run_id=run.pk, step="ask", values={"value_ask": "x"}, by=person("bob"))
            answered = of(until(socket, lambda frame: bool(of([frame])) and frame["notification"]["settled_at"]))[-1]
            assert (answered["id"], answered["settled_by"]) == (asked["id"], "bob")
            FakeAgent().work()
    finally:
        messenger.stop()


def test_it_tells_everybody_of_the_project_that_something_waits(socket_server: Server) -> None:
    """Also those who follow nothing: the to-do list is theirs."""
    host()
    version = followed(asking("ask"))
    member_set(project=version.workflow.project, user=person("bob"), role=Role.OPERATOR)
    with connect(me(socket_server()), additional_headers=bearer_of(person("bob"))) as socket:
        until(socket, lambda frame: frame["type"] == "todo" and frame["count"] == 0)
        run = run_of(version)
        tell()
        until(socket, lambda frame: frame["type"] == "todo" and frame["count"] == 1)
        runs.step_continue(run_id=run.pk, step="ask", values={"value_ask": "x"}, by=person())
        until(socket, lambda frame: frame["type"] == "todo" and frame["count"] == 0)
    FakeAgent().work()


def test_it_goes_on_after_the_number_that_the_client_has(socket_server: Server, bearer: dict[str, str]) -> None:
    host()
    version = followed(chain(1))
    row(version, "success", step="s0")
    for _ in range(3):
        run_of(version)
    FakeAgent().work()
    tell()
    server = socket_server()
    with connect(me(server), additional_headers=bearer) as socket:
        frames = until(socket, lambda frame: frame.get("seq") == 3)
        assert [each["seq"] for each in of(frames)] == [1, 2, 3]
    services.notification_done(notification=Notification.objects.get(seq=1), done=True)
    with connect(me(server, "?after=2"), additional_headers=bearer) as socket:
        frames = until(socket, lambda frame: frame.get("seq") == 4)
        assert [(each["seq"], each["done"]) for each in of(frames)] == [(3, False), (4, True)]


@pytest.mark.parametrize("after", ["99", "x", "-1", ""])
def test_it_answers_a_bad_number_with_the_right_one(socket_server: Server, bearer: dict[str, str], after: str) -> None:
    with connect(me(socket_server(), f"?after={after}"), additional_headers=bearer) as socket:
        first = json.loads(socket.recv(DEADLINE))
    assert first == ({"type": "todo", "count": 0} if after == "" else {"type": "resync", "seq": 0})


def test_it_needs_no_hint(socket_server: Server, bearer: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Redis may be away: once a poll it looks anyway."""
    host()
    monkeypatch.setattr("backend.shared.broker.publish_hint", lambda *_: False)
    version = followed(chain(1))
    row(version, "success")
    with connect(me(socket_server()), additional_headers=bearer) as socket:
        run_of(version)
        FakeAgent().work()
        tell()
        assert of(until(socket, lambda frame: frame["type"] == "notification"))[0]["occasion"] == "success"


def test_it_shows_nothing_of_a_project_that_one_has_left(socket_server: Server) -> None:
    host()
    version = followed(chain(1))
    member_set(project=version.workflow.project, user=person("bob"), role=Role.VIEWER)
    row(version, "success", by=person("bob"))
    run_of(version)
    FakeAgent().work()
    tell()
    member_remove(project=version.workflow.project, user=person("bob"))
    with connect(me(socket_server()), additional_headers=bearer_of(person("bob"))) as socket:
        assert of(until(socket, lambda frame: frame["type"] == "ping")) == []


def test_it_closes_on_nobody_and_when_the_token_is_revoked(socket_server: Server, bearer: dict[str, str]) -> None:
    server = socket_server()
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        with connect(me(server), additional_headers=headers) as socket:
            assert code_of(socket) == 4401
    with connect(me(server), additional_headers=bearer) as socket:
        ApiToken.objects.all().delete()
        assert code_of(socket) == 4401


@pytest.mark.parametrize("origin", [None, "https://evil.example", "null", "http://127.0.0.1:1", "http://localhost"])
def test_it_lets_no_foreign_page_use_a_session(socket_server: Server, origin: str | None) -> None:
    browser = Client()
    browser.force_login(person())
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={browser.session.session_key}"}
    with (
        pytest.raises(InvalidStatus) as refused,
        connect(me(socket_server()), additional_headers=cookie, origin=origin),
    ):
        pass
    assert refused.value.response.status_code == 403


def test_it_lets_our_own_page_use_the_session_until_it_ends(socket_server: Server) -> None:
    browser = Client()
    browser.force_login(person())
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={browser.session.session_key}"}
    own = settings.PIPELOOM_PUBLIC_URL
    with connect(me(socket_server()), additional_headers=cookie, origin=own) as socket:
        assert json.loads(socket.recv(DEADLINE))["type"] == "todo"
        browser.logout()
        assert code_of(socket) == 4401
