"""What /proc knows: who a process is, what descends from it, who bears an attempt's cookie, what memory it holds."""

from __future__ import annotations

import os
import select
import signal

from workers.sandbox.clock import now
from workers.sandbox.spec import COOKIE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable

_PAGE = os.sysconf("SC_PAGE_SIZE")


def boot_id() -> str:
    with open("/proc/sys/kernel/random/boot_id") as handle:
        return handle.read().strip()


def pids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _stat(pid: int) -> list[bytes] | None:
    """The fields after the command's name (which may itself hold spaces and brackets): state, parent, …"""
    try:
        with open(f"/proc/{pid}/stat", "rb") as handle:
            return handle.read().rpartition(b")")[2].split()
    except OSError:
        return None


def start_time(pid: int) -> int | None:
    """In clock ticks since boot; with boot id and pid it names a process once and for all. None: no such process."""
    fields = _stat(pid)
    return int(fields[19]) if fields else None


def is_alive(pid: int, started: int) -> bool:
    """Whether that very process still runs."""
    fields = _stat(pid)
    return fields is not None and int(fields[19]) == started and _runs(fields)


def _runs(fields: list[bytes]) -> bool:
    """A zombie is dead: it holds nothing and does nothing. Unless only its first thread has ended."""
    return fields[0] not in (b"Z", b"X") or int(fields[17]) > 1


def parents() -> dict[int, int]:
    found = {}
    for pid in pids():
        fields = _stat(pid)
        if fields and _runs(fields):
            found[pid] = int(fields[1])
    return found


def children() -> set[int] | None:
    """The caller's own, dead ones that it has not reaped too. Exact, because they only go when it reaps them, and far
    cheaper than a look at every process there is. None: this kernel does not tell."""
    found: set[int] = set()
    try:
        for thread in os.listdir("/proc/self/task"):
            with open(f"/proc/self/task/{thread}/children", "rb") as handle:
                found.update(int(pid) for pid in handle.read().split())
    except OSError:
        return None
    return found


def childless() -> bool:
    """Of a process that adopts orphans: whether nothing at all descends from it."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return True
    return False


def descendants(root: int, *, apart_from: Container[int] = ()) -> list[int]:
    """All living ones, without some branches. Complete where `root` adopts orphans or is number 1 of a namespace."""
    children: dict[int, list[int]] = {}
    for pid, parent in parents().items():
        children.setdefault(parent, []).append(pid)
    found: list[int] = []
    waiting = [root]
    while waiting:
        below = [pid for pid in children.get(waiting.pop(), []) if pid not in apart_from]
        found += below
        waiting += below
    return found


def cookie_of(pid: int) -> str | None:
    """The token in a process's environment, as it was at its last exec. Blank: it makes launchers, and bears none."""
    try:
        with open(f"/proc/{pid}/environ", "rb") as handle:
            environment = handle.read()
    except OSError:
        return None  # ended, another user's, or not to be inspected
    start = environment.find(f"{COOKIE}=".encode()) if environment.startswith(f"{COOKIE}=".encode()) else -1
    if start < 0:
        start = environment.find(f"\0{COOKIE}=".encode()) + 1
        if start == 0:
            return None
    value = environment[start + len(COOKIE) + 1 :].split(b"\0", 1)[0].strip()
    return value.decode("ascii", "replace")


def bearers() -> dict[str, list[int]]:
    """Living processes by the token they bear. The caller itself is left out."""
    found: dict[str, list[int]] = {}
    for pid in pids():
        token = cookie_of(pid)
        if token and pid != os.getpid():
            found.setdefault(token, []).append(pid)
    return found


def bearing(token: str) -> list[int]:
    return [pid for pid in pids() if pid != os.getpid() and cookie_of(pid) == token]


def resident_mb(members: Iterable[int]) -> float:
    """Cheap, and too high where memory is shared: ask `proportional_mb` before acting on it."""
    return sum(_statm(pid) for pid in members) * _PAGE / 1e6


def _statm(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/statm", "rb") as handle:
            return int(handle.read().split()[1])
    except (OSError, IndexError):
        return 0


def proportional_mb(members: Iterable[int]) -> float:
    """Shared pages counted once, in parts. Slow for large processes."""
    return sum(_pss(pid) for pid in members) / 1e3


def _pss(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/smaps_rollup", "rb") as handle:
            for line in handle:
                if line.startswith(b"Pss:"):
                    return int(line.split()[1])
    except (OSError, ValueError):
        pass
    return _statm(pid) * _PAGE // 1000


def kill_all(find: Callable[[], Iterable[int]], *, seconds: float, reap: Callable[[], None] | None = None) -> list[int]:
    """Kill what `find` finds until it finds nothing; what is left after that time is returned.

    All are stopped before any is killed, or a process that starts another for each one lost would win the race.
    """
    deadline = now() + seconds
    pause = 0.001
    while True:
        found = list(find())
        for number in (signal.SIGSTOP, signal.SIGKILL):
            signal_each(found, number)
        if reap:
            reap()
        if not found or now() > deadline:
            return found
        select.select((), (), (), pause)
        pause = min(pause * 2, 0.1)


def signal_each(found: Iterable[int], number: int) -> None:
    for pid in found:
        try:
            os.kill(pid, number)
        except (ProcessLookupError, PermissionError):
            continue
