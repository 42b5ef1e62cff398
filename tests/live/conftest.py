"""A real web server for the sockets, on the test's database and Redis; the test itself stays synchronous."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import uvicorn
from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path
from pytest_django.fixtures import Settings

from backend.apps.accounts.models import User
from backend.apps.accounts.services import token_create
from backend.apps.runs import failpoints, outbox, store
from backend.live.consumers import MeSocket, RunSocket
from backend.live.limits import Limits
from tests.harness.invariants import assert_all_invariants
from tests.harness.runs import person

FAST = Limits(ping_seconds=1.0, authorise_seconds=0.3, send_seconds=1.0, poll_seconds=0.5)


@pytest.fixture(autouse=True)
def sound_runs(transactional_db: None, redis_url: str, settings: Settings) -> Iterator[None]:
    # Test hosts say nothing after they registered, and a busy machine may take its time.
    settings.PIPELOOM_HOST_STALE_SECONDS = 600
    store.cache_clear()
    yield
    failpoints.arm("")
    outbox.publishing_stop()
    assert_all_invariants()


@dataclass
class SocketServer:
    port: int
    server: uvicorn.Server

    def url(self, run: Any, query: str = "") -> str:
        return f"ws://127.0.0.1:{self.port}/ws/runs/{getattr(run, 'pk', run)}/{query}"


@pytest.fixture
def socket_server() -> Iterator[Callable[..., SocketServer]]:
    """`socket_server(limits)` starts one; all of them end with the test."""
    started: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(limits: Limits = FAST) -> SocketServer:
        routes = URLRouter([path("ws/runs/<uuid:id>/", RunSocket(limits)), path("ws/me/", MeSocket(limits))])
        application = ProtocolTypeRouter({"websocket": routes})
        config = uvicorn.Config(
            application, host="127.0.0.1", port=0, lifespan="off", log_level="warning", ws_max_size=64 * 1024 * 2
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        deadline = time.monotonic() + 20
        while not server.started:
            assert time.monotonic() < deadline, "the socket server did not start"
            time.sleep(0.005)
        started.append((server, thread))
        return SocketServer(server.servers[0].sockets[0].getsockname()[1], server)

    yield start
    for server, thread in started:
        server.should_exit = True
        server.force_exit = True
        thread.join(20)


@pytest.fixture
def bearer() -> dict[str, str]:
    return bearer_of(person())


def bearer_of(user: User) -> dict[str, str]:
    return {"Authorization": f"Bearer {token_create(user=user, name='test')}"}
