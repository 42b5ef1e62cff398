"""F17 and F24: steps that end in a strange way, and disks that are full. Each is told exactly, and none is lost."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from tests.faults.plant import Plant
from tests.harness.runs import document, job, start
from workers.sandbox import processes

OUT = [{"name": "out", "type": "obs", "config": {"obs_path": "/default/f24/"}}]
ENDS = {
    "no_output": ('rm -rf "${0#--out=}"', "step.output_missing", {}),
    "a_link_as_output": ('ln -s /etc/passwd "${0#--out=}link"', "step.output_link", {}),
    "a_pipe_as_output": ('mkfifo "${0#--out=}pipe"', "step.output_special", {}),
    "a_signal": ("kill -SEGV $$", "step.signal", {"signal": "SIGSEGV"}),
    "a_kill": ("kill -KILL $$", "step.killed", {"signal": "SIGKILL"}),
    "status_137_by_itself": ("exit 137", "step.exit_code", {"code": 137}),
}


def test_f24_it_tells_every_strange_end_of_a_step_and_takes_none_for_a_lost_one(plant: Plant) -> None:
    steps = []
    for name, (text, _, _) in ENDS.items():
        output = [{**OUT[0], "config": {"obs_path": f"/default/f24/{name}/"}}]
        steps.append(job(name, properties={"algorithm": {"command": ["sh", "-c", text]}}, outputs=output))
    run = start(document(*steps))
    plant.until_state(run, "abnormal")
    for name, (_, code, params) in ENDS.items():
        step = run.steps.get(name=name)
        assert (step.state, step.attempts, step.lost) == ("failed", 1, 0), name
        assert step.reason["code"] == code, (name, step.reason)
        assert params.items() <= step.reason["params"].items(), (name, step.reason)
    assert not list(Path(settings.PIPELOOM_HOME, "storage").rglob("f24/*"))


# A user and mount namespace of its own for the whole worker: its attempts lie on a disk of a few megabytes.
SMALL_DISK = 'mount -t tmpfs -o size=6m tmpfs "$0" && exec "$@"'
NAMESPACE = ["unshare", "--user", "--map-root-user", "--mount"]


@pytest.fixture
def cramped(plants: Callable[..., Plant]) -> Plant:
    attempts = Path(settings.PIPELOOM_HOME, "attempts")
    attempts.mkdir(parents=True, exist_ok=True)
    small = [*NAMESPACE, "sh", "-c", SMALL_DISK, str(attempts)]
    if subprocess.run([*small, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine does not let us mount a small disk")
    plant = plants(environment={"PIPELOOM_ISOLATION": "none"})
    plant.redis_start()
    plant.worker_start(command=[*small, sys.executable, "manage.py"])
    plant.reconciler_start()
    plant.until(plant.host_online, "the worker host is registered")
    return plant


def disk_of(plant: Plant) -> Path:
    """As the worker sees it."""
    return Path(f"/proc/{plant.part('worker').pid}/root{settings.PIPELOOM_HOME}/attempts")


def test_f17_it_says_that_the_disk_is_full_and_goes_on_when_there_is_room(cramped: Plant) -> None:
    plant = cramped
    fills = job("fills", properties={"algorithm": {"command": ["sh", "-c", "head -c 20000000 /dev/zero > big"]}})
    run = start(document(fills))
    plant.until_state(run, "abnormal")
    step = run.steps.get(name="fills")
    assert (step.state, step.lost, step.reason["code"]) == ("failed", 0, "step.disk_full")

    filler = disk_of(plant) / "filler"
    with pytest.raises(OSError, match="No space left"), open(filler, "wb") as file:  # noqa: PT012
        while True:
            file.write(bytes(1 << 16))
            file.flush()
    run = start(document(job("cannot_begin")))
    plant.until_state(run, "abnormal")
    step = run.steps.get(name="cannot_begin")
    assert (step.state, step.lost, step.reason["code"]) == ("failed", 0, "step.preparation")
    assert "No space left" in step.reason["message"]
    assert plant.host_online()

    filler.unlink()
    for folder in disk_of(plant).iterdir():
        for path in folder.rglob("big"):
            path.unlink()
    run = start(document(job("again"), job("after", ["again"])))
    plant.until_state(run, "completed")
    assert not {str(row.pk) for row in plant.attempts(run, "again")} & processes.bearers().keys()
    assert os.path.isdir(disk_of(plant))  # noqa: PTH112 - it was that disk all the time
