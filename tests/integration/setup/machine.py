"""What a start of the product may leave on a machine: looked at before and after."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.harness.live_stack import REPOSITORY, clean_environment

DEADLINE = 60.0


@dataclass(frozen=True, slots=True)
class Traces:
    """Of one home: processes that carry its path, listening sockets they hold, folders in the temp dir."""

    processes: frozenset[int]
    folders: frozenset[str]


def traces_of(home: Path) -> Traces:
    """By environment and arguments, so that also a process that left its session and parent is seen."""
    found = set()
    needle = os.fsencode(home)
    for process in psutil.process_iter():
        try:
            texts = (
                Path(f"/proc/{process.pid}/environ").read_bytes(),
                Path(f"/proc/{process.pid}/cmdline").read_bytes(),
            )
        except OSError:
            continue
        if any(needle in text for text in texts) and process.pid != os.getpid():
            found.add(process.pid)
    folders = {entry.name for entry in Path(tempfile.gettempdir()).iterdir() if entry.name.startswith("pipeloom-")}
    return Traces(frozenset(found), frozenset(folders))


def tcp_listeners(pids: set[int]) -> set[int]:
    """Ports on which any of them listens."""
    return {
        connection.laddr.port
        for connection in psutil.net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN and connection.pid in pids
    }


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def until(condition: Callable[[], object], what: str, seconds: float = DEADLINE) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.05)


def up(home: Path, *argv: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """An `up` that is expected to end by itself."""
    return subprocess.run(
        [sys.executable, "manage.py", "up", "--home", str(home), *argv],
        cwd=REPOSITORY, env=clean_environment(home, env), capture_output=True, text=True, timeout=120,
    )  # fmt: skip


@contextmanager
def busy_port(port: int = 0) -> Iterator[int]:
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", port))
        holder.listen()
        yield holder.getsockname()[1]
