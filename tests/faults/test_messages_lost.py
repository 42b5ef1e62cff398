"""F08, F11, F12, F22 and F28: messages that are lost for good, reconcilers that die, runs that cannot be read."""

import json
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
from django.db import connection

from backend.apps.accounts.services import token_create
from backend.apps.runs import services
from backend.apps.runs.models import Attempt, Event, Run
from tests.faults.plant import Plant
from tests.faults.test_messages import celery_of
from tests.harness.invariants import assert_outbox_is_young
from tests.harness.runs import document, job, person, start
from workers.sandbox import processes


def command(name: str, text: str, *after: str) -> dict[str, object]:
    return job(name, after, properties={"algorithm": {"command": ["sh", "-c", text]}})


def fan(width: int, text: str = "true") -> dict[str, object]:
    middle = [f"m{number}" for number in range(width)]
    return document(
        command("first", text), *(command(name, text, "first") for name in middle), command("last", text, *middle)
    )


def assert_done_once(plant: Plant, run: Run) -> None:
    for name in run.steps.values_list("name", flat=True):
        assert plant.attempts(run, name).count() == 1, f"step {name} was begun more than once"


class Thief:
    """Waits at the host's queue beside its worker. Keeps three of ten messages that it gets, gives back the others."""

    def __init__(self, plant: Plant, rng: random.Random) -> None:
        self._queue = f"host.{plant.host}"
        self._plant = plant
        self._rng = rng
        self._over = threading.Event()
        self.seen = self.stolen = 0

    @contextmanager
    def at_work(self) -> Iterator[None]:
        thread = threading.Thread(target=self._steal, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join(10)

    def _steal(self) -> None:
        with self._plant.redis_client() as client:
            while not self._over.is_set():
                found = client.brpop([self._queue], timeout=0.5)
                if found is None:
                    continue
                json.loads(found[1])
                self.seen += 1
                if self._rng.random() < 0.3:
                    self.stolen += 1
                else:
                    client.rpush(self._queue, found[1])
                    self._over.wait(0.05)  # else it would be the first to take it again


def test_f11_it_finishes_all_runs_although_three_of_ten_messages_are_lost(plant: Plant, rng: random.Random) -> None:
    thief = Thief(plant, rng)
    with thief.at_work():
        runs = [start(fan(4)) for _ in range(3)]
        while thief.stolen < 3:
            for run in runs:
                plant.until_state(run, "completed", seconds=120)
            runs.append(start(fan(4)))
        for run in runs:
            plant.until_state(run, "completed", seconds=120)
    for run in runs:
        assert_done_once(plant, run)


def test_f12_it_does_nothing_twice_with_five_reconcilers_of_which_one_after_the_other_dies(
    plants: Callable[..., Plant],
) -> None:
    plant = plants()
    plant.redis_start()
    plant.worker_start()
    for number in range(5):
        plant.start_part(f"reconciler{number}", ["reconcile"])
    plant.until(plant.host_online, "the worker host is registered")
    runs = [start(fan(3)) for _ in range(4)]
    killed = 0
    for number in range(4):
        done = Run.objects.filter(state="completed").count()
        pid = plant.part(f"reconciler{number}").pid
        assert plant.stop(f"reconciler{number}", 9) == -9
        assert not processes.start_time(pid)
        killed += 1
        runs.append(start(fan(3)))
        plant.until(lambda done=done: Run.objects.filter(state="completed").count() > done, "they go on", 60)
    for run in runs:
        plant.until_state(run, "completed")
        assert_done_once(plant, run)
    assert killed == 4
    assert_outbox_is_young(15)
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        assert cursor.fetchone() == (0,)


def test_f22_a_stop_reaches_its_end_although_worker_and_redis_are_away(plants: Callable[..., Plant]) -> None:
    """And the message that arrives afterwards begins nothing."""
    plant = plants(environment={"PIPELOOM_STOP_SECONDS": "1", "PIPELOOM_TAKE_SECONDS": "600"}).start()
    running = start(document(command("work", "echo ready; exec sleep 600")))
    plant.until_log(running, "work", "ready")
    (attempt,) = plant.attempts(running, "work")
    celery = celery_of(plant)
    family = [plant.part("worker").pid, celery, *processes.descendants(celery)]
    for pid in family:
        processes.signal_each([pid], 19)
    try:
        waiting = start(document(command("work", "true")))
        queue = f"host.{plant.host}"
        kept = plant.until(lambda: plant.redis_client().lrange(queue, 0, -1), "the message waits in Redis")
        plant.redis_stop()
        for run in (running, waiting):
            services.run_stop(run_id=run.pk, by=None)
        for run in (running, waiting):
            plant.until_state(run, "stopped", seconds=20)
        assert processes.bearing(str(attempt.pk)), "its step is only frozen: nobody could tell it"
        plant.redis_start()
        plant.redis_client().rpush(queue, *kept)
    finally:
        processes.signal_each(reversed(family), 18)
    after = start(document(command("work", "true")))
    plant.until_state(after, "completed")
    plant.until(lambda: not processes.bearing(str(attempt.pk)), "the step that was frozen has ended", 15)
    assert not Event.objects.filter(run=waiting, type="step_started").exists()
    assert not Event.objects.filter(run=running, type="step_finished", data__contains="succeeded").exists()


def test_f28_it_puts_the_run_whose_rows_are_broken_aside_and_finishes_the_others(plant: Plant) -> None:
    gate = plant.shared / "gate"
    waits = f"while ! test -e {gate}; do sleep 0.05; done"
    runs = [start(document(command("one", waits), command("two", "true", "one"))) for _ in range(8)]
    broken = runs[0]
    plant.until_step(broken, "one", "running")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE runs_steprun SET outputs = '{' WHERE run_id = %s", [broken.pk])
        # Whoever has the run in memory is made to read it again, as after a restart.
        cursor.execute("UPDATE runs_run SET seq = seq + 1 WHERE id = %s", [broken.pk])
    gate.touch()
    for run in runs[1:]:
        plant.until_state(run, "completed")
    plant.until(lambda: Run.objects.get(pk=broken.pk).quarantined_at, "the broken run is put aside")
    assert Run.objects.filter(quarantined_at__isnull=False).count() == 1
    plant.until(lambda: not Attempt.objects.filter(host=plant.host, state="dispatched").exists(), "nothing waits")


def test_f08_it_takes_runs_while_redis_is_away_and_says_that_it_is(plant: Plant) -> None:
    url = plant.web_start()
    user = person()
    with httpx.Client(base_url=url, timeout=30) as client:
        client.headers["Authorization"] = f"Bearer {token_create(user=user, name='test')}"
        assert client.get("/healthz").json()["status"] == "ok"
        plant.redis_stop()
        raw = fan(2)
        made = client.post("/api/workflows/", json={"name": "away", "document": raw}).raise_for_status().json()
        answer = client.post(f"/api/workflows/{made['id']}/runs/", json={})
        assert answer.status_code == httpx.codes.CREATED
        told = client.get("/healthz")
        assert (told.status_code, told.json()["status"]) == (200, "degraded")
        run = Run.objects.get(pk=answer.json()["id"])
        assert run.state == "running"
        plant.until_step(run, "first", "creating")
        plant.redis_start()
        plant.until_state(run, "completed")
        assert client.get("/healthz").json()["status"] == "ok"
    assert_done_once(plant, run)
    assert_outbox_is_young(15)
