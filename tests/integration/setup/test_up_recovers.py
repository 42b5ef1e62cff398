"""`manage.py up` on a machine in disorder: killed starts, half-made homes, dead children."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from backend.config.embedded.home import home_at
from backend.config.embedded.instance import Instance, instance_write
from backend.config.embedded.processes import boot_id, process_record
from tests.harness.live_stack import LiveStack, StackStarter, live_stacks
from tests.integration.setup.machine import traces_of, until

CHILDREN = ("web", "reconciler", "worker", "redis", "postgres")


def stderr_of(home: Path) -> str:
    return (home.parent / f"{home.name}.stderr").read_text()


def test_it_takes_its_children_along_when_it_is_killed_and_starts_again(live_stack_factory: StackStarter) -> None:
    stack = live_stack_factory(workers=1)
    token, runtime = stack.token, Path(stack.instance["runtime"])

    os.kill(stack.pids["up"], signal.SIGKILL)
    stack.process.wait()

    until(lambda: not traces_of(stack.home).processes, "every child is gone")
    assert runtime.exists(), "a killed process cannot tidy up; this is what the next start must find"

    again = live_stack_factory(home=stack.home, workers=1)

    assert "cleaned up after a start that was killed" in stderr_of(stack.home)
    with httpx.Client(base_url=again.url, headers={"Authorization": f"Bearer {token}"}) as client:
        assert client.get("/api/workflows/").status_code == 200
    assert again.stop() == 0
    assert not runtime.exists()


def test_it_ends_an_orphan_that_it_finds_but_no_stranger_with_a_reused_pid(
    live_stack_factory: StackStarter, tmp_path: Path
) -> None:
    """Two left-over records: one is the process it says, the other's pid now belongs to somebody else."""
    home = home_at(tmp_path / "home")
    home.path.mkdir()
    runtime = tmp_path / "pipeloom-left-over"
    runtime.mkdir()
    nap = [sys.executable, "-c", "import signal; signal.pause()"]
    with subprocess.Popen(nap, start_new_session=True) as orphan, subprocess.Popen(nap) as stranger:
        try:
            (home.path / "secrets").mkdir()
            true_record = process_record("worker", orphan.pid)
            reused = process_record("web", stranger.pid)
            wrong = type(reused)(name="web", pid=reused.pid, started=reused.started - 1)
            me = type(reused)(name="up", pid=2**22 - 1, started=1)
            left = Instance("ready", boot_id(), me, str(runtime), children=(true_record, wrong))
            instance_write(home, left)

            live_stack_factory(home=home.path, workers=0)

            assert orphan.wait(30) == -signal.SIGTERM
            assert stranger.poll() is None
            assert not runtime.exists()
        finally:
            orphan.kill()
            stranger.kill()


@pytest.fixture(scope="module")
def battered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveStack]:
    """One product that loses each of its children in turn."""
    with live_stacks(tmp_path_factory) as start:
        yield start(workers=1)


@pytest.mark.parametrize("child", CHILDREN)
def test_it_starts_a_killed_child_again(battered: LiveStack, child: str) -> None:
    stack = battered
    before = stack.pids[child]

    os.kill(before, signal.SIGKILL)

    stack.until(lambda: stack.pids.get(child, before) != before, f"{child} has a new process")
    stack.until(lambda: _answers(stack.url), "the product answers again")
    assert f"{child} ended with SIGKILL; starting it again" in stderr_of(stack.home)
    with stack.client() as client:
        stack.until(lambda: client.get("/api/workflows/").status_code == 200, "the API works again")


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def test_it_finishes_a_home_that_was_half_made(live_stack_factory: StackStarter, tmp_path: Path) -> None:
    """As after a power cut: some secrets, no marker, a cluster that initdb had not finished."""
    home = tmp_path / "home"
    (home / "secrets").mkdir(parents=True)
    (home / "secrets" / "django_key").write_text("kept-as-it-is-because-it-was-there")
    leftover = home / ".postgres.new-abc" / "data"
    leftover.mkdir(parents=True)
    (leftover / "PG_VERSION").write_text("18")
    beside = tmp_path / ".home.new-999999999-xyz"
    beside.mkdir()

    stack = live_stack_factory(home=home, workers=0)

    assert (home / "secrets" / "django_key").read_text() == "kept-as-it-is-because-it-was-there"
    assert not leftover.exists()
    assert not beside.exists()
    assert stack.client().get("/api/workflows/").status_code == 200


def test_it_keeps_the_data_when_the_password_file_was_lost(live_stack_factory: StackStarter) -> None:
    first = live_stack_factory(workers=0)
    token = first.token
    assert first.stop() == 0
    shutil.rmtree(first.home / "secrets")
    (first.home / "home.json").unlink()

    second = live_stack_factory(home=first.home, workers=0)

    assert "gave the database a new password" in stderr_of(first.home)
    with httpx.Client(base_url=second.url, headers={"Authorization": f"Bearer {token}"}) as client:
        assert client.get("/api/workflows/").status_code == 200


def test_it_starts_on_a_pid_file_whose_pid_now_belongs_to_a_stranger(live_stack_factory: StackStarter) -> None:
    first = live_stack_factory(workers=0)
    pid_file = (first.home / "postgres" / "postmaster.pid").read_text().splitlines()
    assert first.stop() == 0
    (first.home / "postgres" / "postmaster.pid").write_text("\n".join([str(os.getpid()), *pid_file[1:]]) + "\n")

    second = live_stack_factory(home=first.home, workers=0)

    assert second.pids["postgres"] > 0
