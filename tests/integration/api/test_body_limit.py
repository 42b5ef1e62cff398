"""Bodies are counted as they arrive, on the real server: what is too much is cut off, not stored and then refused."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from django.db import connections

from backend.config import patience
from backend.config.body_limit import STRANGERS_BYTES
from backend.config.web import server_config
from tests.harness.people import Api, People

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The ASGI application under uvicorn, on a port of its own, with the web role's short-lived connections."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    listener = socket.create_server(("127.0.0.1", 0))
    running = uvicorn.Server(server_config())
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]})
    thread.start()
    yield listener.getsockname()[1]
    running.should_exit = True
    thread.join()


def _answer(port: int, head: str, chunks: Iterator[bytes]) -> tuple[int, int]:
    """Status, and how many bytes were taken from us; a chunked body says no length before."""
    sent = 0
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(head.encode())
        try:
            for chunk in chunks:
                connection.sendall(b"%x\r\n%s\r\n" % (len(chunk), chunk))
                sent += len(chunk)
        except OSError:
            pass  # the server has had enough
        else:
            connection.sendall(b"0\r\n\r\n")
        answer = b""
        with suppress(OSError):  # what came before the connection was cut off counts
            while received := connection.recv(65_536):
                answer += received
    return (int(answer.split(b" ")[1]) if answer else 0), sent


def _head(method: str, path: str, *headers: str) -> str:
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        "Connection: close",
        *headers,
    ]
    return "\r\n".join(lines) + "\r\n\r\n"


def _endless(size: int) -> Iterator[bytes]:
    for _ in range(size // 65_536):
        yield b" " * 65_536


def test_it_cuts_an_endless_body_off(server: int, people: People, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
    token = Api(people.author).headers["Authorization"]
    head = _head("POST", "/api/workflows/check/", f"Authorization: {token}", "Transfer-Encoding: chunked")

    status, sent = _answer(server, head, _endless(1 << 30))

    assert status in {413, 0}
    assert sent < 100_000_000


def test_it_believes_a_declared_length(server: int, people: People) -> None:
    token = Api(people.author).headers["Authorization"]
    head = _head("POST", "/api/workflows/check/", f"Authorization: {token}", "Content-Length: 99999999999")

    assert _answer(server, head, iter(()))[0] == 413


def test_it_takes_little_from_strangers(server: int, settings: Any) -> None:
    big = _head("PUT", "/api/storage/file/?path=/default/x", f"Content-Length: {STRANGERS_BYTES + 1}")
    small = _head("PUT", "/api/storage/file/?path=/default/x", "Transfer-Encoding: chunked")

    assert _answer(server, big, iter(()))[0] == 413
    assert _answer(server, small, iter(()))[0] == 401


def test_it_lets_uploads_be_larger(server: int, people: People, settings: Any, tmp_path: Path) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    settings.PIPELOOM_UPLOAD_MAX_BYTES = 1_000_000
    token = Api(people.author).headers["Authorization"]
    where = "/api/storage/file/?path=/default/big"
    chunked = (f"Authorization: {token}", "Transfer-Encoding: chunked")

    fits = _answer(server, _head("PUT", where, *chunked), _endless(700_000))
    not_any_more = _answer(server, _head("PUT", where, *chunked), _endless(50_000_000))

    assert fits[0] == 201
    assert not_any_more[0] in {413, 0}


def test_g08_it_lets_nobody_hold_connections_by_talking_slowly(
    server: int, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Heads that never end, from many; heads that end only after their time; and somebody who is served meanwhile."""
    monkeypatch.setattr(patience, "HEAD_SECONDS", 1.0)
    begun = [socket.create_connection(("127.0.0.1", server), timeout=30) for _ in range(200)]
    try:
        for number, connection in enumerate(begun):
            # Nothing at all, half a line, a head without its end.
            connection.sendall((b"", b"GET /healthz HT", b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n")[number % 3])

        token = Api(people.author).headers["Authorization"]
        asked = _head("GET", "/api/workflows/", f"Authorization: {token}")
        with socket.create_connection(("127.0.0.1", server), timeout=30) as somebody:
            somebody.sendall(asked.encode())
            assert b" 200 " in somebody.recv(100)

        assert [connection.recv(100) for connection in begun] == [b""] * len(begun)
    finally:
        for connection in begun:
            connection.close()


def test_g08_it_gives_a_connection_that_was_served_no_more_patience(
    server: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "HEAD_SECONDS", 1.0)
    with socket.create_connection(("127.0.0.1", server), timeout=30) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert b" 200 " in connection.recv(4096)
        connection.sendall(b"\r\n")
        while piece := connection.recv(4096):
            assert b"HTTP/1.1" not in piece


def test_g08_it_waits_for_no_body_that_trickles(server: int, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "BODY_SECONDS", 1.0)
    token = Api(people.author).headers["Authorization"]
    head = _head("POST", "/api/workflows/check/", f"Authorization: {token}", "Content-Length: 1000")
    trickling = threading.Event()

    with socket.create_connection(("127.0.0.1", server), timeout=30) as connection:
        connection.sendall(head.encode())
        talker = threading.Thread(target=_trickle, args=(connection, trickling))
        talker.start()
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
        trickling.set()
        talker.join()
    assert answer.split(b" ")[1] == b"408"
    assert b"request.too_slow" in answer


def _trickle(connection: socket.socket, over: threading.Event) -> None:
    while not over.wait(0.1):
        try:
            connection.sendall(b" ")
        except OSError:
            return
