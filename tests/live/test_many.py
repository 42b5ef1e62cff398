"""W03, and the rest of W05 to W07: crowds, floods, and people who lose their place while they listen."""

import asyncio
import json
import os
import threading
from collections.abc import Callable
from typing import Any

from websockets.asyncio.client import connect as connect_async
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from backend.apps.accounts.models import Role
from backend.apps.accounts.services import member_remove, member_set
from backend.apps.runs import outbox
from backend.apps.runs.models import Run
from backend.live.limits import Limits
from tests.harness.runs import FakeAgent, chain, fan, host, person, start
from tests.live.conftest import SocketServer, bearer_of
from tests.live.test_sockets import DEADLINE, code_of, until

SOCKETS = int(os.environ.get("PIPELOOM_W03_SOCKETS", "150"))
RUNS = int(os.environ.get("PIPELOOM_W03_RUNS", "10"))
CROWD = Limits(ping_seconds=60.0, authorise_seconds=60.0)


class Crowd:
    """Many clients in one thread; each notes the numbers that it was told."""

    def __init__(self, urls: list[str], headers: dict[str, str]) -> None:
        self._urls, self._headers = urls, headers
        self.told: list[list[int]] = []
        self.open = 0
        self._thread = threading.Thread(target=lambda: asyncio.run(self._all()), daemon=True)

    def begin(self) -> None:
        self.told = [[] for _ in self._urls]
        self._thread.start()

    def end(self) -> None:
        self._thread.join(120)
        assert not self._thread.is_alive(), f"{sum(1 for each in self.told if not each)} clients heard nothing"

    async def _all(self) -> None:
        await asyncio.gather(*(self._one(number, url) for number, url in enumerate(self._urls)))

    async def _one(self, number: int, url: str) -> None:
        async with connect_async(url, additional_headers=self._headers, proxy=None, open_timeout=60) as socket:
            self.open += 1
            async for text in socket:
                frame = json.loads(text)
                if "seq" in frame and frame["type"] != "ping":
                    self.told[number].append(frame["seq"])
                if frame["type"] == "run_finished":
                    return


def test_w03_a_crowd_misses_nothing_also_when_all_of_it_comes_back_at_once(
    socket_server: Callable[..., SocketServer], bearer: dict[str, str]
) -> None:
    outbox.publishing_start()
    host(cpu=8)
    runs = [start(fan(6)) for _ in range(RUNS)]
    server = socket_server(CROWD)
    urls = [server.url(runs[number % RUNS], "?after=0") for number in range(SOCKETS)]
    first = Crowd(urls, bearer)
    first.begin()
    # The runs go on while the clients are still coming.
    agent = FakeAgent()
    while Run.objects.filter(state="running").exists():
        agent.work(limit=5)
    first.end()
    again = Crowd(urls, bearer)
    again.begin()
    again.end()
    for number in range(SOCKETS):
        whole = list(range(1, Run.objects.get(pk=runs[number % RUNS].pk).seq + 1))
        assert first.told[number] == whole
        assert again.told[number] == whole


def test_w05_a_flood_of_frames_ends_its_own_connection_only(
    socket_server: Callable[..., SocketServer], bearer: dict[str, str]
) -> None:
    host(cpu=1)
    run = start(chain(1))
    server = socket_server(Limits(ping_seconds=2.0, authorise_seconds=60.0))
    with connect(server.url(run), additional_headers=bearer) as quiet:
        with connect(server.url(run), additional_headers=bearer) as loud:
            sent = 0
            try:
                for _ in range(10_000):
                    loud.send('{"type": "ping"}')
                    sent += 1
            except ConnectionClosed:
                pass
            assert sent > 100
            assert code_of(loud) == 1008
        assert until(quiet, lambda frame: frame["type"] == "ping")


def test_w06_a_person_who_leaves_the_project_hears_nothing_more(socket_server: Callable[..., SocketServer]) -> None:
    outbox.publishing_start()
    host()
    run = start(chain(2))
    guest = person("guest")
    project = run.project
    member_set(project=project, user=guest, role=Role.VIEWER)
    with connect(socket_server().url(run, f"?after={run.seq}"), additional_headers=bearer_of(guest)) as socket:
        member_remove(project=project, user=guest)
        assert code_of(socket) == 4404
        FakeAgent().work()


def test_w07_a_number_of_another_run_shows_nothing_of_it(
    socket_server: Callable[..., SocketServer], bearer: dict[str, str]
) -> None:
    outbox.publishing_start()
    host()
    large, small = start(fan(5)), start(chain(1))
    FakeAgent().work()
    large.refresh_from_db()
    small.refresh_from_db()
    assert large.seq > small.seq
    with connect(socket_server().url(small, f"?after={large.seq}"), additional_headers=bearer) as socket:
        first: dict[str, Any] = json.loads(socket.recv(DEADLINE))
        assert first == {"type": "resync", "run": str(small.pk), "seq": small.seq}
        frames = until(socket, lambda frame: frame["type"] == "ping")
    assert {frame["run"] for frame in [first, *frames] if "run" in frame} == {str(small.pk)}
