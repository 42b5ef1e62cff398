"""The process that makes, ends or stops runs inside of runs is killed between the two."""

from collections.abc import Callable

import pytest

from backend.apps.runs import services
from backend.apps.runs.models import Run
from tests.faults.plant import Plant
from tests.harness.nesting import nested, released, started
from tests.harness.runs import document, job, person


def command(text: str) -> dict[str, object]:
    return job("work", properties={"algorithm": {"command": ["sh", "-c", text]}})


def prepared(plant: Plant, text: str) -> Run:
    """Nobody but the reconciler of the plant, which is to die at the named place, has looked at it yet."""
    released("inner", document(command(text)))
    return started(document(nested("inside", "inner"), job("after", ["inside"])))


def broken(plants: Callable[..., Plant], place: str) -> Plant:
    plant = plants()
    plant.redis_start()
    plant.worker_start()
    plant.until(plant.host_online, "the worker host is registered")
    plant.reconciler_start(PIPELOOM_FAILPOINTS=f"{place}:kill")
    return plant


def survived(plant: Plant, place: str) -> None:
    """The fault has fired; another reconciler takes over."""
    plant.until(plant.fired, f"the reconciler died at {place}")
    assert plant.fired()[0].startswith(f"{place} kill")
    plant.part("reconciler").wait(20)
    plant.reconciler_start()


@pytest.mark.parametrize("place", ["nested.begin.before_commit", "nested.begin.after_commit"])
def test_the_inner_run_is_made_once(plants: Callable[..., Plant], place: str) -> None:
    plant = broken(plants, place)
    run = prepared(plant, "true")

    survived(plant, place)

    assert plant.until_state(run, "completed", "abnormal") == "completed"
    assert Run.objects.filter(parent=run).count() == 1
    assert plant.attempts(run, "inside").count() == 1


@pytest.mark.parametrize("place", ["nested.end.before_commit", "nested.end.after_commit"])
def test_the_end_of_the_inner_run_is_told_once(plants: Callable[..., Plant], place: str) -> None:
    plant = broken(plants, place)
    run = prepared(plant, "true")

    survived(plant, place)

    assert plant.until_state(run, "completed", "abnormal") == "completed"
    assert Run.objects.get(parent=run).state == "completed"


def test_a_stop_reaches_the_inner_run(plants: Callable[..., Plant]) -> None:
    plant = broken(plants, "nested.stop.after_commit")
    run = prepared(plant, "echo ready; exec sleep 6000")
    child = plant.until(lambda: Run.objects.filter(parent=run).first(), "the inner run is made")
    plant.until_log(child, "work", "ready")
    services.run_stop(run_id=run.pk, by=person())

    survived(plant, "nested.stop.after_commit")

    assert plant.until_state(run, "stopped", "abnormal", "completed") == "stopped"
    assert plant.until_state(child, "stopped", "completed") == "stopped"


def test_a_worker_that_dies_inside_is_nobody_elses_matter(plant: Plant) -> None:
    run = prepared(plant, """grep -q '"attempt":1,' "$PIPELOOM_STEP_ORDER" || exit 0; echo ready; exec sleep 6000""")
    child = plant.until(lambda: Run.objects.filter(parent=run).first(), "the inner run is made")
    plant.until_log(child, "work", "ready")
    plant.stop("worker", 9)
    plant.worker_start()

    assert plant.until_state(run, "completed", "abnormal", seconds=90) == "completed"
    assert plant.attempts(child, "work").count() == 2
    assert plant.attempts(run, "inside").count() == 1
