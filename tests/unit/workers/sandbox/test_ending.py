"""How a step ends, and that the launcher says exactly how."""

import contextlib
import json
import os
import signal
from pathlib import Path

import pytest

from tests.unit.workers.sandbox.launched import Launched
from workers.sandbox import processes

IGNORE = "import signal, time\nfor n in (signal.SIGINT, signal.SIGTERM): signal.signal(n, signal.SIG_IGN)\n"
# Never returns to the interpreter, so that no Python signal handler could run either.
C_LOOP = "import itertools, collections\ncollections.deque(itertools.repeat(0), maxlen=0)\n"


@pytest.mark.parametrize("code", [0, 1, 77, 137, 255])
def test_it_tells_the_exit_code_and_does_not_take_137_for_a_kill(tmp_path: Path, level: str, code: int) -> None:
    with Launched(tmp_path, f"import sys; sys.exit({code})", level=level) as launched:
        ended = launched.wait()
    assert (ended["reason"], ended["code"], ended["signal"]) == ("exit", code, None)


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL, signal.SIGABRT])
def test_it_tells_the_signal_that_ended_the_step(tmp_path: Path, level: str, number: int) -> None:
    with Launched(tmp_path, f"import os; os.kill(os.getpid(), {int(number)})", level=level) as launched:
        ended = launched.wait()
    assert (ended["reason"], ended["code"], ended["signal"]) == ("signal", None, number)


def test_it_says_why_a_program_cannot_start(tmp_path: Path, level: str) -> None:
    with Launched(tmp_path, level=level, argv=["/no/such/program"]) as launched:
        ended = launched.wait()
    assert (ended["reason"], ended["stage"], ended["errno"]) == ("not_started", "start", 2)
    assert launched.events == [ended]


def test_it_says_why_a_folder_cannot_be_entered(tmp_path: Path, level: str) -> None:
    with Launched(tmp_path, "", level=level, cwd=str(tmp_path / "nowhere")) as launched:
        ended = launched.wait()
    assert ended["reason"] == "not_started"
    assert "No such file" in ended["error"]


def test_it_asks_twice_before_it_kills(tmp_path: Path, level: str) -> None:
    program = (
        "import os, signal, time\n"
        "def got(number, _): os.write(1, f'got {number} '.encode())\n"
        "for n in (signal.SIGINT, signal.SIGTERM): signal.signal(n, got)\n"
        "os.write(1, b'ready ')\n"
        "while True: time.sleep(60)"
    )
    with Launched(tmp_path, program, level=level) as launched:
        launched.until_log("ready")
        launched.tell("stop")
        ended = launched.wait()
    assert launched.log().split() == ["ready", "got", "2", "got", "15"]
    assert (ended["reason"], ended["signal"]) == ("stopped", signal.SIGKILL)


def test_it_lets_a_polite_step_end_by_itself(tmp_path: Path, level: str) -> None:
    program = (
        "import signal, sys, time\nsignal.signal(signal.SIGINT, lambda *_: sys.exit(5))\nprint('ready')\ntime.sleep(60)"
    )
    with Launched(tmp_path, program, level=level, limits={"grace": 60}) as launched:
        launched.until_log("ready")
        launched.tell("stop")
        ended = launched.wait()
    assert (ended["reason"], ended["code"]) == ("stopped", 5)


@pytest.mark.parametrize("busy", [C_LOOP, "time.sleep(600)"], ids=["in C", "asleep"])
def test_it_kills_a_step_that_ignores_every_request(tmp_path: Path, level: str, busy: str) -> None:
    with Launched(tmp_path, f"{IGNORE}print('ready')\n{busy}", level=level) as launched:
        launched.until_log("ready")
        launched.tell("stop")
        ended = launched.wait()
    assert (ended["reason"], ended["signal"]) == ("stopped", signal.SIGKILL)


def test_it_ends_a_step_that_takes_too_long(tmp_path: Path, level: str) -> None:
    with Launched(tmp_path, f"{IGNORE}time.sleep(600)", level=level, limits={"seconds": 0.3}) as launched:
        assert launched.wait()["reason"] == "timeout"


def test_it_ends_a_step_that_uses_too_much_memory_and_says_how_much(tmp_path: Path, level: str) -> None:
    program = (
        "import time\nheld = bytearray(300_000_000)\nfor i in range(0, len(held), 4096): held[i] = 1\ntime.sleep(600)"
    )
    with Launched(tmp_path, program, level=level, limits={"memory_mb": 120}) as launched:
        ended = launched.wait()
    assert ended["reason"] == "oom"
    assert ended["usage"]["max_rss_mb"] > 120


