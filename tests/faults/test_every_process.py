"""Each of the nine processes is killed at each of three moments of a step's life; nothing may be lost, or done twice.

One stack serves all cases. The step at which the moment is taken stands still there (a failpoint that holds it, or a
program that waits), the process is killed, and everything goes on.
"""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from backend.apps.runs.failpoints import NAMES
from tests.harness.inspector import Inspector
from tests.harness.leases import LEASES
from tests.harness.live_stack import StackStarter, live_stacks
from tests.harness.watching import WatchingClient
from tests.integration.setup.machine import traces_of
from workers.sandbox import processes

PROCESSES = ("child", "celery", "launcher", "step", "web", "reconciler", "redis", "postgres", "up")
MOMENTS = ("before_the_claim", "while_running", "during_the_finish")
POINT = {"before_the_claim": "claim.before", "during_the_finish": "finish.before_commit"}
WAITS = 'echo >> "$0/began.$1"; while ! test -e "$0/gate.$1"; do sleep 0.05; done; '
LEDGER = 'echo "$1 $PIPELOOM_STEP_ORDER" >> "$0/ledger"; '
RESULT = 'grep -o \'"token":"[^"]*"\' "$PIPELOOM_STEP_ORDER" > "${2#--*=}token"; '


class Ground:
    """One stack, started again where a test has killed all of it."""

    def __init__(self, start: StackStarter, folder: Path) -> None:
        self._start = start
        self.points = folder / "points"
        self.points.mkdir()
        self.folder = folder
        # With simulated cards or many cores nothing changes: two slots, two processes.
        self.environment = {**LEASES, "PIPELOOM_FAILPOINT_FOLDER": str(self.points)}
        self.stack = start(workers=2, env=self.environment)
        self.inspector = Inspector(self.stack.environment)
        self.token = self.stack.token

    def start_again(self) -> None:
        port = int(self.stack.url.rsplit(":", 1)[1])
        self.stack = self._start(home=self.stack.home, workers=2, port=port, env=self.environment)

    def api(self, method: str, path: str, **options: Any) -> Any:
        with self.stack.client() as client:
            client.headers["Authorization"] = f"Bearer {self.token}"
            answer = client.request(method, f"/api/{path}", **options)
        assert answer.is_success, answer.text
        return answer.json()


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with live_stacks(tmp_path_factory) as start:
        found = Ground(start, tmp_path_factory.mktemp("ground"))
        try:
            yield found
        finally:
            found.inspector.close()


def step(name: str, folder: Path, text: str, *after: str, outputs: bool = False) -> dict[str, Any]:
    command = ["sh", "-c", WAITS + text + LEDGER, str(folder), name]
    made = {"id": name, "name": name, "kind": "job", "properties": {"algorithm": {"command": command}}}
    if outputs:
        made["outputs"] = [{"name": "out", "type": "obs", "config": {"obs_path": f"/default/{folder.name}/"}}]
    return {**made, "depends_on": list(after)}


class Case:
    """A run of four steps: `beside` runs all the time, and `work`, after `first`, is where the moment is taken."""

    def __init__(self, ground: Ground, name: str) -> None:
        self.ground = ground
        self.folder = ground.folder / name
        self.folder.mkdir()
        steps = [
            step("beside", self.folder, ""),
            step("first", self.folder, ""),
            step("work", self.folder, RESULT, "first", outputs=True),
            step("last", self.folder, "", "work", "beside"),
        ]
        made = ground.api(
            "POST", "workflows/", json={"name": name, "document": {"schema": 1, "name": name, "steps": steps}}
        )
        self.run = ground.api("POST", f"workflows/{made['id']}/runs/", json={})["id"]
        self.client = WatchingClient(ground.stack.url, ground.token, self.run)

    def until(self, condition: Callable[[], Any], what: str, seconds: float = 60) -> Any:
        return self.ground.stack.until(condition, what, seconds)

    def began(self, name: str) -> None:
        self.until((self.folder / f"began.{name}").exists, f"step {name} runs")

    def open(self, *names: str) -> None:
        for name in names:
            (self.folder / f"gate.{name}").touch()

    def arm(self, point: str) -> None:
        assert point in NAMES
        new = self.ground.points / ".new"
        new.write_text("hold")
        new.rename(self.ground.points / point)

    def held(self, point: str) -> int:
        """The process that stands still there."""
        fired = self.ground.points / f"{point}.fired"
        return int(
            self.until(
                lambda: fired.exists() and " " in (text := fired.read_text()) and text, f"{point} fired"
            ).split()[1]
        )

    def attempt(self, name: str) -> dict[str, Any]:
        return self.ground.inspector.attempts(self.run, name)[-1]

    def launcher(self, name: str) -> int:
        found = self.attempt(name)
        for pid in processes.descendants(found["pid"]):
            if processes.cookie_of(pid) == found["id"] and b"launch.py" in Path(f"/proc/{pid}/cmdline").read_bytes():
                return pid
        raise AssertionError(f"step {name} has no launcher")

    def program(self, name: str) -> int:
        for pid in processes.descendants(self.launcher(name)):
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
            if b"sh\0-c\0" in command and str(self.folder).encode() in command:
                return pid
        raise AssertionError(f"step {name} has no process")

    def end(self) -> str:
        with_web = lambda: self.ground.api("GET", f"runs/{self.run}/")  # noqa: E731
        state = self.until(
            lambda: (found := with_web()["state"]) in ("completed", "abnormal") and found, "the run has ended", 90
        )
        self.client.assert_missed_nothing()
        return str(state)


