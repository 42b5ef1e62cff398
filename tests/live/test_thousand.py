"""W03 as it stands in the list: a thousand sockets on one web process, which keeps its memory, loses nobody's facts,
goes on without those who do not read, and takes all of them back at once."""

import asyncio
import json
import os
import resource
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import psutil
import pytest
from websockets.asyncio.client import ClientConnection, connect

from tests.harness.live_stack import LiveStack, StackStarter

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(900)]
SOCKETS = int(os.environ.get("PIPELOOM_W03_SOCKETS", "1000"))
RUNS = int(os.environ.get("PIPELOOM_W03_RUNS", "50"))
MUTE = 10
"""So many never read what they are sent."""
MOST_MB = 300.0
USUAL_DESCRIPTORS = 1024
SECONDS = 300.0
AT_ONCE = 50
LOUD = """
import time
from pipeloom import metrics
for number in range(40):
    metrics.table("t", values={"words": chr(65 + number % 26) * 900_000})
    time.sleep(0.3)
"""


ASKED = [{"id": "p", "name": "late", "type": "STR", "delay": True}]


def asking(name: str, *command: str) -> dict[str, Any]:
    """A step that begins when somebody has given the value."""
    algorithm = {"command": command, "parameters": [{"name": "v", "value": {"$parameter": "late"}}]}
    return {"id": name, "name": name, "kind": "job", "depends_on": [], "properties": {"algorithm": algorithm}}


def waiting_document() -> dict[str, Any]:
    """Four steps that all wait for one value: its answer is a burst of facts."""
    steps = [asking(f"s{number}", "true") for number in range(4)]
    return {"schema": 1, "name": "Crowded", "parameters": ASKED, "steps": steps}


def loud_document() -> dict[str, Any]:
    """A step that waits, and then rewrites almost a megabyte of metrics again and again."""
    place = {"$storage": {"name": "kept", "path": "loud/metrics.json", "create_dir": False}}
    config = {"metric_files": [place], "realtime_visualization": True, "visualization": True}
    kept = {"name": "kept", "default": "/default/runs/", "create_dir": True, "with_execution_id": True}
    step = {
        **asking("loud", sys.executable, "-c", LOUD),
        "outputs": [{"name": "m", "type": "metrics", "config": config}],
    }
    return {"schema": 1, "name": "Loud", "parameters": ASKED, "storages": [kept], "steps": [step]}


class Crowd:
    """All clients in one thread. Each notes the numbers that it is told, and how old the newest of each were."""

    def __init__(self, urls: list[str], headers: dict[str, str], mute: list[str]) -> None:
        self.told: list[list[int]] = [[] for _ in urls]
        self.late: list[float] = []
        self.open = 0
        self.since: datetime | None = None
        """From when on the age of what comes is worth something: before, it is history."""
        self.error: BaseException | None = None
        self.release = threading.Event()
        self._heard = threading.Event()
        self._urls, self._mute, self._headers = urls, mute, headers
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            asyncio.run(self._all())
        except BaseException as error:  # noqa: BLE001 - told where the test waits
            self.error = error
            self._heard.set()

    def wait_open(self) -> None:
        deadline = time.monotonic() + SECONDS
        while self.open < len(self._urls) + len(self._mute):
            assert self.error is None, self.error
            assert time.monotonic() < deadline, f"only {self.open} sockets are open"
            time.sleep(0.05)
        self.since = datetime.now(UTC)

    def wait(self) -> None:
        heard = self._heard.wait(SECONDS)
        assert self.error is None, self.error
        assert heard, f"{sum(not each for each in self.told)} clients heard nothing"

    async def _all(self) -> None:
        doors = asyncio.Semaphore(AT_ONCE)
        silent = [asyncio.create_task(self._say_nothing(url, doors)) for url in self._mute]
        await asyncio.gather(*(self._one(number, url, doors) for number, url in enumerate(self._urls)))
        self._heard.set()
        # The deaf hold what they have until the server was seen to have let go of them.
        await asyncio.to_thread(self.release.wait)
        for task in silent:
            task.cancel()
        await asyncio.gather(*silent, return_exceptions=True)

    async def _opened(self, url: str, doors: asyncio.Semaphore, **how: Any) -> ClientConnection:
        async with doors:
            found = await connect(url, additional_headers=self._headers, proxy=None, open_timeout=SECONDS, **how)
        self.open += 1
        return found

    async def _one(self, number: int, url: str, doors: asyncio.Semaphore) -> None:
        async with await self._opened(url, doors) as client:
            async for text in client:
                frame = json.loads(text)
                if "data" not in frame:
                    continue
                self.told[number].append(frame["seq"])
                at = datetime.fromisoformat(frame["at"])
                if self.since is not None and at > self.since:
                    self.late.append((datetime.now(UTC) - at).total_seconds())
                if frame["type"] == "run_finished":
                    return

    async def _say_nothing(self, url: str, doors: asyncio.Semaphore) -> None:
        """Open, and deaf: its window fills, and then nothing can be sent to it."""
        held = await self._opened(url, doors, max_queue=1, max_size=None, close_timeout=0.1)
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        held.transport.abort()


