"""A program at a terminal of its own, with somebody who reads and types."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

REPOSITORY = Path(__file__).resolve().parents[3]
_SECONDS = 90.0
_CODES = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]|\r")
# The terminal that the leader of a session opens first is the one whose Ctrl-C goes there.
_FIRST = """
import os, sys
os.close(os.open(os.ttyname(0), os.O_RDWR))
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


class Terminal:
    def __init__(self, program: Path) -> None:
        ours, theirs = pty.openpty()
        path = os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "workers" / "sdk")])
        environment = {**os.environ, "PYTHONPATH": path, "TERM": "xterm", "COLUMNS": "160", "LINES": "40"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", _FIRST, str(program)], stdin=theirs, stdout=theirs, stderr=theirs, env=environment,
            cwd=program.parent, start_new_session=True,
        )  # fmt: skip
        os.close(theirs)
        self._ours = ours
        self.text = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._ours)

    def until(self, wanted: str) -> str:
        """Read until the text comes; what was read before it is forgotten."""
        deadline = time.monotonic() + _SECONDS
        while wanted not in self.text:
            if not self._read(deadline - time.monotonic()):
                raise AssertionError(f"{wanted!r} did not come; this did:\n{self.text}")
        before, _, self.text = self.text.partition(wanted)
        return before + wanted

    def type(self, line: str) -> None:
        os.write(self._ours, line.encode() + b"\n")

    def interrupt(self) -> None:
        """Ctrl-C, as the terminal itself sends it: to everything that runs in front."""
        os.write(self._ours, b"\x03")

    def rest(self) -> str:
        deadline = time.monotonic() + _SECONDS
        while self._read(deadline - time.monotonic()):
            pass
        self.process.wait(_SECONDS)
        return self.text

    def _read(self, seconds: float) -> bool:
        if not select.select([self._ours], [], [], max(0.0, seconds))[0]:
            return False
        try:
            piece = os.read(self._ours, 65_536)
        except OSError:
            return False  # nobody holds the other end any more
        self.text += _CODES.sub(b"", piece).decode(errors="replace")
        return bool(piece)
