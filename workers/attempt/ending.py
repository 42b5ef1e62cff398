"""How an attempt ended, in words: from what the launcher saw and the end of the log to outcome and reason."""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
from pathlib import Path
from typing import Any, Literal

from backend.domain.problems import Problem, problem
from backend.domain.run.messages import ReasonMessage, StepOrder
from workers.attempt.boxed import box_failure
from workers.attempt.folder import open_left_behind

Outcome = Literal["succeeded", "failed", "cancelled", "timeout"]
_TAIL = 256 * 1024
_LEAST_FREE = 1 << 20
_NO_SPACE = os.strerror(errno.ENOSPC).encode()
_TRACEBACK = b"Traceback (most recent call last):"
_FRAME = re.compile(r'^  File "(?P<file>[^"]+)", line (?P<line>\d+)')
_ERROR = re.compile(r"^(?P<error>[A-Za-z_][\w.]*(?:: .*)?)$")


def judge(order: StepOrder, ended: dict[str, Any]) -> tuple[Outcome, ReasonMessage | None]:
    """`ended` is the launcher's last word. A reason belongs to everything but success."""
    why = ended["reason"]
    if why == "exit" and ended["code"] == 0:
        return "succeeded", None
    if why == "stopped":
        return "cancelled", reason_of(problem("step.stopped"))
    if why == "timeout":
        found = problem("step.timeout", limit=_duration(order.timeout_seconds), minutes=order.timeout_seconds / 60)
        return "timeout", reason_of(found, _size(order.log_path))
    return "failed", _failure(order, ended)


def reason_of(found: Problem, log_offset: int | None = None) -> ReasonMessage:
    return ReasonMessage(
        code=found.code, params=found.params, message=found.message, hint=found.hint, log_offset=log_offset
    )


def _failure(order: StepOrder, ended: dict[str, Any]) -> ReasonMessage:
    why = ended["reason"]
    if why == "not_started":
        return reason_of(_not_started(ended))
    if why == "exit" and (found := box_failure(order)):
        return reason_of(found, _last_line(order.log_path))
    if why == "oom":
        used = round(ended["usage"]["max_rss_mb"])
        return reason_of(problem("step.out_of_memory", used=used, limit=order.memory_mb), _size(order.log_path))
    if why == "crowd":
        found = problem("step.too_many_processes", count=ended["limits"]["processes"])
        return reason_of(found, _size(order.log_path))
    if why == "disk":
        return reason_of(problem("step.disk_limit", used=round(ended["limits"]["disk_mb"])), _size(order.log_path))
    if why == "signal":
        return reason_of(_signalled(ended["signal"]), _size(order.log_path))
    if _disk_is_full(order):
        return reason_of(problem("step.disk_full", code=ended["code"]), _size(order.log_path))
    return _exception(order, ended["code"]) or reason_of(
        problem("step.exit_code", code=ended["code"]), _last_line(order.log_path)
    )


def _disk_is_full(order: StepOrder) -> bool:
    """Then, or still: what the program itself says of it goes to the log, which has no room either."""
    if _NO_SPACE in _tail(order.log_path)[0]:
        return True
    try:
        return shutil.disk_usage(order.attempt_dir).free < _LEAST_FREE
    except OSError:
        return False


def _not_started(ended: dict[str, Any]) -> Problem:
    code = "step.isolation" if ended.get("stage") == "isolate" else "step.not_started"
    return problem(code, error=str(ended.get("error", "")))


def _signalled(number: int) -> Problem:
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = str(number)
    if number == signal.SIGXFSZ:
        return problem("step.file_too_large")
    return problem("step.killed" if number == signal.SIGKILL else "step.signal", signal=name)


def _exception(order: StepOrder, code: int | None) -> ReasonMessage | None:
    """The last traceback in the log, told by the last line of it that is the user's own."""
    text, offset = _tail(order.log_path)
    start = text.rfind(_TRACEBACK)
    if start < 0:
        return None
    lines = text[start:].decode(errors="replace").splitlines()
    frames = [found for line in lines if (found := _FRAME.match(line))]
    error = next((line for line in lines[1:] if _ERROR.match(line)), None)
    if not frames or error is None:
        return None
    own = [frame for frame in frames if _is_users(frame["file"], order)]
    frame = own[-1] if own else frames[-1]
    place = f"{_shown(frame['file'], order)}:{frame['line']}"
    return reason_of(problem("step.exception", place=place, error=error, code=code), offset + start)


def _is_users(file: str, order: StepOrder) -> bool:
    """Not of the standard library, of a package or of the interpreter itself."""
    if "site-packages" in file or file.startswith("<"):
        return False
    return Path(file).is_relative_to(order.work_dir) or not file.startswith("/")


def _shown(file: str, order: StepOrder) -> str:
    path = Path(file)
    return str(path.relative_to(order.work_dir)) if path.is_relative_to(order.work_dir) else path.name


def _tail(path: str) -> tuple[bytes, int]:
    try:
        with open_left_behind(path) as log:
            offset = max(0, log.seek(0, os.SEEK_END) - _TAIL)
            log.seek(offset)
            return log.read(), offset
    except OSError:
        return b"", 0


def _size(path: str) -> int:
    text, offset = _tail(path)
    return offset + len(text)


def _last_line(path: str) -> int:
    """Where the last line that says anything begins."""
    text, offset = _tail(path)
    return offset + text.rstrip().rfind(b"\n") + 1


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:g} seconds"
    return f"{seconds / 60:g} minutes"
