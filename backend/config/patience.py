"""How long the web process waits for what a client has begun to say.

Who sends a request a byte at a time holds a connection, and with enough of them every connection. A head must be there
within seconds; a body has some seconds, and more for every part of it that has come.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 20.0
BODY_SECONDS = 30.0
BODY_BYTES_PER_SECOND = 1_000
"""Slower than any line that people have; a body that comes more slowly is not meant to arrive."""


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's, which waits for ever for the first request of a connection."""

    _head_due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        if self._head_due is None and (self.cycle is None or self.cycle.response_complete):
            self._await_head()
        super().data_received(data)

    def on_headers_complete(self) -> None:
        self._head_is_there()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_is_there()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        self._head_due = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _head_is_there(self) -> None:
        if self._head_due is not None:
            self._head_due.cancel()
            self._head_due = None

    def _give_up(self) -> None:
        self._head_due = None
        if not self.transport.is_closing():
            self.transport.close()


def body_due(received: int) -> float:
    """Seconds after its beginning by which the next part of a body must have come."""
    return BODY_SECONDS + received / BODY_BYTES_PER_SECOND
