"""What a script is told when the server refuses, is away, or was never named."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pipeloom.client import Client, PipeloomError, ProblemError, ServerUnreachable


class Refusing(BaseHTTPRequestHandler):
    """Answers one path with problems, another with something that is not JSON."""

    def do_GET(self) -> None:
        if self.path.startswith("/api/runs/broken"):
            self._answer(502, b"<html>Bad gateway</html>")
        elif self.headers["Authorization"] != "Bearer right":
            self._answer(401, b'{"code": "auth.required", "message": "Sign in.", "problems": []}')
        else:
            self._answer(
                422,
                b'{"code": "document.invalid", "message": "The workflow has 1 problem.", "problems": [{"code": "x", '
                b'"path": "/steps/0/name", "params": {}, "message": "A name is missing.", "hint": "Give one."}]}',
            )

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Tests are quiet."""


@pytest.fixture
def url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_it_prints_problems_with_their_places(url: str) -> None:
    with pytest.raises(ProblemError) as refused:
        Client(url, "right").run("1")
    assert str(refused.value) == (
        "The workflow has 1 problem. (document.invalid)\n  /steps/0/name: A name is missing. Give one."
    )
    assert (refused.value.status, refused.value.problems[0]["path"]) == (422, "/steps/0/name")


def test_it_prints_a_refusal_without_problems(url: str) -> None:
    with pytest.raises(ProblemError, match=r"^Sign in\. \(auth\.required\)$"):
        Client(url, "wrong").run("1")
    with pytest.raises(ProblemError, match=r"The server answered 502\. \(http\.502\)"):
        Client(url, "right").run("broken")


def test_it_says_that_nobody_answers(url: str) -> None:
    nobody = Client("http://127.0.0.1:9", "right")
    with pytest.raises(ServerUnreachable, match=r"127\.0\.0\.1:9 does not answer"):
        nobody.run("1")
    with pytest.raises(ServerUnreachable, match="has not answered for"):
        list(nobody.follow("1", give_up_seconds=0.2))


def test_it_gives_up_following_at_once_when_the_server_refuses(url: str) -> None:
    with pytest.raises(ProblemError, match=r"auth\.required"):
        list(Client(url, "wrong").follow("1"))


def test_it_says_which_variables_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIPELOOM_URL", raising=False)
    monkeypatch.delenv("PIPELOOM_TOKEN", raising=False)
    with pytest.raises(PipeloomError, match=r"PIPELOOM_URL .* PIPELOOM_TOKEN"):
        Client()
    with pytest.raises(PipeloomError, match="PIPELOOM_URL"):
        Client("ftp://somewhere", "token")
    monkeypatch.setenv("PIPELOOM_URL", "http://127.0.0.1:8470/")
    monkeypatch.setenv("PIPELOOM_TOKEN", "t")
    assert Client().api.socket_url("/ws/") == "ws://127.0.0.1:8470/ws/"
