"""Follow a run live: socket first, long poll when sockets do not get through, and every gap healed.

The socket and the long poll give the same frames; the view counts them. Whatever is missing is fetched again by
number, so that losing a connection at any byte loses nothing.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import connect

from pipeloom.client.api import Api
from pipeloom.client.errors import ProblemError, ServerUnreachable
from pipeloom.client.view import FACTS, Fold, Frame, RunView

Transport = Literal["socket", "poll", "snapshot"]
QUIET_SECONDS = 40.0
"""The server says something, if only a ping, more often than this."""
POLL_SECONDS = 20
SOCKET_FAILURES = 3
"""After so many failures in a row frames are polled for; the socket is tried again after a while."""
LONGEST_PAUSE = 5.0
SOCKET_AGAIN_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Update:
    """One change of the view. `frame` is None when the view was fetched as a whole."""

    view: RunView
    frame: Frame | None
    transport: Transport


class Follower:
    """`give_up_seconds`: how long the server may be away before ServerUnreachable is raised."""

    def __init__(self, api: Api, run_id: str, *, give_up_seconds: float = 60.0, sockets: bool = True) -> None:
        self.api = api
        self.run_id = run_id
        self.view = RunView(run_id)
        self.reconnects = 0
        self._give_up = give_up_seconds
        self._failures = 0 if sockets else SOCKET_FAILURES
        self._socket_again = float("inf") if not sockets else 0.0
        self._reached = time.monotonic()

    def updates(self) -> Iterator[Update]:
        """Until the run is finished and everything about it is known."""
        self._snapshot()
        yield Update(self.view, None, "snapshot")
        while not self.view.finished:
            transport: Transport = "socket" if self._sockets_work() else "poll"
            frames = self._socket() if transport == "socket" else self._poll()
            try:
                for frame in frames:
                    yield from self._take(frame, transport)
                    if self.view.finished:
                        break
            except ServerUnreachable:
                self._pause()
        # The last metrics travel beside the facts and may be behind them.
        self._snapshot()
        yield Update(self.view, None, "snapshot")

    def _take(self, frame: Frame, transport: Transport) -> Iterator[Update]:
        self._reached = time.monotonic()
        self._failures = 0 if transport == "socket" else self._failures
        folded = self.view.apply(frame)
        if folded is Fold.APPLIED:
            yield Update(self.view, frame, transport)
        elif folded is Fold.GAP:
            yield from self._heal(frame)

    def _heal(self, frame: Frame) -> Iterator[Update]:
        if frame["type"] in FACTS or frame["type"] == "ping":
            for missed in self._missed():
                if self.view.apply(missed) is Fold.APPLIED:
                    yield Update(self.view, missed, "poll")
            if self.view.seq >= frame["seq"]:
                return
        self._snapshot()
        yield Update(self.view, None, "snapshot")

    def _snapshot(self) -> None:
        while True:
            try:
                self.view = RunView.of(self.api.get(f"runs/{self.run_id}/snapshot/"))
            except ServerUnreachable:
                self._pause()
            except ProblemError as error:
                if error.status < 500:
                    raise
                self._pause()
            else:
                self._reached = time.monotonic()
                return

    def _sockets_work(self) -> bool:
        return self._failures < SOCKET_FAILURES or time.monotonic() > self._socket_again

    def _socket(self) -> Iterator[Frame]:
        """Frames until the connection ends. A refusal is left to the next request, which says why."""
        url = self.api.socket_url(f"/ws/runs/{self.run_id}/?after={self.view.seq}")
        try:
            with connect(url, additional_headers=self.api.headers, proxy=None, max_size=None) as socket:
                while True:
                    yield json.loads(socket.recv(QUIET_SECONDS))
        except (ConnectionClosed, TimeoutError, InvalidHandshake, OSError):
            self.reconnects += 1
            self._failures += 1
            self._socket_again = max(self._socket_again, time.monotonic() + SOCKET_AGAIN_SECONDS)
        yield from self._missed()

    def _poll(self) -> Iterator[Frame]:
        while not self._sockets_work():
            yield from self._page(wait=POLL_SECONDS)

    def _missed(self) -> Iterator[Frame]:
        """Page by page, each asked for from where the view stands then."""
        before = -1
        while self.view.seq > before:
            before = self.view.seq
            yield from self._page(wait=0)

    def _page(self, wait: int) -> list[Mapping[str, Any]]:
        try:
            page = self.api.get(f"runs/{self.run_id}/events/", after=self.view.seq, wait=wait)
        except ProblemError as error:
            if error.status < 500:
                raise
            raise ServerUnreachable(str(error)) from error
        self._reached = time.monotonic()
        return [*page.get("metrics", []), *page["events"]]

    def _pause(self) -> None:
        away = time.monotonic() - self._reached
        if away > self._give_up:
            raise ServerUnreachable(f"{self.api.url} has not answered for {away:.0f} s")
        time.sleep(random.uniform(0.5, 1.0) * min(LONGEST_PAUSE, 0.1 + away / 4))  # noqa: S311 - spreads reconnects
