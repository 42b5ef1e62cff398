"""The run's socket: who gets in, what comes out, and what ends it."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from backend.apps.accounts.models import ApiToken
from backend.apps.runs import outbox, services
from backend.apps.runs.models import Run
from backend.apps.runs.selectors import attempt_name
from backend.live.limits import Limits
from tests.harness.runs import FakeAgent, chain, host, person, start, token_of
from tests.live.conftest import SocketServer, bearer_of

Server = Callable[..., SocketServer]
DEADLINE = 20.0


def until(socket: ClientConnection, wanted: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
    """All frames up to the wanted one."""
    frames: list[dict[str, Any]] = []
    deadline = time.monotonic() + DEADLINE
    while time.monotonic() < deadline:
        frames.append(json.loads(socket.recv(DEADLINE)))
        if wanted(frames[-1]):
            return frames
    raise AssertionError(f"not within {DEADLINE:.0f} s; last were {frames[-5:]}")


def code_of(socket: ClientConnection) -> int | None:
    """With which code the server ends the connection."""
    deadline = time.monotonic() + DEADLINE
    while time.monotonic() < deadline:
        try:
            socket.recv(DEADLINE)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None
    raise AssertionError("the server did not end the connection")


def test_it_sends_every_fact_once_and_in_order(socket_server: Server, bearer: dict[str, str]) -> None:
    outbox.publishing_start()
    host()
    run = start(chain(3))
    with connect(socket_server().url(run, "?after=0"), additional_headers=bearer) as socket:
        FakeAgent().work()
        frames = until(socket, lambda frame: frame["type"] == "run_finished")
    facts = [frame["seq"] for frame in frames if "seq" in frame and frame["type"] != "ping"]
    assert facts == list(range(1, Run.objects.get(pk=run.pk).seq + 1))


def test_w02_it_needs_no_hint(socket_server: Server, bearer: dict[str, str]) -> None:
    """Without a publisher nothing goes through Redis; the poll alone must do."""
    host()
    run = start(chain(2))
    with connect(socket_server().url(run), additional_headers=bearer) as socket:
        FakeAgent().work()
        assert until(socket, lambda frame: frame["type"] == "run_finished")


def test_it_sends_metrics_as_changes_and_heals_with_the_whole(socket_server: Server, bearer: dict[str, str]) -> None:
    outbox.publishing_start()
    host()
    run = start(chain(1))
    token = token_of(run, "s0")
    FakeAgent().claim(token)
    server = socket_server()

    def write(number: int, delta: Any) -> None:
        value = [{"key": "loss", "title": "loss", "type": "float", "data": {"value": number}}]
        update = services.MetricsUpdate("metrics", "/default/m.json", value, delta)
        services.attempt_metrics(token=token, updates=[update])

    write(1, None)
    with connect(server.url(run, "?after=0"), additional_headers=bearer) as socket:
        first = until(socket, lambda frame: frame["type"] == "metrics")[-1]
        assert (first["rev"], first["value"][0]["data"]["value"]) == (1, 1)
        write(2, {"some": "change"})
        second = until(socket, lambda frame: frame["type"] == "metrics")[-1]
        assert (second["rev"], second["delta"]) == (2, {"some": "change"})
        write(3, None)
        third = until(socket, lambda frame: frame["type"] == "metrics")[-1]
        assert (third["rev"], third["value"][0]["data"]["value"]) == (3, 3)


def test_it_tells_that_a_log_grew(socket_server: Server, bearer: dict[str, str]) -> None:
    outbox.publishing_start()
    host()
    run = start(chain(1))
    token = token_of(run, "s0")
    FakeAgent().claim(token)
    with connect(socket_server().url(run), additional_headers=bearer) as socket:
        for size in range(1, 50):
            services.attempt_log_grew(token=token, size=size)
        frames = until(socket, lambda frame: frame["type"] == "log_grew" and frame["size"] == 49)
    assert frames[-1]["attempt"] == attempt_name(token)
    assert len([frame for frame in frames if frame["type"] == "log_grew"]) < 49


@pytest.mark.parametrize("after", ["999", "-1", "abc", "", "9" * 40, "1e3"])
def test_w07_it_answers_a_bad_number_with_the_right_one(
    socket_server: Server, bearer: dict[str, str], after: str
) -> None:
    host(cpu=1)
    run = start(chain(1))
    with connect(socket_server().url(run, f"?after={after}"), additional_headers=bearer) as socket:
        first = json.loads(socket.recv(DEADLINE))
    if after == "":
        assert first["seq"] == 1
    else:
        assert first == {"type": "resync", "run": str(run.pk), "seq": run.seq}


def test_it_closes_on_a_stranger_and_on_nobody(socket_server: Server, bearer: dict[str, str]) -> None:
    host(cpu=1)
    run = start(chain(1))
    server = socket_server()
    with connect(server.url(run), additional_headers=bearer_of(person("eve"))) as socket:
        assert code_of(socket) == 4404
    with connect(server.url(run), additional_headers={"Authorization": "Bearer wrong"}) as socket:
        assert code_of(socket) == 4401
    with connect(server.url(run)) as socket:
        assert code_of(socket) == 4401
    with connect(server.url("00000000-0000-7000-8000-000000000000"), additional_headers=bearer) as socket:
        assert code_of(socket) == 4404


@pytest.mark.parametrize("origin", [None, "https://evil.example", "null", "http://127.0.0.1:1", "http://localhost"])
def test_it_lets_no_foreign_page_use_a_session(socket_server: Server, origin: str | None) -> None:
    host(cpu=1)
    run = start(chain(1))
    browser = Client()
    browser.force_login(person())
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={browser.session.session_key}"}
    with (
        pytest.raises(InvalidStatus) as refused,
        connect(socket_server().url(run), additional_headers=cookie, origin=origin),
    ):
        pass
    assert refused.value.response.status_code == 403


def test_w06_it_lets_our_own_page_use_the_session_until_it_ends(socket_server: Server) -> None:
    host(cpu=1)
    run = start(chain(1))
    browser = Client()
    browser.force_login(person())
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={browser.session.session_key}"}
    own = settings.PIPELOOM_PUBLIC_URL
    with connect(socket_server().url(run), additional_headers=cookie, origin=own) as socket:
        assert json.loads(socket.recv(DEADLINE))["type"] == "run_created"
        browser.logout()
        assert code_of(socket) == 4401


def test_w06_it_ends_when_the_token_is_revoked_and_when_the_run_is_gone(
    socket_server: Server, bearer: dict[str, str]
) -> None:
    host()
    run = start(chain(1))
    FakeAgent().work()
    server = socket_server()
    with connect(server.url(run), additional_headers=bearer) as socket:
        ApiToken.objects.all().delete()
        assert code_of(socket) == 4401
    with connect(server.url(run), additional_headers=bearer_of(person())) as socket:
        services.run_delete(run=run)
        assert code_of(socket) == 4404


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("{", 1007),
        ("[" * 50_000, 1007),
        (b"\x00\x01", 1007),
        ("[]", 1008),
        ('{"type": "drop tables"}', 1008),
        ('{"type": "ping", "x": "' + "x" * 70_000 + '"}', 1009),
        ("x" * 1_000_000, 1009),
    ],
)
def test_w05_it_ends_on_what_is_not_well_said_and_hurts_no_other(
    socket_server: Server, bearer: dict[str, str], caplog: pytest.LogCaptureFixture, said: str | bytes, code: int
) -> None:
    host(cpu=1)
    run = start(chain(1))
    server = socket_server()
    with connect(server.url(run), additional_headers=bearer) as quiet:
        with connect(server.url(run), additional_headers=bearer) as loud:
            loud.send(said)
            assert code_of(loud) == code
        until(quiet, lambda frame: frame["type"] == "ping")
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_it_pings_with_the_number_it_stands_at(socket_server: Server, bearer: dict[str, str]) -> None:
    host(cpu=1)
    run = start(chain(1))
    with connect(socket_server().url(run), additional_headers=bearer) as socket:
        assert until(socket, lambda frame: frame["type"] == "ping")[-1]["seq"] == run.seq


def test_it_answers_whoever_asks_whether_it_is_there(socket_server: Server, bearer: dict[str, str]) -> None:
    run = start(chain(1))
    with connect(socket_server(Limits()).url(run, "?after=0"), additional_headers=bearer) as socket:
        until(socket, lambda frame: frame.get("seq") == run.seq)
        socket.send('{"type": "pong"}')
        for _ in range(3):
            socket.send('{"type": "ping"}')
        answers = [json.loads(socket.recv(DEADLINE)) for _ in range(3)]
        assert [(frame["type"], "seq" in frame) for frame in answers] == [("ping", False)] * 3
        assert [frame["at"] for frame in answers] == sorted(frame["at"] for frame in answers)
