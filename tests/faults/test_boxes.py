"""A step in a container while the processes around it are killed: no container is left, and one result is kept.

Where no container engine answers, the run is refused instead, and that is what is asserted.
"""

import os
import signal
import tempfile
from pathlib import Path

import pytest

from backend.apps.assets.services import image_register
from backend.apps.runs import services
from backend.apps.runs.models import Attempt, Run
from backend.shared.errors import ProductError
from tests.faults.plant import Plant
from tests.faults.test_deaths import killed, launcher_of
from tests.harness import containers
from tests.harness.runs import document, job, person, start

IMAGE = "team/python:1"
PROGRAM = """
import json, os, time
if json.load(open(os.environ["PIPELOOM_STEP_ORDER"]))["attempt"] == 1:
    print("step ready", flush=True)
    time.sleep(6000)
print("second attempt", flush=True)
"""


def step() -> dict[str, object]:
    algorithm = {"command": ["python3", "-c", PROGRAM], "engine": {"image_url": IMAGE}}
    return job("work", properties={"algorithm": algorithm})


def running(plant: Plant) -> tuple[Run, Attempt]:
    run = start(document(step()))
    plant.until_log(run, "work", "step ready")
    attempt = plant.attempts(run, "work").get()
    assert f"pipeloom-{attempt.pk}" in containers.containers_of_ours()
    return run, attempt


@pytest.mark.parametrize("dies", ["the agent", "the launcher", "both", "stopped"])
def test_it_leaves_no_container_whoever_dies(plant: Plant, dies: str) -> None:
    able = containers.found().engine is not None
    reference = containers.image_ready(Path(tempfile.gettempdir())) if able else IMAGE
    image_register(project=person().personal_project, user=None, name=IMAGE, reference=reference)
    if not able:
        with pytest.raises(ProductError) as refused:
            start(document(step()))
        assert [each.code for each in refused.value.problems] == ["run.no_container_engine"]
        return
    run, attempt = running(plant)
    launcher = launcher_of(attempt)

    if dies == "stopped":
        services.run_stop(run_id=run.pk, by=None)
        plant.until_state(run, "stopped")
    else:
        if dies == "both":
            # Frozen first, or it would use its last moment to end the step properly.
            os.kill(launcher, signal.SIGSTOP)
        killed(plant, launcher if dies == "the launcher" else attempt.pid)
        if dies == "both":
            os.kill(launcher, signal.SIGKILL)
        plant.until_state(run, "completed", seconds=120)
        first, second = plant.attempts(run, "work")
        assert (first.state, second.state) == ("lost", "succeeded")
        assert "second attempt" in plant.log_of(run, "work")
    mine = {f"pipeloom-{each.pk}" for each in plant.attempts(run, "work")}
    plant.until(lambda: not mine & containers.containers_of_ours(), "no container is left", 60)