@pytest.fixture
def case(ground: Ground, request: pytest.FixtureRequest) -> Iterator[Case]:
    name = request.node.callspec.id.replace("[", "-")
    found = Case(ground, name)
    try:
        yield found
    finally:
        found.open("beside", "first", "work", "last")
        for point in NAMES:
            (ground.points / f"{point}.go").touch()
        found.client.stop()
        for point in NAMES:
            for left in (point, f"{point}.fired", f"{point}.go"):
                (ground.points / left).unlink(missing_ok=True)


def reach(case: Case, moment: str) -> int:
    """Returns the pool process that has the step in hand."""
    case.began("beside")
    case.began("first")
    if moment == "before_the_claim":
        case.arm(POINT[moment])
        case.open("first")
        return case.held(POINT[moment])
    case.open("first")
    case.began("work")
    child = int(case.attempt("work")["pid"])
    if moment == "during_the_finish":
        case.arm(POINT[moment])
        case.open("work")
        assert case.held(POINT[moment]) == child
    return child


def victim(case: Case, process: str, moment: str, child: int) -> int:
    """At a moment at which the step has no launcher or process of its own, it is its neighbour's."""
    owner = "work" if moment == "while_running" else "beside"
    if process == "child":
        return child
    if process == "celery":
        return processes.parents()[child]
    if process in ("launcher", "step"):
        return case.launcher(owner) if process == "launcher" else case.program(owner)
    return case.ground.stack.pids[process]


def kill(case: Case, pid: int) -> None:
    """The fault has fired: that very process is dead."""
    started = processes.start_time(pid)
    assert started is not None
    os.kill(pid, signal.SIGKILL)
    case.until(lambda: not processes.is_alive(pid, started), f"process {pid} is dead", 10)


def go_on(case: Case, process: str) -> None:
    if process == "up":
        stack = case.ground.stack
        stack.process.wait(30)
        ours = {case.ground.inspector.pid}
        case.until(lambda: not traces_of(stack.home).processes - ours, "all of it has ended")
    for point in NAMES:
        (case.ground.points / f"{point}.go").touch()
    if process == "up":
        case.ground.start_again()
    case.open("beside", "first", "work", "last")


def still_there(case: Case, process: str, moment: str, child: int) -> None:
    """The moment has not passed meanwhile: the step stands where it stood when its neighbour was killed."""
    if process not in ("child", "celery", "up") and moment in POINT:
        assert processes.start_time(child) is not None
        assert not (case.ground.points / f"{POINT[moment]}.go").exists()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("process", PROCESSES)
def test_it_survives_the_death_of(case: Case, process: str, moment: str) -> None:
    child = reach(case, moment)
    kill(case, victim(case, process, moment, child))
    still_there(case, process, moment, child)
    go_on(case, process)
    state = case.end()
    assert state == ("abnormal" if process == "step" else "completed")
    case.ground.inspector.invariants([case.run])
    attempts = case.ground.inspector.attempts(case.run)
    assert_every_result_is_one_attempts(case, attempts)
    tokens = {each["id"] for each in attempts}
    case.until(lambda: not tokens & processes.bearers().keys(), "no process bears a token any more", 15)


def assert_every_result_is_one_attempts(case: Case, attempts: list[dict[str, Any]]) -> None:
    """I6 as a person sees it: the files in the storage are those of the attempt that counts."""
    for name in ("beside", "first", "work", "last"):
        mine = [each for each in attempts if each["step"] == name]
        good = [each for each in mine if each["state"] == "succeeded"]
        assert len(good) <= 1
        assert len(mine) <= 3
        if name == "work" and good:
            (kept,) = (case.ground.stack.home / "storage").rglob(f"{case.folder.name}/token")
            assert good[0]["id"] in kept.read_text()
