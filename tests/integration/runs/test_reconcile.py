"""The reconciler: each rule for itself, and the loop that keeps going whatever one run does to it."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import DataError, IntegrityError, connection, connections
from django.db.models.functions import Now
from pytest_django.fixtures import Settings

from backend.apps.runs import services
from backend.apps.runs.models import Attempt, Outbox, Run, StepRun, WorkerHost
from backend.apps.runs.reconcile import RULES, Reconciler, Rule
from backend.apps.runs.services import unit, work
from backend.domain.run.machine import decide
from backend.shared.errors import ProductError
from tests.harness.runs import FakeAgent, chain, fan, host, person, report, start, state, states, together, token_of


@pytest.fixture(autouse=True)
def impatient(settings: Settings, redis_url: str) -> None:
    settings.PIPELOOM_LEASE_MARGIN_SECONDS = 0
    settings.PIPELOOM_STOP_SECONDS = 0


def work_off(name: str) -> int:
    return sum(rule.act(item) for rule in RULES if rule.name == name for item in rule.find())


def silence(name: str) -> None:
    WorkerHost.objects.filter(pk=name).update(heartbeat_at="2020-01-01T00:00:00Z")


def test_it_moves_a_step_from_a_host_that_never_took_it(settings: Settings) -> None:
    settings.PIPELOOM_REPUBLISH_SECONDS = 0
    host("alpha", cpu=1)
    run = start(chain(1))
    silence("alpha")
    host("beta", cpu=1)
    assert work_off("unclaimed") == 1
    step = StepRun.objects.get(run=run)
    assert (step.state, step.host, step.lost) == ("creating", "beta", 1)
    FakeAgent("beta").work()
    assert state(run) == "completed"


def aged(token: str, *, dispatched: int, published: int) -> None:
    then = {
        "dispatched_at": Now() - timedelta(seconds=dispatched),
        "published_at": Now() - timedelta(seconds=published),
    }
    Attempt.objects.filter(pk=token).update(**then)


def test_it_takes_a_step_back_from_a_living_host_that_never_begins_it(settings: Settings) -> None:
    settings.PIPELOOM_REPUBLISH_SECONDS, settings.PIPELOOM_TAKE_SECONDS = 10, 60
    host()
    run = start(chain(1))
    for lost in (1, 2):
        token = token_of(run, "s0")
        aged(token, dispatched=100, published=15)
        assert work_off("unclaimed") == 1
        assert StepRun.objects.get(run=run).lost == lost
        assert Attempt.objects.get(pk=token).reason["code"] == "order.not_taken"
    aged(token_of(run, "s0"), dispatched=100, published=15)
    work_off("unclaimed")
    assert (state(run), states(run)) == ("abnormal", {"s0": "failed"})


def test_it_blames_no_host_that_was_not_asked_all_the_time(settings: Settings) -> None:
    """After a sleep of the machine, or without Redis, everything is late and nobody's fault."""
    settings.PIPELOOM_REPUBLISH_SECONDS, settings.PIPELOOM_TAKE_SECONDS = 10, 60
    host()
    run = start(chain(1))
    token = token_of(run, "s0")
    aged(token, dispatched=900, published=800)
    assert work_off("unclaimed") == 1
    assert (token_of(run, "s0"), StepRun.objects.get(run=run).lost) == (token, 0)


def test_it_gives_up_a_step_that_is_lost_again_and_again() -> None:
    host()
    run = start(chain(2))
    for _ in range(3):
        token = token_of(run, "s0")
        FakeAgent().claim(token)
        Attempt.objects.filter(pk=token).update(lease_until=Now())
        assert work_off("lease") == 1
    assert (state(run), states(run)) == ("abnormal", {"s0": "failed", "s1": "init"})
    assert StepRun.objects.get(run=run, name="s0").reason["code"] == "run.lost_too_often"


def test_it_keeps_a_lease_that_heartbeats_extend() -> None:
    host()
    run = start(chain(1))
    token = token_of(run, "s0")
    FakeAgent().claim(token)
    before = Attempt.objects.get(pk=token).lease_until
    assert services.attempt_heartbeat(token=token, host="alpha").alive
    assert Attempt.objects.get(pk=token).lease_until > before
    assert services.attempt_heartbeat(token=token, host="beta").alive is False
    assert work_off("lease") == 0
    Attempt.objects.filter(pk=token).update(lease_until=Now())
    assert services.attempt_heartbeat(token=token, host="alpha").alive is False, "a lease that is over stays over"
    work_off("lease")
    FakeAgent().work()
    assert state(run) == "completed"


def test_it_knows_at_once_that_another_boot_took_everything_with_it() -> None:
    host(boot_id="boot-1")
    run = start(chain(1))
    token = token_of(run, "s0")
    FakeAgent().claim(token)
    assert work_off("boot") == 0
    host(boot_id="boot-2")
    assert work_off("boot") == 1
    assert Attempt.objects.get(pk=token).reason["code"] == "order.host_restarted"
    FakeAgent(boot_id="boot-2").work()
    assert state(run) == "completed"


def test_f22_it_ends_a_step_that_will_not_stop() -> None:
    """F22 as well: the worker is away, and the stop comes to its end without it."""
    host()
    run = start(chain(2))
    token = token_of(run, "s0")
    FakeAgent().claim(token)
    services.run_stop(run_id=run.pk, by=person())
    assert state(run) == "running"
    assert work_off("stopping") == 1
    assert (state(run), states(run)["s0"]) == ("stopped", "stopped")
    assert not services.attempt_finish(token=token, report=report(token))


