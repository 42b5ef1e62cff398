"""W02 and W04: clients that do not read, and a stream without any hint."""

import json
import time
from collections.abc import Callable
from typing import Any

from websockets.sync.client import connect

from backend.apps.runs import outbox, services
from backend.live.consumers import RunSocket, tails
from tests.harness.runs import FakeAgent, chain, host, start, token_of
from tests.live.conftest import SocketServer
from tests.live.test_sockets import until

LARGE = [{"key": "t", "title": "t" * 900_000, "type": "float", "data": {"value": 1}}]


def write(token: str, items: list[dict[str, Any]]) -> None:
    """Without a delta every client must be sent the whole."""
    services.attempt_metrics(token=token, updates=[services.MetricsUpdate("m", "/default/m.json", items, None)])


def test_w04_it_gives_up_a_client_that_does_not_read_and_serves_the_others(
    socket_server: Callable[..., SocketServer], bearer: dict[str, str]
) -> None:
    outbox.publishing_start()
    host()
    run = start(chain(1))
    token = token_of(run, "s0")
    FakeAgent().claim(token)
    server = socket_server()
    before = RunSocket.open_sockets
    options: dict[str, Any] = {"additional_headers": bearer, "max_size": None}
    with (
        connect(server.url(run), **options) as reading,
        connect(server.url(run), **options, max_queue=1, close_timeout=0.5),
    ):
        deadline = time.monotonic() + 60
        revision = 0
        while RunSocket.open_sockets > before + 1 or revision < 3:
            assert time.monotonic() < deadline, "the client that does not read is still served"
            write(token, LARGE)
            revision += 1
            frame = until(reading, lambda frame: frame["type"] == "metrics")[-1]
            assert frame["rev"] <= revision
        assert json.loads(reading.recv(20))["type"] in {"ping", "metrics"}
    deadline = time.monotonic() + 20
    while RunSocket.open_sockets > before and time.monotonic() < deadline:
        time.sleep(0.02)
    assert RunSocket.open_sockets == before
    while len(tails) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(tails) == 0
    services.attempt_lost(token=token, reason="order.lease_over")
