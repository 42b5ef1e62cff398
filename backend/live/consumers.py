"""The sockets. One task sends, one hears; whichever ends first ends the other.

The sender pulls: it asks its reader what is next, sends it, and waits until the tail has news. Nothing is queued
for a client; one that does not take what it is sent in time is closed and may come back with its number.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol
from urllib.parse import parse_qs

from django.db import Error as DatabaseError

from backend.apps.accounts.models import User
from backend.live.database import in_database
from backend.live.limits import LIMITS, Close, Limits
from backend.live.me import MeReader, MeTail
from backend.live.reader import Reader
from backend.live.tail import Tails, frame_text
from backend.live.topics import Credentials, RefusedError, me_watch, run_watch
from backend.shared import telemetry

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Watch = Callable[[], User]
KNOWN = frozenset({"ping", "pong"})
# A frame begins with its type, its numbers and its time; what follows may be large and is not looked at.
_AT = re.compile(r'"at":\s*"([^"]+)"')
_HEAD = 500
log = logging.getLogger(__name__)
tails = Tails()


class Followed(Protocol):
    """What is new, for all who follow it: `changed` is replaced and set when there is something."""

    gone: bool
    changed: asyncio.Event


class Pulls(Protocol):
    """One client's place."""

    seq: int
    more: bool

    async def begin(self, after: int | None, since: datetime | None) -> list[str]: ...

    async def next(self) -> list[str]: ...


class ClosedError(Exception):
    """The connection is over, with this code; None when the other side has gone already."""

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