def test_it_begins_nothing_on_a_host_whose_disk_is_nearly_full() -> None:
    host(cpu=1)
    assert services.host_heartbeat(name="alpha", disk_short_mb=312)
    run = start(chain(1))
    assert states(run) == {"s0": "pending"}
    (reason,) = services.queue_reasons().reasons.values()
    assert (reason.code, dict(reason.params)) == ("placement.disk_full", {"host": "alpha", "free": 312, "position": 1})
    (listed,) = services.hosts_listed()
    assert (listed["online"], listed["held"]["code"]) == (True, "placement.host_held")
    assert work_off("place") == 0
    assert services.host_heartbeat(name="alpha")
    assert services.hosts_listed()[0]["held"] is None
    assert work_off("place") == 1
    FakeAgent().work()
    assert state(run) == "completed"


def test_it_takes_silent_hosts_out_and_back_in() -> None:
    host(cpu=1)
    silence("alpha")
    assert work_off("silent hosts") == 1
    run = start(chain(1))
    assert states(run) == {"s0": "pending"}
    assert services.host_heartbeat(name="alpha")
    assert not services.host_heartbeat(name="nobody")
    assert work_off("place") == 1
    FakeAgent().work()
    assert state(run) == "completed"


def test_it_relays_places_and_starts_what_web_requests_left_to_it() -> None:
    host(cpu=1)
    runs = [start(chain(1)) for _ in range(3)]
    assert Outbox.objects.filter(kind="dispatch").count() == 1
    agent = FakeAgent()
    for _ in range(3):
        agent.work()
        Reconciler().run_once()
    assert [state(run) for run in runs] == ["completed"] * 3
    Reconciler().run_once()
    assert not Outbox.objects.filter(kind="hint").exists()


def broken_for(run: Run) -> Any:
    def breaking(plan: Any, snapshot: Any, given: Any, now: Any) -> Any:
        if snapshot.run_id == str(run.pk):
            raise RuntimeError("planted")
        return decide(plan, snapshot, given, now)

    return breaking


def test_f28_it_puts_a_run_that_breaks_the_engine_aside_and_goes_on_with_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """F28, by an exception inside decide."""
    host(cpu=20)
    services.publishing_start()
    runs = [start(chain(2)) for _ in range(10)]
    monkeypatch.setattr(unit, "decide", broken_for(runs[3]))
    FakeAgent().work(limit=18)
    Reconciler().run_once()
    assert [state(run) for run in runs].count("completed") == 9
    broken = Run.objects.get(pk=runs[3].pk)
    assert (broken.state, "planted" in broken.quarantine_trace) == ("running", True)
    with pytest.raises(ProductError) as refused:
        services.run_stop(run_id=broken.pk, by=None)
    assert refused.value.code == "order.quarantined"
    monkeypatch.undo()
    services.run_release(run_id=broken.pk)
    FakeAgent().work()
    assert state(broken) == "completed"


def test_f28_it_puts_a_run_with_unreadable_rows_aside() -> None:
    """F28, by rows that hold no JSON."""
    host()
    run, other = start(chain(1)), start(chain(1))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE runs_steprun SET outputs = '{' WHERE run_id = %s", [run.pk])
    agent = FakeAgent()
    tokens = agent.waiting()
    work.store.cache_clear()
    assert [bool(agent.claim(token)) for token in tokens] == [False, True]
    assert Run.objects.get(pk=run.pk).quarantined_at is not None
    services.attempt_finish(token=tokens[1], report=report(tokens[1]))
    Reconciler().run_once()
    assert state(other) == "completed"


@pytest.mark.parametrize("error", [RuntimeError, DataError, IntegrityError])
def test_it_leaves_an_item_alone_that_fails_and_does_the_others(error: type[Exception]) -> None:
    done: list[int] = []

    def act(item: int) -> bool:
        if item == 2:
            raise error("planted")
        done.append(item)
        return len(done) < 6

    reconciler = Reconciler([Rule("test", lambda: [1, 2, 3], act)])
    reconciler.run_once()
    assert done == [1, 3, 1, 3, 1, 3, 1, 3][: len(done)]
    assert len(done) >= 6


def test_it_wakes_as_soon_as_somebody_commits_and_stops_when_asked() -> None:
    """The floor is far away here: only the notification can be the reason."""
    host(cpu=2)
    reconciler = Reconciler()

    def loop() -> None:
        try:
            reconciler.run_forever()
        finally:
            connections.close_all()

    thread = threading.Thread(target=loop)
    thread.start()
    run = start(fan(3))
    deadline = time.monotonic() + 20
    while Outbox.objects.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not Outbox.objects.exists()
    reconciler.stop()
    thread.join(20)
    assert not thread.is_alive()
    FakeAgent().work()
    assert state(run) == "completed"


def test_f12_it_may_run_several_times_at_once() -> None:
    """F12: many reconcilers, one agent that only they feed; nothing is doubled and nothing is left."""
    host(cpu=4)
    runs = [start(fan(3)) for _ in range(4)]
    agent = FakeAgent()
    for _ in range(30):
        results = together(agent.work, *[Reconciler().run_once] * 3)
        assert not [each for each in results if isinstance(each, Exception)]
        if not Run.objects.filter(state="running").exists():
            break
    assert [state(run) for run in runs] == ["completed"] * 4
    assert Attempt.objects.count() == 20
    services.publishing_stop()
