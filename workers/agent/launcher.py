"""The agent's end of a launcher: start it, hear it, tell it things, and make sure that it and its step are gone."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
from collections.abc import Iterator
from typing import Any

from workers.sandbox import processes
from workers.sandbox.kernel import adopt_orphans
from workers.sandbox.probe import LAUNCHER_ARGV
from workers.sandbox.spec import COOKIE

_CHUNK = 1 << 20
KILL_SECONDS = 15.0


class Launcher:
    """One attempt's launcher. `ended` is true once it has closed its end, with or without a last word."""

    def __init__(self, spec: dict[str, Any]) -> None:
        # Should the launcher be killed, what it leaves behind becomes our child, and can be found by descent alone.
        adopt_orphans()
        self._token: str = spec["token"]
        self._before = set(processes.descendants(os.getpid()))
        self._process = subprocess.Popen(
            LAUNCHER_ARGV,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={COOKIE: self._token, "PATH": os.environ.get("PATH", "")},
            start_new_session=True,
            bufsize=0,
        )
        if self._process.stdin is None or self._process.stdout is None:
            raise AssertionError("both are pipes")
        self._input, self._output = self._process.stdin.fileno(), self._process.stdout.fileno()
        self._text = b""
        self.ended = False
        self._write(json.dumps(spec).encode() + b"\n")
        os.set_blocking(self._input, False)

    @property
    def pid(self) -> int:
        return self._process.pid

    def tell(self, wish: str, **content: float) -> None:
        """beat, stop or kill. A launcher that does not listen any more is noticed by its silence."""
        self._write(json.dumps({"do": wish, **content}).encode() + b"\n")

    def hear(self, seconds: float) -> Iterator[dict[str, Any]]:
        """What it said within that time; returns early as soon as there is something."""
        if not select.select([self._output], [], [], max(0.0, seconds))[0]:
            return
        piece = os.read(self._output, _CHUNK)
        if not piece:
            self.ended = True
            return
        *lines, self._text = (self._text + piece).split(b"\n")
        for line in lines:
            yield json.loads(line)

    def end(self) -> list[int]:
        """Kill whatever is left of the attempt. Returns what could not be killed."""
        self._process.poll()
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
        left = processes.kill_all(self._family, seconds=KILL_SECONDS, reap=self._reap)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        return left

    def finish(self) -> None:
        """After its last word: it has ended its tree itself."""
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    def _family(self) -> set[int]:
        ours = processes.descendants(os.getpid(), apart_from=self._before)
        return {*ours, *processes.bearing(self._token)}

    def _reap(self) -> None:
        self._process.poll()
        while True:
            try:
                pid, _ = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return

    def _write(self, line: bytes) -> None:
        try:
            os.write(self._input, line)
        except (BrokenPipeError, BlockingIOError):
            return
