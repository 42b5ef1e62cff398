"""Nothing that a step starts outlives it, however it hides."""

import os
import signal
from pathlib import Path

import pytest

from tests.unit.workers.sandbox.launched import Launched
from workers.sandbox import processes

# Each leaves a process behind that prints "hidden" once it is as well hidden as it can be.
DAEMON = """
import os, sys, time
def daemon(body):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            body()
            os._exit(0)
        os._exit(0)
    os.wait()
def hidden(): os.write(1, b"hidden\\n")
"""
SLEEP = "'-I', '-S', '-c', 'import time; time.sleep(600)'"
HIDE = {
    "double forked": "def body(): hidden(); time.sleep(600)",
    "with closed descriptors": "def body(): hidden(); os.closerange(0, 256); time.sleep(600)",
    "renamed": f"def body(): hidden(); os.execv(sys.executable, ['kworker/0:1', {SLEEP}])",
    "without environment": f"def body(): hidden(); os.execve(sys.executable, ['x', {SLEEP}], {{}})",
    "deaf to signals": (
        "import signal\n"
        "def body():\n"
        "    for n in signal.valid_signals():\n"
        "        try: signal.signal(n, signal.SIG_IGN)\n"
        "        except (OSError, ValueError): pass\n"
        "    hidden(); time.sleep(600)"
    ),
    "starting another for each one lost": (
        "def body():\n"
        "    hidden()\n"
        "    while True:\n"
        "        if os.fork() == 0: time.sleep(600)\n"
        "        os.fork() or time.sleep(0.001) or os._exit(0)\n"
        "        time.sleep(0.002)"
    ),
}


@pytest.fixture(params=HIDE)
def hiding(request: pytest.FixtureRequest) -> str:
    return f"{DAEMON}\n{HIDE[request.param]}\ndaemon(body)\n"


def family(launched: Launched) -> list[int]:
    return processes.descendants(launched.process.pid)


def alive(members: list[int]) -> set[int]:
    return processes.parents().keys() & set(members)


def test_it_finishes_although_daemons_hold_the_output_open(tmp_path: Path, level: str, hiding: str) -> None:
    until_hidden = "import time\nwhile not os.path.exists('go'): time.sleep(0.001)\n"
    with Launched(tmp_path, hiding + until_hidden, level=level) as launched:
        launched.until_log("hidden")
        left = family(launched)
        assert len(left) >= 2
        (launched.root / "go").touch()
        ended = launched.wait(15)
        assert (ended["reason"], ended["code"], ended["left"]) == ("exit", 0, [])
        assert not alive(left)
        assert not launched.bearers()


def test_it_ends_the_daemons_of_a_step_that_is_stopped(tmp_path: Path, level: str, hiding: str) -> None:
    with Launched(tmp_path, f"{hiding}\nimport time; time.sleep(600)", level=level) as launched:
        launched.until_log("hidden")
        left = family(launched)
        launched.tell("stop")
        ended = launched.wait(15)
        assert (ended["reason"], ended["left"]) == ("stopped", [])
        assert not alive(left)


def test_it_finds_what_a_killed_launcher_leaves_behind_by_its_cookie(tmp_path: Path) -> None:
    program = f"{DAEMON}\n{HIDE['double forked']}\ndaemon(body)\nimport time; time.sleep(600)"
    with Launched(tmp_path, program, level="none") as launched:
        launched.until_log("hidden")
        launched.process.send_signal(signal.SIGKILL)
        launched.process.wait()
        orphans = launched.bearers()
        assert orphans
        assert launched.token in processes.bearers()
        assert processes.kill_all(lambda: processes.bearing(launched.token), seconds=10) == []
        assert not alive(orphans)


def test_it_leaves_nothing_behind_when_number_one_of_a_namespace_is_killed(tmp_path: Path) -> None:
    program = f"{DAEMON}\n{HIDE['deaf to signals']}\ndaemon(body)\nimport time; time.sleep(600)"
    with Launched(tmp_path, program, level="namespaces") as launched:
        launched.until_log("hidden")
        left = family(launched)
        root = next(event["pid"] for event in launched.events if event["event"] == "started")
        os.kill(root, signal.SIGKILL)
        ended = launched.wait()
        assert (ended["reason"], ended["signal"]) == ("signal", signal.SIGKILL)
        assert not alive(left)
