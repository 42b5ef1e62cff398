"""Looking at processes and ending them, by pid *and* start time: pids are used again."""

import contextlib
import ctypes
import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path

import psutil

from backend.config.embedded.instance import ProcessRecord

PR_SET_CHILD_SUBREAPER = 36
_STATE, _SESSION, _START = 0, 3, 19


def boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return str(int(psutil.boot_time()))


def _stat_fields(pid: int) -> list[str] | None:
    """The fields after the name, which may itself contain spaces and brackets."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (OSError, UnicodeDecodeError):
        return None


def process_started(pid: int) -> int | None:
    """Start time in clock ticks since boot; None when there is no such process or only its zombie."""
    fields = _stat_fields(pid)
    if fields is None or fields[_STATE] in ("Z", "X"):
        return None
    return int(fields[_START])


def process_record(name: str, pid: int) -> ProcessRecord:
    return ProcessRecord(name=name, pid=pid, started=process_started(pid) or 0)


def is_alive(record: ProcessRecord) -> bool:
    return process_started(record.pid) == record.started


def session_members(session: int) -> list[ProcessRecord]:
    """Everything in that session. A session id cannot be reused while one member lives."""
    found = []
    for entry in Path("/proc").iterdir():
        fields = _stat_fields(int(entry.name)) if entry.name.isdigit() else None
        if fields and int(fields[_SESSION]) == session and fields[_STATE] not in ("Z", "X"):
            found.append(ProcessRecord(name="", pid=int(entry.name), started=int(fields[_START])))
    return found


def descendants(pid: int) -> list[ProcessRecord]:
    try:
        family = psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []
    records = (process_record("", member.pid) for member in family)
    return [record for record in records if record.started]


def send(record: ProcessRecord, number: signal.Signals) -> None:
    if is_alive(record):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(record.pid, number)


def await_end(records: Iterable[ProcessRecord], seconds: float) -> list[ProcessRecord]:
    """Those still alive after that time; returns as soon as none is."""
    deadline = time.monotonic() + seconds
    alive = [record for record in records if is_alive(record)]
    while alive and time.monotonic() < deadline:
        time.sleep(0.02)
        alive = [record for record in alive if is_alive(record)]
    return alive


def adopt_orphans() -> None:
    """Grandchildren whose parent dies come to us instead of to init: none is ever out of sight."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
