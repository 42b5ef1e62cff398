"""W01: a client whose socket is cut again and again ends up with exactly what the database holds."""

import json
import random
import socket as plain
import struct
import threading
import time
from collections.abc import Callable
from typing import Any

from pipeloom.client.view import Fold, RunView
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from backend.apps.runs import outbox, services
from backend.apps.runs.models import Run
from backend.apps.runs.serializers.snapshot import run_snapshot
from backend.domain.metrics import diff
from backend.domain.run.messages import StepOrder, StepReport
from tests.harness.runs import FakeAgent, fan, host, report, start
from tests.live.conftest import SocketServer

DROPS = 200
STEPS = 60
REVISIONS = 8


class CutClient:
    """Folds frames as the SDK does, resumes by number, and counts what must never happen."""

    def __init__(self, url: str, headers: dict[str, str], run: Run, rng: random.Random) -> None:
        self.url, self.headers, self.rng = url, headers, rng
        self.view = RunView.of({**run_snapshot(run.pk), "seq": 0, "metrics": []})
        self.drops = 0
        self.gaps: list[dict[str, Any]] = []
        self.duplicates: list[dict[str, Any]] = []
        self.since = ""

    def follow(self, done: threading.Event) -> None:
        while not self.view.finished:
            try:
                with connect(self.query(), additional_headers=self.headers, proxy=None) as socket:
                    self.listen(socket, self.rng.randint(0, 6) if self.drops < DROPS else 10**9)
                    if not self.view.finished:
                        self.cut(socket)
            except (WebSocketException, OSError, EOFError):
                self.drops += 1
            if done.is_set() and self.drops >= DROPS and self.view.finished:
                return

    def catch_up(self, expected: RunView) -> None:
        """The last metrics travel beside the facts and may come after them."""
        with connect(self.query(), additional_headers=self.headers, proxy=None) as socket:
            deadline = time.monotonic() + 20
            while self.view.metrics != expected.metrics and time.monotonic() < deadline:
                self.take(json.loads(socket.recv(20)))

    def query(self) -> str:
        return f"{self.url}?after={self.view.seq}&since={self.since}"

    def listen(self, socket: ClientConnection, frames: int) -> None:
        for _ in range(frames):
            self.take(json.loads(socket.recv(20)))
            if self.view.finished:
                return

    def take(self, frame: dict[str, Any]) -> None:
        folded = self.view.apply(frame)
        if frame["type"] == "metrics":
            # A whole value may be one that is here already; a change never is.
            self.since = max(self.since, frame["at"])
            if folded is Fold.GAP:
                self.gaps.append(frame)
        elif frame["type"] not in ("ping", "log_grew"):
            (self.gaps if folded is Fold.GAP else self.duplicates if folded is Fold.DUPLICATE else []).append(frame)

    def cut(self, socket: ClientConnection) -> None:
        """Sometimes in the middle of a frame, always without a word: the peer gets a reset."""
        self.drops += 1
        raw = socket.socket
        raw.setsockopt(plain.SOL_SOCKET, plain.SO_LINGER, struct.pack("ii", 1, 0))
        raw.shutdown(plain.SHUT_RDWR)


def with_metrics(rng: random.Random, pause: Callable[[], object]) -> Callable[[StepOrder], StepReport]:
    """A step that writes a growing curve, then ends."""

    def work(order: StepOrder) -> StepReport:
        items: list[dict[str, Any]] = []
        for number in range(1, REVISIONS + 1):
            axis = {"title": "step", "value": list(range(number))}
            curve = {"title": "loss", "value": [rng.random() for _ in range(number)]}
            new = [
                {"key": "loss", "title": "loss", "type": "line chart", "data": {"x_axis": [axis], "y_axis": [curve]}}
            ]
            update = services.MetricsUpdate("m", "/default/m.json", new, diff(items, new))
            services.attempt_metrics(token=order.token, updates=[update])
            items = new
            pause()
        return report(order.token)

    return work


def test_w01_it_survives_two_hundred_cuts_without_a_gap_or_a_duplicate(
    socket_server: Callable[..., SocketServer], bearer: dict[str, str], rng: random.Random
) -> None:
    outbox.publishing_start()
    host(cpu=2)
    run = start(fan(STEPS))
    client = CutClient(socket_server().url(run), bearer, run, rng)
    done = threading.Event()
    thread = threading.Thread(target=client.follow, args=(done,))
    thread.start()
    agent = FakeAgent(outcome=with_metrics(rng, lambda: None))
    # The run waits for the client now and then, so that the cuts are spread over all of it.
    while tokens := agent.waiting():
        for token in tokens:
            agent.one(token)
        wanted = min(DROPS, DROPS * len(agent.done) // (STEPS + 2))
        deadline = 400
        while client.drops < wanted - 5 and deadline and thread.is_alive():
            thread.join(0.05)
            deadline -= 1
    assert Run.objects.get(pk=run.pk).state == "completed"
    done.set()
    thread.join(60)
    assert not thread.is_alive(), f"the client stands at {client.view.seq} after {client.drops} cuts"
    assert client.drops >= DROPS * 9 // 10
    stored = run_snapshot(run.pk)
    assert client.gaps == []
    assert client.duplicates == []
    assert client.view.seq == stored["seq"]
    assert client.view.run["state"] == stored["run"]["state"] == "completed"
    expected = RunView.of(stored)
    client.catch_up(expected)
    assert client.view.metrics == expected.metrics
    for name, step in expected.steps.items():
        for field in ("state", "reason", "attempts", "token", "host", "outputs", "started_at", "finished_at"):
            assert client.view.steps[name][field] == step[field], (name, field)
