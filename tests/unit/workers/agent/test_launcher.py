"""The agent's end of a launcher, and where launchers come from: real processes, as in a worker."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from workers.attempt.launcher import Launcher
from workers.attempt.nursery import nursery
from workers.sandbox import kernel, processes


@pytest.fixture(autouse=True)
def _fresh_nursery() -> Iterator[None]:
    nursery.close()
    yield
    nursery.close()
    kernel._prctl(kernel._PR_SET_CHILD_SUBREAPER, 0)


def launched(folder: Path, program: str) -> Launcher:
    spec: dict[str, Any] = {
        "token": str(uuid4()),
        "root": str(folder),
        "argv": [sys.executable, "-I", "-S", "-c", program],
        "cwd": str(folder),
        "environment": {},
        "log_path": str(folder / "log"),
        "isolation": {"level": "none"},
        "limits": {"grace": 0.4},
    }
    return Launcher(spec)


def last_word(launcher: Launcher) -> dict[str, Any]:
    told: list[dict[str, Any]] = []
    deadline = time.monotonic() + 30
    while not launcher.ended and time.monotonic() < deadline:
        told += launcher.hear(1)
    return told[-1]


def until(condition: Any) -> Any:
    deadline = time.monotonic() + 20
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return found


def nursery_pid() -> int:
    nursery.open()
    assert nursery._process is not None
    return nursery._process.pid


def test_a_launcher_is_our_own_child_in_a_session_of_its_own_and_bears_its_token(tmp_path: Path) -> None:
    launcher = launched(tmp_path, "import time; time.sleep(60)")
    until(lambda: processes.cookie_of(launcher.pid) == launcher._token)

    assert launcher.pid in (processes.children() or {launcher.pid})
    assert os.getsid(launcher.pid) == launcher.pid
    until(lambda: len(processes.bearing(launcher._token)) == 2)
    launcher.tell("stop")
    assert last_word(launcher)["reason"] == "stopped"
    launcher.finish()
    assert launcher.end() == []
    assert processes.bearing(launcher._token) == []


def test_one_nursery_makes_all_launchers_and_bears_no_token_itself(tmp_path: Path) -> None:
    first = nursery_pid()
    for _ in range(3):
        launcher = launched(tmp_path, "pass")
        assert last_word(launcher)["code"] == 0
        launcher.finish()
        launcher.end()

    assert nursery_pid() == first
    until(lambda: processes.cookie_of(first) == "")
    assert all(first not in pids for pids in processes.bearers().values())


def test_a_nursery_that_died_is_replaced_and_its_launchers_live_on(tmp_path: Path) -> None:
    launcher = launched(tmp_path, "input()")
    old = nursery_pid()
    os.kill(old, signal.SIGKILL)
    until(lambda: old not in processes.parents())
    assert last_word(launcher)["reason"] == "exit"  # its program found no input, in its own time
    launcher.finish()
    assert launcher.end() == []

    other = launched(tmp_path, "pass")
    assert last_word(other)["code"] == 0
    other.finish()
    assert other.end() == []
    assert nursery_pid() != old


def test_the_nursery_ends_with_the_agents_end_of_its_socket() -> None:
    pid = nursery_pid()
    assert nursery._socket is not None
    nursery._socket.close()

    until(lambda: pid not in processes.parents())


def test_a_killed_launcher_leaves_nothing_behind(tmp_path: Path) -> None:
    program = "import os, time\nif os.fork() == 0:\n    os.setsid()\nprint(flush=True)\ntime.sleep(60)"
    launcher = launched(tmp_path, program)
    family = until(lambda: len(found := processes.bearing(launcher._token)) == 3 and found)
    os.kill(launcher.pid, signal.SIGKILL)

    assert launcher.end() == []
    assert not processes.parents().keys() & set(family)


def test_what_outlives_an_orderly_launcher_is_ended_too(tmp_path: Path) -> None:
    """As when something could not be killed by the launcher in its time: it is our child now."""
    launcher = launched(tmp_path, "import time; time.sleep(60)")
    token = launcher._token
    step = until(lambda: [pid for pid in processes.bearing(token) if pid != launcher.pid])
    os.kill(launcher.pid, signal.SIGSTOP)
    os.kill(launcher.pid, signal.SIGKILL)
    launcher.finish()

    assert launcher.end() == []
    assert not processes.parents().keys() & set(step)


def test_it_may_be_told_that_the_lease_goes_on_after_its_last_word(tmp_path: Path) -> None:
    """Reading large outputs takes longer than a heartbeat."""
    launcher = launched(tmp_path, "pass")
    assert last_word(launcher)["event"] == "exited"
    launcher.finish()
    launcher.tell("beat", at=1.0)
    launcher.tell("stop")
    assert launcher.end() == []
