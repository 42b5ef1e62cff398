"""A client that follows a run whatever happens to the server: it comes back with its number, and notes all gaps."""

import json
import threading
from typing import Any

import httpx
from pipeloom.client.view import FACTS, UNTOUCHED, Fold, RunView
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect


class WatchingClient:
    """Folds the frames of one run in a thread of its own. `gaps` and `duplicates` must stay empty."""

    def __init__(self, url: str, token: str, run: str) -> None:
        self.url, self.run = url, run
        self.headers = {"Authorization": f"Bearer {token}"}
        self.view = RunView(run)
        self.connections = 0
        self.gaps: list[dict[str, Any]] = []
        self.duplicates: list[dict[str, Any]] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def _follow(self) -> None:
        while not self.view.finished and not self._over.is_set():
            address = f"ws{self.url.removeprefix('http')}/ws/runs/{self.run}/?after={self.view.seq}"
            try:
                with connect(address, additional_headers=self.headers, proxy=None, open_timeout=5) as socket:
                    self.connections += 1
                    self._listen(socket)
            except (WebSocketException, OSError, EOFError, TimeoutError):
                self._over.wait(0.1)

    def _listen(self, socket: Any) -> None:
        while not self.view.finished and not self._over.is_set():
            try:
                frame = json.loads(socket.recv(1))
            except TimeoutError:
                continue
            if frame["type"] not in FACTS:
                continue
            folded = self.view.apply(frame)
            if folded is Fold.GAP:
                self.gaps.append(frame)
            elif folded is Fold.DUPLICATE:
                self.duplicates.append(frame)

    def assert_missed_nothing(self) -> None:
        """The run has ended: what was folded is what the server says."""
        self._thread.join(30)
        self._over.set()
        assert not self._thread.is_alive()
        assert self.view.finished, f"the client stands at {self.view.seq} after {self.connections} connections"
        assert (self.gaps, self.duplicates) == ([], [])
        answer = httpx.get(f"{self.url}/api/runs/{self.run}/snapshot/", headers=self.headers, timeout=30)
        stored = RunView.of(answer.json())
        assert (self.view.seq, self.view.run["state"]) == (stored.seq, stored.run["state"])
        for name, step in stored.steps.items():
            for field in ("state", "attempts", "lost", "token", "outputs"):
                assert self.view.steps.get(name, UNTOUCHED)[field] == step[field], (name, field)

    def stop(self) -> None:
        self._over.set()
        self._thread.join(10)
