"""What the server refuses, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class PipeloomError(Exception):
    """Anything that goes wrong between this program and the server."""


class ServerUnreachable(PipeloomError):  # noqa: N818 - the name says what is wrong
    """No answer: the server is not there, or too busy."""


class ProblemError(PipeloomError):
    """The server refused a request; `problems` say what, where, and what to do next."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(body.get("code", f"http.{status}"))
        self.message = str(body.get("message") or body.get("detail") or f"The server answered {status}.")
        self.problems: Sequence[Mapping[str, Any]] = body.get("problems") or []
        self.body = body
        super().__init__(described(self.message, self.code, self.problems))


def described(message: str, code: str, problems: Sequence[Mapping[str, Any]]) -> str:
    lines = [f"{message} ({code})"]
    for found in problems:
        where = found.get("path") or "(the whole)"
        hint = f" {found['hint']}" if found.get("hint") else ""
        lines.append(f"  {where}: {found.get('message', found.get('code'))}{hint}")
    return "\n".join(lines)