def test_it_counts_memory_that_processes_share_only_once(tmp_path: Path) -> None:
    program = (
        "import os, time\n"
        "held = bytearray(60_000_000)\n"
        "for i in range(0, len(held), 4096): held[i] = 1\n"
        "children = [os.fork() for _ in range(3)]\n"
        "time.sleep(2.5)\n"
    )
    with Launched(tmp_path, program, limits={"memory_mb": 150}) as launched:
        ended = launched.wait()
    assert (ended["reason"], ended["code"]) == ("exit", 0)


def test_it_kills_the_step_when_nobody_renews_the_lease(tmp_path: Path, level: str) -> None:
    with Launched(
        tmp_path, "import time; time.sleep(600)", level=level, limits={"fence": 0.5, "grace": 60}
    ) as launched:
        assert launched.wait()["reason"] == "fenced"
        assert not launched.bearers()


def test_it_lets_the_step_run_as_long_as_the_lease_is_renewed(tmp_path: Path) -> None:
    with Launched(tmp_path, "import time; time.sleep(1.5)", limits={"fence": 1.0}) as launched:
        while launched.hear(0.1):
            with contextlib.suppress(BrokenPipeError):
                launched.tell("beat")
    assert launched.events[-1]["reason"] == "exit"


def test_it_kills_everything_when_the_agent_is_gone(tmp_path: Path, level: str) -> None:
    with Launched(tmp_path, f"{IGNORE}print('ready')\ntime.sleep(600)", level=level) as launched:
        launched.until_log("ready")
        launched.process.stdin.close()
        assert launched.wait()["reason"] == "orphaned"
        assert not launched.bearers()


def test_it_kills_everything_when_it_is_asked_to_end_itself(tmp_path: Path, level: str) -> None:
    with Launched(tmp_path, f"{IGNORE}print('ready')\ntime.sleep(600)", level=level) as launched:
        launched.until_log("ready")
        launched.process.terminate()
        assert launched.wait()["reason"] == "orphaned"


def test_it_takes_the_step_along_when_it_is_killed(tmp_path: Path, level: str) -> None:
    with Launched(tmp_path, f"{IGNORE}print('ready')\ntime.sleep(600)", level=level) as launched:
        launched.until_log("ready")
        assert launched.bearers()
        launched.process.kill()
        launched.until(lambda: not launched.bearers(), "the step is gone")


@pytest.mark.parametrize("pause", [0.0, 0.02, 0.04, 0.06, 0.08])
def test_it_tells_one_story_when_the_request_to_stop_meets_the_end(tmp_path: Path, pause: float) -> None:
    with Launched(tmp_path, "") as launched:
        launched.hear(pause)
        with contextlib.suppress(BrokenPipeError):
            launched.tell("stop")
        ended = launched.wait()
    assert (ended["reason"], ended["code"], ended["signal"]) in {
        ("exit", 0, None),
        ("stopped", 0, None),
        ("stopped", 1, None),
        ("stopped", None, signal.SIGINT),
        ("stopped", None, signal.SIGKILL),  # before it had begun
    }


def test_it_starts_the_step_with_a_clean_process(tmp_path: Path, level: str) -> None:
    program = (
        "import json, os, resource, signal\n"
        "blocked = signal.pthread_sigmask(signal.SIG_BLOCK, [])\n"
        "kept = lambda n: signal.getsignal(n) not in (signal.SIG_DFL, signal.default_int_handler)\n"
        "ignored = [n for n in signal.valid_signals() if n not in (signal.SIGPIPE, signal.SIGXFSZ) and kept(n)]\n"
        "print(json.dumps({'blocked': len(blocked), 'ignored': ignored, 'umask': os.umask(0),\n"
        "  'fds': sorted(os.listdir('/proc/self/fd')), 'core': resource.getrlimit(resource.RLIMIT_CORE),\n"
        "  'leader': os.getsid(0) == os.getpid(), 'environment': sorted(os.environ)}))"
    )
    signal.signal(signal.SIGUSR2, signal.SIG_IGN)
    try:
        with Launched(tmp_path, program, level=level) as launched:
            assert launched.wait()["code"] == 0
            found = json.loads(launched.log())
    finally:
        signal.signal(signal.SIGUSR2, signal.SIG_DFL)
    assert found["blocked"] == 0
    assert found["ignored"] == []
    assert found["umask"] == 0o077
    assert found["fds"] == ["0", "1", "2", "3"]  # 3 lists the folder
    assert found["core"] == [0, 0]
    assert found["leader"]
    assert set(found["environment"]) <= {"PATH", "PIPELOOM_ATTEMPT", "LC_CTYPE"}


def test_it_knows_a_process_by_more_than_its_number(tmp_path: Path) -> None:
    own = os.getpid()
    started = processes.start_time(own)
    assert started is not None
    assert processes.is_alive(own, started)
    assert not processes.is_alive(own, started + 1)
