"""How long a process waits for a database that has stopped answering without saying goodbye.

A broken network, a frozen virtual machine or a proxy that has lost its table leave a connection that looks alive: the
client waits in it for ever, and with it all that the process was there for. Keepalives find only some of these. So
whoever may not be held up says how long it will wait; then the socket is shut down, and the statement fails as it does
when the server goes away, which every caller expects anyway.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg.pq import TransactionStatus

PROBE_SECONDS = 5.0
_ACTIVITY = """
SELECT state = 'active' OR state_change > clock_timestamp() - make_interval(secs => %s)
FROM pg_stat_activity WHERE pid = %s
"""
log = logging.getLogger(__name__)


@contextmanager
def patience(seconds: float, *, ask: bool = False) -> Iterator[None]:
    """Whatever is asked of the database inside is given up after that time.

    With `ask`, work that may well take longer is let go on as long as the server, asked over another connection, says
    that it is at it."""
    watch = _Watch(connections[DEFAULT_DB_ALIAS], seconds, ask)
    watch.start()
    try:
        yield
    finally:
        watch.stop()


class _Watch:
    """Looks at one thread's connection from another thread, and only at what may be read from there."""

    def __init__(self, wrapper: Any, seconds: float, ask: bool) -> None:
        self._wrapper = wrapper
        self._seconds = seconds
        self._ask = ask
        self._over = False
        self._timer: threading.Timer | None = None

    def start(self) -> None:
        self._timer = threading.Timer(self._seconds, self._late)
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> None:
        self._over = True
        if self._timer is not None:
            self._timer.cancel()

    def _late(self) -> None:
        raw = self._wrapper.connection
        if self._over:
            return
        if raw is None or (self._ask and (not _waits(raw) or self._is_served(raw) or not _waits(raw))):
            self.start()  # connecting has a limit of its own
            return
        if not self._over:
            log.warning("The database has not answered for %.0f s; its connection is given up.", self._seconds)
            hang_up(raw)

    def _is_served(self, raw: psycopg.Connection[Any]) -> bool:
        """A server that does not answer, or that has been idle there while we wait for it, does not serve us."""
        try:
            return _probe(self._wrapper.get_connection_params(), raw.info.backend_pid)
        except (psycopg.Error, OSError):
            return False


def _waits(raw: psycopg.Connection[Any] | None) -> bool:
    """Whether something was asked there and the answer is not complete."""
    return raw is not None and raw.pgconn.transaction_status == TransactionStatus.ACTIVE


def _probe(parameters: dict[str, Any], backend: int) -> bool:
    with psycopg.connect(**{**parameters, "connect_timeout": int(PROBE_SECONDS)}) as probe:
        given_up = threading.Timer(PROBE_SECONDS, hang_up, [probe])
        given_up.daemon = True
        given_up.start()
        try:
            row = probe.execute(_ACTIVITY, [PROBE_SECONDS, backend]).fetchone()
        finally:
            given_up.cancel()
    return bool(row and row[0])


def hang_up(raw: psycopg.Connection[Any]) -> None:
    """The thread that waits in this connection finds it closed by the other side."""
    try:
        with socket.socket(fileno=os.dup(raw.pgconn.socket)) as twin:
            twin.shutdown(socket.SHUT_RDWR)
    except (OSError, psycopg.Error):
        return  # it has gone meanwhile