@pytest.fixture
def stack(live_stack_factory: StackStarter) -> Iterator[LiveStack]:
    """Started by a shell that allows as few descriptors as most do; this process needs as many as the other."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 2 * SOCKETS:
        pytest.skip(f"this user may have {hard} descriptors only")
    resource.setrlimit(resource.RLIMIT_NOFILE, (USUAL_DESCRIPTORS, hard))
    try:
        found = live_stack_factory(workers=2)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65_536), hard))
        yield found
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def memory_mb(stack: LiveStack) -> float:
    return float(psutil.Process(stack.pids["web"]).memory_info().rss) / 1e6


def sockets_open(client: Any) -> float:
    lines = client.get("/metrics").text.splitlines()
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith("pipeloom_sockets"))


def test_w03_a_thousand_sockets_on_one_process(stack: LiveStack) -> None:
    with stack.client() as client:
        crowded = _workflow(client, waiting_document())
        runs = [_run(client, crowded) for _ in range(RUNS)]
        loud = _run(client, _workflow(client, loud_document()))
        before = memory_mb(stack)
        socket = f"ws{stack.url.removeprefix('http')}/ws/runs/{{}}/?after=0"
        urls = [socket.format(runs[number % RUNS]) for number in range(SOCKETS)]
        headers = {"Authorization": f"Bearer {stack.token}"}
        crowd = Crowd(urls, headers, [socket.format(loud)] * MUTE)
        crowd.wait_open()
        with_all = memory_mb(stack)
        _answer(client, loud, "loud")
        for run in runs:
            _answer(client, run, "s0")
        crowd.wait()
        at_end = memory_mb(stack)
        # Those who do not read are given up, whatever they hold open; nobody else is there any more.
        stack.until(lambda: sockets_open(client) == 0, "the server has let go of the deaf", SECONDS)
        crowd.release.set()

        again = Crowd(urls, headers, [])
        again.wait()
        again.release.set()
        after = memory_mb(stack)
        whole = {run: list(range(1, client.get(f"/api/runs/{run}/snapshot/").json()["seq"] + 1)) for run in runs}
    for number in range(SOCKETS):
        assert crowd.told[number] == whole[runs[number % RUNS]]
        assert again.told[number] == whole[runs[number % RUNS]]
    figures = (
        f"MB: {before:.0f} alone, {with_all:.0f} with {SOCKETS}, {at_end:.0f} after them, {after:.0f} at their return"
    )
    late = statistics.quantiles(crowd.late, n=20)
    print(f"{figures}; age of a fact at the client: median {late[9]:.2f} s, p95 {late[18]:.2f} s, n={len(crowd.late)}")
    assert max(with_all, at_end, after) - before < MOST_MB, figures


def _answer(client: Any, run: str, step: str) -> None:
    given = {"action": "continue", "values": {"late": "x"}}
    answer = client.post(f"/api/runs/{run}/steps/{step}/actions/", json=given)
    assert answer.status_code == 200, answer.text


def _workflow(client: Any, document: dict[str, Any]) -> str:
    made = client.post("/api/workflows/", json={"name": document["name"], "document": document})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def _run(client: Any, workflow: str) -> str:
    made = client.post(f"/api/workflows/{workflow}/runs/", json={})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])
