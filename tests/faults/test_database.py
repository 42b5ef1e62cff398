"""F13 to F16: the database goes away, comes back, or falls silent, at the worst moments."""

import random
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from backend.apps.runs.models import Attempt, Event, Run
from tests.faults.plant import Plant
from tests.faults.test_deaths import alive, long_step, members
from tests.harness.runs import document, job, start
from tests.harness.silent_proxy import SilentProxy
from workers.sandbox import processes

TERMINATE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


def terminated(condition: str = "true") -> int:
    """How many connections of others were ended just now."""
    with connection.cursor() as cursor:
        cursor.execute(f"{TERMINATE} AND {condition}")
        return len(cursor.fetchall())


def command(name: str, text: str, *after: str) -> dict[str, object]:
    return job(name, after, properties={"algorithm": {"command": ["sh", "-c", text]}})


def test_f13_it_strands_nothing_in_a_storm_of_lost_connections(plant: Plant, rng: random.Random) -> None:
    """While steps are scheduled, and while what was lost is recovered."""
    names = [f"m{number}" for number in range(5)]
    steps = [command("first", "true"), *(command(name, "sleep 0.1", "first") for name in names)]
    runs = [start(document(*steps, command("last", "true", *names))) for _ in range(3)]
    storms = 0

    def storm() -> bool:
        nonlocal storms
        if rng.random() < 0.15:
            storms += terminated()
        return not Run.objects.filter(state="running").exists() and storms >= 20

    plant.until(lambda: storm() or (storms < 20 and _more(runs)), "all runs have ended in the storm", 120)
    for run in runs:
        plant.until_state(run, "completed")
    assert storms >= 20


def _more(runs: list[Run]) -> bool:
    """The storm is not over yet: something must be going on in it."""
    if not Run.objects.filter(state="running").exists():
        runs.append(start(document(command("one", "true"), command("two", "true", "one"))))
    return False


@pytest.fixture
def proxy() -> Iterator[SilentProxy]:
    server = Path(str(connection.settings_dict["HOST"]))
    with tempfile.TemporaryDirectory(prefix="proxy-") as folder, SilentProxy(Path(folder), server) as found:
        yield found


@pytest.fixture
def far_plant(plants: Callable[..., Plant], proxy: SilentProxy) -> Plant:
    """Its worker reaches the database through the proxy, and has one place: a process that hangs would be missed."""
    plant = plants(slots=1)
    plant.redis_start()
    url = plant.environment["DATABASE_URL"]
    plant.worker_start(DATABASE_URL=re.sub(r"host=[^&]*", f"host={str(proxy.folder).replace('/', '%2F')}", url))
    plant.reconciler_start()
    plant.until(plant.host_online, "the worker host is registered")
    return plant


def test_f14_it_ends_a_step_whose_database_is_silent_for_longer_than_the_fence(
    far_plant: Plant, proxy: SilentProxy
) -> None:
    run = start(document(long_step()))
    far_plant.until_log(run, "work", r"ready")
    attempt = far_plant.attempts(run, "work").get()
    family = far_plant.until(lambda: len(found := members(attempt)) >= 4 and found, "the daemons have started")
    proxy.fall_silent()
    far_plant.until(lambda: not alive(family), "nothing of the attempt runs", 20)
    far_plant.until(lambda: Attempt.objects.filter(pk=attempt.pk, state="lost").exists(), "the lease is over", 20)
    far_plant.until(lambda: proxy.unheard, "somebody gave the silent connection up and tried another", 20)
    proxy.speak()
    # By the very process that was waiting in the silent connection: there is no other.
    far_plant.until_state(run, "completed")
    first, second = far_plant.attempts(run, "work")
    assert (first.state, second.state) == ("lost", "succeeded")
    assert not Event.objects.filter(run=run, type="step_finished", data__contains=str(first.pk)).exists()
    assert "its connection is given up" in far_plant.logs(400)


def test_f15_it_keeps_a_step_whose_database_is_silent_for_a_moment(far_plant: Plant, proxy: SilentProxy) -> None:
    gate = far_plant.shared / "gate"
    run = start(document(command("work", f"echo ready; while ! test -e {gate}; do sleep 0.05; done")))
    far_plant.until_log(run, "work", "ready")
    before = far_plant.attempts(run, "work").get()
    proxy.fall_silent()
    proxy.speak()
    far_plant.until(
        lambda: far_plant.attempts(run, "work").get().heartbeat_at > before.heartbeat_at, "the lease is renewed again"
    )
    gate.touch()
    far_plant.until_state(run, "completed")
    assert far_plant.attempts(run, "work").get().pk == before.pk
    assert "its connection is given up" in far_plant.logs(400)


def test_f16_it_repeats_a_final_write_that_fails_five_times(plants: Callable[..., Plant]) -> None:
    """The transaction that finishes the step loses its connection just before it commits, again and again."""
    plant = plants()
    points = plant.folder / "points"
    points.mkdir()
    plant.environment["PIPELOOM_FAILPOINT_FOLDER"] = str(points)
    plant.start()
    output = {"name": "out", "type": "obs", "config": {"obs_path": "/default/f16/"}}
    write = 'echo done > "${0#--out=}result"'
    run = start(document(job("work", properties={"algorithm": {"command": ["sh", "-c", write]}}, outputs=[output])))
    for time in range(5):
        (points / ".new").write_text("hold")
        (points / ".new").rename(points / "finish.before_commit")
        fired = points / "finish.before_commit.fired"
        plant.until(lambda fired=fired: fired.exists() and " " in fired.read_text(), f"failure {time + 1} is due")
        assert terminated("state = 'idle in transaction' AND application_name = 'pipeloom-worker'") == 1
        fired.unlink()
        (points / "finish.before_commit.go").touch()
        plant.until(lambda: not (points / "finish.before_commit.go").exists(), "it goes on, without a connection")
    plant.until_state(run, "completed")
    attempt = plant.attempts(run, "work").get()
    assert (attempt.number, attempt.state) == (1, "succeeded")
    assert Event.objects.filter(run=run, type="step_finished").count() == 1
    assert not processes.bearing(str(attempt.pk))