class Socket(ABC):
    """What all sockets share: who may open one, how many there may be, and how they end."""

    open_sockets = 0

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        credentials = Credentials.of(scope)
        watch = self.watch(credentials, scope)
        try:
            user = await in_database(watch)
        except RefusedError as refused:
            await _refuse(send, refused)
            return
        await send({"type": "websocket.accept"})
        if Socket.open_sockets >= self.limits.sockets:
            await send({"type": "websocket.close", "code": Close.TRY_LATER})
            return
        Socket.open_sockets += 1
        telemetry.gauge("pipeloom_sockets", Socket.open_sockets)
        try:
            await self._serve(user, watch, scope, receive, send)
        finally:
            Socket.open_sockets -= 1
            telemetry.gauge("pipeloom_sockets", Socket.open_sockets)

    async def _serve(self, user: User, watch: Watch, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with self.tailing(user, scope) as (tail, reader):
                connection = Connection(tail, reader, watch, self.limits, receive, send)
                code = await connection.run(*_place(scope))
        except DatabaseError:
            code = Close.TRY_LATER
        if code is not None:
            with suppress(OSError, RuntimeError, TimeoutError):
                async with asyncio.timeout(self.limits.send_seconds):
                    await send({"type": "websocket.close", "code": code})

    @abstractmethod
    def watch(self, credentials: Credentials, scope: Scope) -> Watch:
        """Asked at the door, and again and again: the person, or RefusedError."""

    @abstractmethod
    def tailing(self, user: User, scope: Scope) -> AbstractAsyncContextManager[tuple[Followed, Pulls]]:
        """What the socket follows, and its place in it."""


class RunSocket(Socket):
    """`/ws/runs/{id}/?after=<seq>&since=<time of the newest metrics>`: everything that happens in one run."""

    def watch(self, credentials: Credentials, scope: Scope) -> Watch:
        return partial(run_watch, credentials, scope["url_route"]["kwargs"]["id"])

    @asynccontextmanager
    async def tailing(self, user: User, scope: Scope) -> AsyncIterator[tuple[Followed, Pulls]]:
        del user
        tail = await tails.acquire(scope["url_route"]["kwargs"]["id"], self.limits.poll_seconds)
        try:
            yield tail, Reader(tail, self.limits)
        finally:
            await tails.release(tail)


class MeSocket(Socket):
    """`/ws/me/?after=<seq>`: what one person is told, and what waits for somebody like them."""

    def watch(self, credentials: Credentials, scope: Scope) -> Watch:
        del scope
        return partial(me_watch, credentials)

    @asynccontextmanager
    async def tailing(self, user: User, scope: Scope) -> AsyncIterator[tuple[Followed, Pulls]]:
        del scope
        tail = MeTail(user, self.limits.poll_seconds)
        try:
            await tail.begin()
            yield tail, MeReader(tail, self.limits)
        finally:
            await tail.stop()


async def _refuse(send: Send, refused: RefusedError) -> None:
    if not refused.handshake:
        # Accepted first: a browser is told no code of a handshake that was refused.
        await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": refused.code})


def _place(scope: Scope) -> tuple[int | None, datetime | None]:
    """Where the client is. Anything that is no such place is None."""
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    text = query.get("after", ["0"])[-1]
    after = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
    try:
        since = datetime.fromisoformat(query.get("since", [""])[-1].replace(" ", "+"))
    except ValueError:
        return after, None
    return after, since if since.tzinfo else None


class Connection:
    """One accepted socket."""

    def __init__(
        self, tail: Followed, reader: Pulls, watch: Watch, limits: Limits, receive: Receive, send: Send
    ) -> None:
        self.tail = tail
        self.limits = limits
        self.reader = reader
        self._watch = watch
        self._receive = receive
        self._send = send
        self._authorised = time.monotonic()
        self._pinged = time.monotonic()

    async def run(self, after: int | None, since: datetime | None) -> int | None:
        """Until one side ends it; returns the code to close with."""
        tasks = [asyncio.create_task(self._hear()), asyncio.create_task(self._speak(after, since))]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return _code_of(done.pop())

    async def _speak(self, after: int | None, since: datetime | None) -> None:
        await self._say(await self.reader.begin(after, since))
        waited = False
        while True:
            changed = self.tail.changed
            if self.tail.gone:
                raise ClosedError(Close.NOT_FOUND)
            await self._authorise()
            frames = await self.reader.next()
            await self._say(frames)
            self._note(frames, fresh=waited)
            waited = not self.reader.more
            if waited:
                await self._pause(changed)

    async def _pause(self, changed: asyncio.Event) -> None:
        """Until there is news, or it is time to ping or to ask again whether this person may listen."""
        now = time.monotonic()
        due = min(self._pinged + self.limits.ping_seconds, self._authorised + self.limits.authorise_seconds)
        with suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, due - now)):
                await changed.wait()
        if time.monotonic() >= self._pinged + self.limits.ping_seconds:
            self._pinged = time.monotonic()
            at = datetime.now(UTC).isoformat()
            await self._say([frame_text({"type": "ping", "at": at, "seq": self.reader.seq})])

    async def _authorise(self) -> None:
        if time.monotonic() < self._authorised + self.limits.authorise_seconds:
            return
        self._authorised = time.monotonic()
        await in_database(self._watch)

    async def _say(self, frames: list[str]) -> None:
        for text in frames:
            try:
                async with asyncio.timeout(self.limits.send_seconds):
                    await self._send({"type": "websocket.send", "text": text})
            except TimeoutError:
                raise ClosedError(Close.TOO_SLOW) from None

    def _note(self, frames: list[str], *, fresh: bool) -> None:
        """How long the newest of them took; of what a client had missed nobody asks."""
        if frames:
            telemetry.count("pipeloom_frames_sent", len(frames))
        found = _AT.search(frames[-1][:_HEAD]) if frames and fresh else None
        if found:
            late = datetime.now(UTC) - datetime.fromisoformat(found[1])
            telemetry.observe("pipeloom_event_delivery_seconds", late.total_seconds())

    async def _hear(self) -> None:
        """Nothing that is said changes anything, and a ping is answered; what is not well said ends the connection."""
        count, window = 0, time.monotonic()
        while True:
            message = await self._receive()
            if message["type"] == "websocket.disconnect":
                raise ClosedError(None)
            count += 1
            if time.monotonic() - window > self.limits.ping_seconds:
                count, window = 1, time.monotonic()
            if count > self.limits.incoming_frames:
                raise ClosedError(Close.POLICY)
            if self._judge(message) == "ping":
                await self._say([frame_text({"type": "ping", "at": datetime.now(UTC).isoformat()})])

    def _judge(self, message: Mapping[str, Any]) -> str:
        """The type of what was said."""
        text = message.get("text")
        if text is None:
            raise ClosedError(Close.BAD_DATA)
        if len(text) > self.limits.incoming_bytes:
            raise ClosedError(Close.TOO_BIG)
        try:
            said = json.loads(text)
        except (ValueError, RecursionError):
            raise ClosedError(Close.BAD_DATA) from None
        if not isinstance(said, dict) or said.get("type") not in KNOWN:
            raise ClosedError(Close.POLICY)
        return str(said["type"])


def _code_of(task: asyncio.Task[None]) -> int | None:
    error = task.exception()
    if isinstance(error, ClosedError | RefusedError):
        return error.code
    if isinstance(error, OSError | RuntimeError):
        return None  # the peer went away while we were sending
    log.error("A socket ended by an error of ours.", exc_info=error)
    return 1011


async def no_such_socket(scope: Scope, receive: Receive, send: Send) -> None:
    """Any other address."""
    del scope
    await receive()
    await send({"type": "websocket.close", "code": Close.NOT_FOUND})
