"""F07 and F10: Redis only carries hints. What it loses, doubles, reorders or delays changes when, never what."""

import os
import random
import signal

from celery import Celery
from kombu import Queue

from backend.apps.runs.models import Attempt, Run
from backend.config.redis_urls import redis_address
from tests.faults.plant import Plant
from tests.harness.invariants import assert_outbox_is_young
from tests.harness.runs import document, job, start
from workers.sandbox import processes


def command(name: str, text: str, *after: str) -> dict[str, object]:
    return job(name, after, properties={"algorithm": {"command": ["sh", "-c", text]}})


def celery_of(plant: Plant) -> int:
    """Celery's main process: the host's child, and the parent of those that run attempts."""
    parents = processes.parents()
    children = [pid for pid, parent in parents.items() if parent == plant.part("worker").pid]
    (found,) = [pid for pid in children if any(parent == pid for parent in parents.values())]
    return found


def test_f07_it_finishes_a_run_although_redis_forgets_everything_in_between(plant: Plant) -> None:
    gate = plant.shared / "gate"
    waits = f"echo ready; while ! test -e {gate}; do sleep 0.05; done"
    run = start(document(command("one", waits), command("two", "true", "one"), command("three", "true", "two")))
    plant.until_log(run, "one", "ready")
    step = processes.bearing(str(plant.attempts(run, "one").get().pk))
    before = plant.redis_pid()
    plant.redis_stop()
    gate.touch()  # the step ends, and the message that dispatches the next one cannot be sent
    plant.until_step(run, "one", "completed")
    plant.redis_start()
    assert plant.redis_pid() != before
    plant.until_state(run, "completed", seconds=90)
    assert step
    assert [plant.attempts(run, name).count() for name in ("one", "two", "three")] == [1, 1, 1]
    assert_outbox_is_young()


def test_f07_it_sends_a_message_again_that_was_lost_on_its_way(plant: Plant) -> None:
    run = start(document(command("before", "true")))
    plant.until_state(run, "completed")
    celery = celery_of(plant)
    os.kill(celery, signal.SIGSTOP)
    try:
        run = start(document(command("one", "true")))
        queue = f"host.{plant.host}"
        plant.until(lambda: plant.redis_client().llen(queue), "the message waits in Redis")
        plant.redis_client().flushall()
        assert plant.redis_client().llen(queue) == 0
    finally:
        os.kill(celery, signal.SIGCONT)
    plant.until_state(run, "completed")
    assert plant.attempts(run, "one").count() == 1


def test_f10_it_runs_everything_once_although_every_message_comes_three_times_late_and_mixed_up(
    plant: Plant, rng: random.Random
) -> None:
    width, ledger = 6, plant.shared / "ledger"
    names = ["first", *(f"m{number}" for number in range(width)), "last"]
    mark = f"echo $PIPELOOM_STEP_ORDER >> {ledger}"
    middle = [command(name, mark, "first") for name in names[1:-1]]
    run = start(document(command("first", mark), *middle, command("last", mark, *names[1:-1])))
    sent = _repeat_messages(plant, run, rng)
    assert sent >= 3 * len(names)
    plant.until(lambda: plant.redis_client().llen(f"host.{plant.host}") == 0, "all messages have been taken")
    assert run.state == "completed"
    assert {name: plant.attempts(run, name).count() for name in names} == dict.fromkeys(names, 1)
    executed = ledger.read_text().split()
    assert len(executed) == len(set(executed)) == len(names)


def _repeat_messages(plant: Plant, run: Run, rng: random.Random) -> int:
    """Until the run has ended: every token three times more, each at a random later moment, finished ones as well."""
    queue = Queue(f"host.{plant.host}", routing_key=f"host.{plant.host}")
    known: set[str] = set()
    waiting: list[str] = []
    sent = 0
    with Celery(broker=redis_address(plant.environment["REDIS_URL"]).broker_url) as app:

        def turn() -> bool:
            nonlocal sent
            tokens = {str(pk) for pk in Attempt.objects.filter(run=run).values_list("pk", flat=True)}
            for token in tokens - known:
                waiting.extend([token] * 3)
            known.update(tokens)
            rng.shuffle(waiting)
            ended = Run.objects.filter(pk=run.pk, state__in=("completed", "abnormal")).exists()
            for _ in range(len(waiting) if ended else rng.randint(0, 2)):
                if waiting:
                    app.send_task("pipeloom.run_attempt", args=[waiting.pop()], queue=queue, ignore_result=True)
                    sent += 1
            return ended

        plant.until(turn, "the run has ended", 90)
    run.refresh_from_db()
    return sent
