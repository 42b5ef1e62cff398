"""A launcher under test, driven as the agent drives it: real processes, real signals, real namespaces."""

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from workers.sandbox import processes
from workers.sandbox.clock import now
from workers.sandbox.probe import LAUNCHER_ARGV, probe

SECONDS = 30.0


@cache
def levels() -> tuple[str, ...]:
    """The fences that this machine has; a stronger one that is missing is no reason to fail."""
    return tuple(level for level in ("namespaces", "landlock", "none") if probe((level,))["tried"][0]["holds"])


class Launched:
    """One attempt in `folder`. Programs are Python text unless `argv` is given."""

    def __init__(
        self,
        folder: Path,
        program: str = "",
        *,
        level: str = "none",
        user: int | None = None,
        launcher: Sequence[str] = LAUNCHER_ARGV,
        **spec: Any,
    ) -> None:
        self.root = folder / "attempt"
        self.root.mkdir(exist_ok=True)
        other: dict[str, Any] = {} if user is None else {"user": user, "group": user, "extra_groups": []}
        if user is not None:
            os.chown(self.root, user, user)
        self.token = str(uuid4())
        self.log_path = self.root / "log"
        self.events: list[dict[str, Any]] = []
        self._text = b""
        isolation = {"level": level, "keep": [str(self.root)], **spec.pop("isolation", {})}
        self.spec = {
            "token": self.token,
            "root": str(self.root),
            "argv": spec.pop("argv", [sys.executable, "-I", "-S", "-u", "-c", program]),
            "cwd": str(self.root),
            "environment": {"PATH": os.environ["PATH"], **spec.pop("environment", {})},
            "log_path": str(self.log_path),
            "isolation": isolation,
            "limits": {"grace": 0.4, **spec.pop("limits", {})},
            **spec,
        }
        self.process = subprocess.Popen(launcher, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, **other)
        self.write(self.spec)

    def __enter__(self) -> "Launched":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        processes.kill_all(lambda: processes.bearing(self.token), seconds=10)
        for pipe in (self.process.stdin, self.process.stdout):
            pipe.close()

    def write(self, value: Any) -> None:
        self.process.stdin.write(json.dumps(value).encode() + b"\n")

    def tell(self, wish: str) -> None:
        self.write({"do": wish, "at": now()})

    def hear(self, seconds: float) -> bool:
        """Take what it says next; False when it has closed its end."""
        if not select.select([self.process.stdout], [], [], seconds)[0]:
            return True
        piece = os.read(self.process.stdout.fileno(), 1 << 20)
        *lines, self._text = (self._text + piece).split(b"\n")
        self.events += [json.loads(line) for line in lines]
        return bool(piece)

    def until(self, condition: Any, what: str, seconds: float = SECONDS) -> Any:
        deadline = time.monotonic() + seconds
        while not (found := condition()):
            if time.monotonic() > deadline:
                raise AssertionError(f"not within {seconds} s: {what}\n{self.events[-3:]}\n{self.log()[-2000:]}")
            self.hear(0.02)
        return found

    def until_log(self, text: str) -> None:
        self.until(lambda: text in self.log(), f"the step says {text!r}")

    def wait(self, seconds: float = SECONDS) -> dict[str, Any]:
        """The last word."""
        deadline = time.monotonic() + seconds
        while self.hear(0.1):
            if time.monotonic() > deadline:
                raise AssertionError(f"no end within {seconds} s; log: {self.log()[-2000:]}")
        last = self.events[-1]
        assert last["event"] == "exited"
        return last

    def updates(self) -> list[dict[str, Any]]:
        return [update for event in self.events if event["event"] == "metrics" for update in event["updates"]]

    def log(self) -> str:
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def bearers(self) -> list[int]:
        return [pid for pid in processes.bearing(self.token) if pid != self.process.pid]
