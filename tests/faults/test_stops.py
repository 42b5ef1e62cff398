"""F19, F20, F21: steps that do not want to end, and requests to stop at every moment of a step's life."""

import contextlib
import random
import signal
import time
from collections.abc import Callable

import pytest

from backend.apps.runs import services
from backend.apps.runs.models import Attempt, Event
from backend.shared.errors import ProductError
from tests.faults.plant import Plant
from tests.harness.runs import document, host, job, start
from workers.sandbox import processes

DAEMONS = """
import os, signal, sys, time
def daemon(body):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0: body()
        os._exit(0)
    os.wait()
def closed(): os.closerange(0, 256); time.sleep(600)
def renamed(): os.execv(sys.executable, ["kworker/0:1", "-I", "-S", "-c", "import time; time.sleep(600)"])
def deaf():
    for n in signal.valid_signals():
        try: signal.signal(n, signal.SIG_IGN)
        except (OSError, ValueError): pass
    time.sleep(600)
def respawning():
    while True:
        if os.fork() == 0: time.sleep(600)
        os.fork() or time.sleep(0.001) or os._exit(0)
        time.sleep(0.002)
for body in (closed, renamed, deaf, respawning): daemon(body)
os.write(1, b"ready\\n")
"""
# In C for good: no Python signal handler would ever run.
TIGHT = """
import collections, itertools, os, signal
for n in (signal.SIGINT, signal.SIGTERM): signal.signal(n, signal.SIG_IGN)
os.write(1, b"ready\\n")
collections.deque(itertools.repeat(0), maxlen=0)
"""


@pytest.fixture(params=["namespaces", "none"])
def fenced_plant(plants: Callable[..., Plant], request: pytest.FixtureRequest) -> Plant:
    return plants(environment={"PIPELOOM_ISOLATION": request.param}).start()


def program(plant: Plant, text: str, name: str = "work", *after: str) -> dict[str, object]:
    script = plant.shared / f"{name}.py"
    script.write_text(text)
    command = ["python3", "-I", "-S", str(script)]
    return job(name, after, properties={"algorithm": {"command": command}})


def test_f19_it_leaves_no_daemon_behind_and_does_not_wait_for_any(fenced_plant: Plant) -> None:
    gate = fenced_plant.shared / "gate"
    until_gate = f"while not os.path.exists({str(gate)!r}): time.sleep(0.01)\n"
    run = start(document(program(fenced_plant, DAEMONS + until_gate)))
    fenced_plant.until_log(run, "work", "ready")
    attempt = fenced_plant.attempts(run, "work").get()
    # Without the process that makes launchers: it has a cookie for them, and the cookie is blank.
    family = [pid for pid in processes.descendants(attempt.pid) if processes.cookie_of(pid) != ""]
    assert len(family) >= 6
    gate.touch()
    begun = time.monotonic()
    fenced_plant.until_state(run, "completed")
    assert time.monotonic() - begun < 15
    assert not processes.parents().keys() & set(family)


def test_f20_it_kills_a_step_that_ignores_every_request_and_says_that_it_was_stopped(fenced_plant: Plant) -> None:
    run = start(document(program(fenced_plant, TIGHT)))
    fenced_plant.until_log(run, "work", "ready")
    services.run_stop(run_id=run.pk, by=None)
    fenced_plant.until_state(run, "stopped")
    attempt = fenced_plant.attempts(run, "work").get()
    assert attempt.state == "cancelled"
    assert (attempt.report["signal"], attempt.report["reason"]["code"]) == (signal.SIGKILL, "step.stopped")
    assert not processes.bearing(str(attempt.pk))


def test_f20_it_ends_a_step_that_takes_longer_than_it_may(plant: Plant) -> None:
    step = program(plant, TIGHT)
    step["policy"] = {"max_execution_minutes": 1 / 60}
    run = start(document(step))
    plant.until_state(run, "abnormal")
    found = plant.until_step(run, "work", "timeout")
    assert found.reason["code"] == "step.timeout"


def test_f21_a_stop_before_the_claim_makes_the_late_message_a_no_op(plants: Callable[..., Plant]) -> None:
    plant = plants()
    plant.redis_start()
    plant.reconciler_start()
    host(plant.host)
    run = start(document(job("work")))
    plant.until(lambda: plant.redis_client().llen(f"host.{plant.host}"), "the message waits in Redis")
    services.run_stop(run_id=run.pk, by=None)
    plant.until_state(run, "stopped")
    plant.worker_start()
    plant.until(lambda: plant.redis_client().llen(f"host.{plant.host}") == 0, "the message has been taken")
    again = start(document(job("after")))
    plant.until_state(again, "completed")
    assert not Event.objects.filter(run=run, type="step_started").exists()
    assert plant.attempts(run, "work").get().claimed_at is None


def test_f21_a_stop_at_any_moment_gives_one_end_and_one_story(plant: Plant, rng: random.Random) -> None:
    ends = set()
    for _ in range(14):
        run = start(document(job("work")))
        moment = time.monotonic() + rng.uniform(0, 0.35)
        plant.until(lambda moment=moment: time.monotonic() >= moment, "a random moment")
        with contextlib.suppress(ProductError):  # the run may have ended already
            services.run_stop(run_id=run.pk, by=None)
        plant.until_state(run, "stopped", "completed")
        attempts = list(plant.attempts(run, "work"))
        assert len(attempts) <= 1
        finished = Event.objects.filter(run=run, type="run_finished").count()
        assert finished == 1
        ends.add((run.state, attempts[0].state if attempts else None))
    # A step that has succeeded is completed, whatever was asked for a moment too late.
    assert ends <= {("completed", "succeeded"), ("stopped", "cancelled"), ("stopped", "succeeded"), ("stopped", None)}


def test_f21_a_stop_while_the_outputs_are_read_keeps_nothing_of_them(plant: Plant) -> None:
    """Hashing several gigabytes takes long enough to be interrupted in the middle of it."""
    text = "import sys\npath = sys.argv[1].split('=', 1)[1]\nf = open(path + 'big', 'wb'); f.truncate(20_000_000_000)\n"
    step = program(plant, text)
    step["outputs"] = [{"name": "out", "type": "obs", "config": {"obs_path": "/default/kept/"}}]
    run = start(document(step))
    attempt = plant.until(
        lambda: Attempt.objects.filter(run=run, state="running", claimed_at__isnull=False).first(), "the step runs"
    )
    plant.until(lambda: not processes.bearing(str(attempt.pk)) and plant.log_exists(attempt), "its program has ended")
    services.run_stop(run_id=run.pk, by=None)
    plant.until_state(run, "stopped")
    assert plant.attempts(run, "work").get().state == "cancelled"
    assert not Event.objects.filter(run=run, type="outputs_promoted").exists()
