"""One step's container, from the image to its end: `python -I -S -E box.py <description>`, as the step's first process.

What it says goes to the step's log. How it went, where the program inside cannot say it, goes to a file beside the
description. Whoever kills this program leaves a container behind, which the mark tells of: see boxes.py.
"""

from __future__ import annotations

import os
import sys

# -I keeps the caller's folder, environment and user packages out of a trusted process; this puts our own back in.
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))

import json
import signal
import subprocess
from pathlib import Path
from types import FrameType
from typing import Any

from workers.sandbox import boxes

_FAILED = 125
_LIMITS = ("cgroup", "memory", "cpu", "pids", "limit", "swap")


class Stopped(Exception):
    """Before the program inside has begun."""


class Box:
    """One attempt's. `told` is the description that the agent wrote."""

    def __init__(self, told: dict[str, Any]) -> None:
        self._program: str = told["program"]
        self._name: str = told["name"]
        self._image: str = told["image"]
        self._options: list[str] = told["options"]
        self._limits: list[str] = told["limits"]
        self._argv: list[str] = told["argv"]
        self._mark = Path(told["mark"])
        self._host: str = told["host"]
        self._report = Path(told["report"])
        self._wanted: int | None = None
        self._running = False

    def run(self) -> int:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._asked_to_end)
        try:
            if not self._is_here() and not self._pull():
                return _FAILED
            code = self._contained(self._limits)
            if code is None:
                say("The container engine does not keep these limits here; the step runs without them.")
                code = self._contained([])
        except Stopped:
            code = _FAILED
        self._remove()
        return _FAILED if code is None else code

    # ------------------------------------------------------------------------------------------ the image

    def _is_here(self) -> bool:
        return self._ask("image", "inspect", "--format", "{{.Id}}", self._image).returncode == 0

    def _pull(self) -> bool:
        self._unless_stopped()
        say(f"Pulling the image {self._image}…")
        done = self._ask("pull", self._image, show=True)
        self._unless_stopped()
        if done.returncode == 0:
            say("The image is here.")
            return True
        self._tell("pull", _last(done.stderr))
        return False

    # ------------------------------------------------------------------------------------------ the container

    def _contained(self, limits: list[str]) -> int | None:
        """The program's exit code. None: it has not begun, because of the limits."""
        self._unless_stopped()
        boxes.mark(self._mark, self._host)
        made = self._ask("create", "--name", self._name, *self._options, *limits, self._image, *self._argv)
        if made.returncode != 0:
            return self._refused(made.stderr, limits)
        self._unless_stopped()
        self._attached()
        state = self._state()
        if not _has_begun(state):
            # The client has told the log why; asked once more without it, it tells us.
            return self._refused(str(state.get("Error") or "") or self._ask("start", self._name).stderr, limits)
        if state.get("OOMKilled"):
            self._tell("memory", "")
        return int(state.get("ExitCode", _FAILED))

    def _attached(self) -> None:
        """What the program writes goes where our own output goes, in its order."""
        self._running = True
        subprocess.run([self._program, "start", "--attach", self._name], stdin=subprocess.DEVNULL, check=False)
        self._running = False

    def _state(self) -> dict[str, Any]:
        done = self._ask("container", "inspect", "--format", "{{json .State}}", self._name)
        state: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {}
        return state

    def _refused(self, why: str, limits: list[str]) -> int | None:
        self._unless_stopped()
        if limits and any(word in why.lower() for word in _LIMITS):
            say(_last(why))
            self._remove()
            return None
        self._tell("start", _last(why))
        return _FAILED

    def _remove(self) -> None:
        failed = boxes.box_end(self._program, self._name, self._mark, os.environ)
        if failed:
            say(f"The container {self._name} could not be removed yet: {_last(failed)}")

    # ------------------------------------------------------------------------------------------ the end

    def _asked_to_end(self, number: int, _frame: FrameType | None) -> None:
        """The engine's client passes the signal on. Number 1 of a container is deaf to signals that it does not handle;
        outside of one it would have died of them."""
        self._wanted = number
        if self._running and not _hears(int(self._state().get("Pid") or 0), number):
            self._ask("kill", "--signal", "KILL", self._name)

    def _unless_stopped(self) -> None:
        if self._wanted is not None:
            raise Stopped

    def _tell(self, stage: str, error: str) -> None:
        self._report.write_text(json.dumps({"stage": stage, "error": error}))

    def _ask(self, *arguments: str, show: bool = False) -> subprocess.CompletedProcess[str]:
        argv = [self._program, *arguments]
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if show:
            for line in (done.stdout + done.stderr).splitlines():
                say(line)
        return done


def _hears(pid: int, number: int) -> bool:
    """Whether a process of this machine does something of its own at this signal. True where that is not known."""
    try:
        with open(f"/proc/{pid}/status") as file:
            caught = next(int(line.split()[1], 16) for line in file if line.startswith("SigCgt:"))
    except (OSError, StopIteration):
        return True
    return bool(caught >> (number - 1) & 1)


def _has_begun(state: dict[str, Any]) -> bool:
    """A time before ours stands for never."""
    return not str(state.get("StartedAt") or "0001").startswith("0001")


def _last(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip().removeprefix("Error: ") if lines else "the engine does not say why"


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(Box(json.loads(Path(sys.argv[1]).read_bytes())).run())
