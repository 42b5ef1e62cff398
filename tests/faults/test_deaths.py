"""F01, F02 and their kin: parts of a worker host are killed while a step runs.

In every case the same must follow: first nothing of the old attempt runs any more, then a new attempt begins, and
exactly one result is kept.
"""

import os
import re
import signal
from collections.abc import Callable
from contextlib import suppress

import pytest

from backend.apps.runs.models import Attempt, Event, Run
from tests.faults.plant import Plant
from tests.harness.runs import document, job, start
from workers.sandbox import processes

# The first attempt would run for ever, and leaves a daemon that throws its environment away; the second ends at once.
PROGRAM = """
if grep -q '"attempt":1,' "$PIPELOOM_STEP_ORDER"; then
    env -i setsid sh -c 'sleep 6001 >/dev/null 2>&1 &'
    setsid sleep 6002 >/dev/null 2>&1 &
    echo "step $$ ready"
    exec sleep 6000
fi
echo second attempt
"""


def long_step() -> dict[str, object]:
    return job("work", properties={"algorithm": {"command": ["sh", "-c", PROGRAM]}})


def running(plant: Plant) -> tuple[Run, Attempt, list[int]]:
    """A run whose step runs, its first attempt, and every process of it: launcher, step, daemons."""
    run = start(document(long_step()))
    plant.until_log(run, "work", r"ready")
    attempt = plant.attempts(run, "work").get()
    family = plant.until(lambda: len(found := members(attempt)) >= 4 and found, "the daemons have started")
    return run, attempt, family


def members(attempt: Attempt) -> list[int]:
    """Without the process that makes launchers: it has a cookie for them, and the cookie is blank."""
    return [pid for pid in processes.descendants(attempt.pid) if processes.cookie_of(pid) != ""]


def launcher_of(attempt: Attempt) -> int:
    for pid in members(attempt):
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            if b"launch.py" in file.read():
                return pid
    raise AssertionError("the attempt has no launcher")


def alive(pids: list[int]) -> set[int]:
    return processes.parents().keys() & set(pids)


def killed(plant: Plant, pid: int) -> None:
    """The fault has fired: that very process is dead."""
    started = processes.start_time(pid)
    assert started is not None
    os.kill(pid, signal.SIGKILL)
    plant.until(lambda: not processes.is_alive(pid, started), f"process {pid} is dead", 5)


def assert_done_by_a_second_attempt(plant: Plant, run: Run, family: list[int]) -> None:
    plant.until(lambda: not alive(family), "nothing of the first attempt runs", 15)
    plant.until_state(run, "completed")
    first, second = plant.attempts(run, "work")
    assert (first.state, second.state) == ("lost", "succeeded")
    assert plant.log_of(run, "work") == "second attempt\n"
    lost = Event.objects.get(run=run, type="attempt_lost")
    assert lost.data["token"] == str(first.pk)


def died_before(plant: Plant, run: Run, family: list[int]) -> Callable[[], bool]:
    """True at the moment of the second dispatch; by then the first family must be gone (I2)."""

    def second() -> bool:
        if plant.attempts(run, "work").count() < 2:
            return False
        assert not alive(family), "the second attempt was dispatched while the first still ran"
        return True

    return second


LEVELS = ("namespaces", "none")


@pytest.fixture(params=LEVELS)
def fenced_plant(plants: Callable[..., Plant], request: pytest.FixtureRequest) -> Plant:
    return plants(environment={"PIPELOOM_ISOLATION": request.param}).start()


def test_f01_it_survives_the_death_of_the_process_that_runs_an_attempt(fenced_plant: Plant) -> None:
    run, attempt, family = running(fenced_plant)
    family = [pid for pid in family if has_cookie(pid, attempt)]
    killed(fenced_plant, attempt.pid)
    fenced_plant.until(died_before(fenced_plant, run, family), "a second attempt begins")
    assert_done_by_a_second_attempt(fenced_plant, run, family)


def has_cookie(pid: int, attempt: Attempt) -> bool:
    """Without a fence, a daemon that throws its environment away is only ours as long as its launcher lives."""
    return processes.cookie_of(pid) == str(attempt.pk)


def test_f02_it_survives_the_death_of_the_launcher_and_kills_what_it_leaves_behind(fenced_plant: Plant) -> None:
    run, attempt, family = running(fenced_plant)
    killed(fenced_plant, launcher_of(attempt))
    fenced_plant.until(died_before(fenced_plant, run, family), "a second attempt begins")
    assert_done_by_a_second_attempt(fenced_plant, run, family)
    assert processes.is_alive(attempt.pid, attempt.pid_start)


