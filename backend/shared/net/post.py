"""One POST to one address: no redirects, no proxies, no second look-up, and an end to everything."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException

from backend.shared.net.addresses import Target

LONGEST_SECONDS = 5.0
LARGEST_ANSWER = 64 * 1024


class UnreachableError(OSError):
    """`reason` is one of: timeout, refused, tls, broken, too_large."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. The body is read, so that the connection ends well, and shown to nobody."""

    status: int
    size: int


class _Pinned(HTTPConnection):
    """Speaks to `target.address` as if it were `target.host`."""

    def __init__(self, target: Target, seconds: float, context: ssl.SSLContext) -> None:
        super().__init__(target.host, target.port, timeout=seconds)
        self._target = target
        self._context = context
        self.late = threading.Event()

    def connect(self) -> None:
        self.sock = plain = socket.create_connection((self._target.address, self._target.port), self.timeout)
        if self._target.scheme == "https" and not self.late.is_set():
            self.sock = self._context.wrap_socket(plain, server_hostname=self._target.host)
        if self.late.is_set():
            raise TimeoutError

    def cut(self) -> None:
        """From another thread: whatever is going on ends now."""
        self.late.set()
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)


def post(
    target: Target,
    body: bytes,
    headers: Mapping[str, str],
    *,
    seconds: float = LONGEST_SECONDS,
    largest: int = LARGEST_ANSWER,
    context: ssl.SSLContext | None = None,
) -> Answer:
    """The status of the answer, whatever it is: a redirect is an answer like any other, and not followed."""
    connection = _Pinned(target, seconds, context or ssl.create_default_context())
    # A time-out of the socket counts from the last byte: who drips one byte a second could hold us for ever.
    watch = threading.Timer(seconds, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        connection.putrequest("POST", target.path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", target.authority)
        for name, value in {**headers, "Content-Length": str(len(body)), "Connection": "close"}.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        size = len(answer.read(largest + 1))
    except (OSError, HTTPException, ValueError) as error:
        raise UnreachableError("timeout" if connection.late.is_set() else _reason(error)) from error
    finally:
        watch.cancel()
        connection.close()
    if connection.late.is_set():
        raise UnreachableError("timeout")
    if size > largest:
        raise UnreachableError("too_large")
    return Answer(answer.status, size)


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ssl.SSLError):
        return "tls"
    return "refused" if isinstance(error, ConnectionRefusedError) else "broken"
