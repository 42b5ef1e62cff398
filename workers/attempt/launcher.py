"""The agent's end of a launcher: start it, hear it, tell it things, and make sure that it and its step are gone."""

from __future__ import annotations

import json
import os
import select
import signal
from collections.abc import Iterator
from typing import Any

from workers.attempt.nursery import nursery
from workers.sandbox import processes
from workers.sandbox.crowd import group_forget

_CHUNK = 1 << 20
KILL_SECONDS = 15.0


class Launcher:
    """One attempt's launcher. `ended` is true once it has closed its end, with or without a last word."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self._token: str = spec["token"]
        nursery.open()
        self._before = processes.children()
        self._others = set(processes.descendants(os.getpid())) if self._before is None else self._before
        self.pid, self._input, self._output = nursery.launcher(self._token)
        self._reaped = False
        self._text = b""
        self.ended = False
        self._write(json.dumps(spec).encode() + b"\n")
        os.set_blocking(self._input, False)

    @property
    def descriptor(self) -> int:
        """Readable as soon as it has said something; `hear` returns at once then."""
        return self._output

    def tell(self, wish: str, **content: float) -> None:
        """beat, stop or kill. A launcher that does not listen any more is noticed by its silence. One that has said
        its last word need hear nothing, although its attempt goes on until the outputs are read and the end is told."""
        if self._input >= 0:
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
        left = []
        if not self._nothing_left():
            if not self._reaped:
                os.kill(self.pid, signal.SIGKILL)
            left = processes.kill_all(self._family, seconds=KILL_SECONDS, reap=self._reap)
            group_forget(self._token)
        self._close()
        return left

    def finish(self) -> None:
        """After its last word: it has ended its tree itself."""
        os.close(self._input)
        self._input = -1
        os.waitpid(self.pid, 0)
        self._reaped = True

    def _nothing_left(self) -> bool:
        """Whatever outlived the launcher is our child by now."""
        return self._reaped and self._before is not None and processes.children() == self._before

    def _family(self) -> set[int]:
        ours = processes.descendants(os.getpid(), apart_from=self._others)
        return {*ours, *processes.bearing(self._token)}

    def _reap(self) -> None:
        while True:
            try:
                pid, _ = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self._reaped = self._reaped or pid == self.pid

    def _close(self) -> None:
        for pipe in (self._input, self._output):
            if pipe >= 0:
                os.close(pipe)
        self._input = self._output = -1

    def _write(self, line: bytes) -> None:
        """The specification as a whole, since the pipe waits for the launcher then; later, what there is room for."""
        view = memoryview(line)
        try:
            while view:
                view = view[os.write(self._input, view) :]
        except (BrokenPipeError, BlockingIOError):
            return
