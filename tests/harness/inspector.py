"""Looks into the database of a running stack, by a process of its own (tests/harness/inspecting.py).

It sees one moment (a repeatable read), so that invariants may be checked while everything goes on, and it waits for a
database that is just being started again.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]


class Inspector:
    """`environment` is the stack's; close it at the end."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.harness.inspecting"],
            cwd=REPOSITORY,
            env={**environment, "DJANGO_SETTINGS_MODULE": "backend.config.settings", "PIPELOOM_ROLE": "command"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, what: str, **about: Any) -> Any:
        """What it found; a violated invariant is an AssertionError here."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"what": what, **about}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"the inspector ended with {self._process.wait()}"
        answer = json.loads(line)
        if "error" in answer:
            raise AssertionError(answer["error"])
        return answer["found"]

    def invariants(self, runs: list[str] | None = None) -> None:
        self.ask("invariants", runs=runs)

    def attempts(self, run: str, step: str | None = None) -> list[dict[str, Any]]:
        return self.ask("attempts", run=run, step=step)

    def close(self) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait(20)