def test_f02_its_janitor_kills_orphans_when_agent_and_launcher_die_together(plants: Callable[..., Plant]) -> None:
    plant = plants(environment={"PIPELOOM_ISOLATION": "none"}).start()
    run, attempt, family = running(plant)
    family = [pid for pid in family if has_cookie(pid, attempt)]
    launcher = launcher_of(attempt)
    # Frozen first, or it would use its last moment to end the step properly.
    os.kill(launcher, signal.SIGSTOP)
    killed(plant, attempt.pid)
    os.kill(launcher, signal.SIGKILL)
    plant.until(died_before(plant, run, family), "a second attempt begins")
    assert_done_by_a_second_attempt(plant, run, family)


def test_it_survives_the_death_of_celery(plant: Plant) -> None:
    run, attempt, family = running(plant)
    with open(f"/proc/{attempt.pid}/stat") as file:
        celery = int(file.read().rpartition(")")[2].split()[1])
    killed(plant, celery)
    assert plant.part("worker").wait(20) != 0  # whoever started it starts it anew, which is us here
    plant.until(lambda: not alive(family), "nothing of the attempt runs", 15)
    plant.worker_start()
    assert_done_by_a_second_attempt(plant, run, family)


def test_f03_it_survives_the_death_of_the_whole_worker_host(plant: Plant) -> None:
    run, _, family = running(plant)
    plant.stop("worker", signal.SIGKILL)
    plant.until(lambda: not alive(family), "nothing of the attempt runs", 15)
    plant.worker_start()
    assert_done_by_a_second_attempt(plant, run, family)


def test_it_gives_a_step_back_when_the_worker_is_stopped_in_order(plant: Plant) -> None:
    run, _, family = running(plant)
    assert plant.stop("worker") == 0
    assert not alive(family)
    plant.worker_start()
    assert_done_by_a_second_attempt(plant, run, family)


def test_f04_it_kills_the_step_of_an_agent_that_is_frozen_longer_than_its_fence(plant: Plant) -> None:
    """F04 in small: the frozen agent wakes up to find that it may not say anything any more."""
    run, attempt, family = running(plant)
    os.kill(attempt.pid, signal.SIGSTOP)
    plant.until(lambda: not alive(family), "the launcher has fenced itself", 15)
    plant.until(lambda: Attempt.objects.filter(pk=attempt.pk, state="lost").exists(), "the lease is over", 20)
    os.kill(attempt.pid, signal.SIGCONT)
    assert_done_by_a_second_attempt(plant, run, family)
    assert re.search(r"the lease is over|fenced", plant.logs(400))


def test_f04_it_refuses_what_a_host_says_that_slept_with_its_step_for_three_leases(plant: Plant) -> None:
    """A laptop that is closed: agent, launcher and step stand still together. Awake, the first attempt must end before
    it writes anything; the second is the one that counts."""
    run, attempt, family = running(plant)
    asleep = [attempt.pid, *members(attempt)]
    for number in (signal.SIGSTOP, signal.SIGCONT):
        for pid in asleep:
            # The first that is awake may end the others before it is their turn.
            with suppress(*([ProcessLookupError] if number == signal.SIGCONT else [])):
                os.kill(pid, number)
        if number == signal.SIGSTOP:
            plant.until(lambda: Attempt.objects.filter(pk=attempt.pk, state="lost").exists(), "the lease is over", 30)
            # Its files look finished: a step that had just ended when the lid was closed.
            assert alive(family)
    assert_done_by_a_second_attempt(plant, run, family)
    assert Event.objects.filter(run=run, type="step_finished").count() == 1


def test_it_loses_a_step_at_most_twice_and_then_says_so(plant: Plant) -> None:
    command = ["sh", "-c", "echo ready; exec sleep 6000"]
    run = start(document(job("work", properties={"algorithm": {"command": command}})))
    for number in (1, 2, 3):
        attempt = plant.until(
            lambda number=number: plant.attempts(run, "work").filter(number=number, state="running").first(),
            f"attempt {number} runs",
        )
        plant.until(lambda: "ready" in plant.log_of(run, "work"), "the step is ready")
        killed(plant, attempt.pid)
    plant.until_state(run, "abnormal")
    assert plant.until_step(run, "work", "failed").reason["code"] == "run.lost_too_often"
