"""F05 and F06, and deaths inside claim and finish: a process is killed at a named point, another one goes on.

Every test asserts that its fault fired.
"""

from pathlib import Path
from typing import Any

import pytest
import redis
from django.db.models.functions import Now
from pytest_django.fixtures import Settings

from backend.apps.assets.services import storage_roots
from backend.apps.runs import outbox, services
from backend.apps.runs.models import Attempt, Event, Outbox, Run
from backend.apps.runs.reconcile import Reconciler
from tests.harness.engine_process import run_process
from tests.harness.runs import FakeAgent, chain, document, host, job, person, report, start, state, states, token_of

KILLED = -9


@pytest.fixture
def fired(tmp_path: Path) -> Any:
    """Kill a process at a failpoint, and make sure that it was killed there."""

    def kill(point: str, *argv: str) -> None:
        log = tmp_path / "failpoints"
        assert run_process(*argv, failpoints=f"{point}:kill", log=log) == KILLED
        assert log.read_text().startswith(f"{point} kill ")
        log.unlink()

    return kill


@pytest.fixture
def queue(redis_url: str) -> Any:
    """The tokens of the messages that wait in a host's queue."""
    client = redis.Redis.from_url(redis_url)
    yield lambda name="alpha": client.lrange(f"host.{name}", 0, -1)
    client.close()


def overdue() -> None:
    Outbox.objects.update(due_at=Now())


def test_f05_it_sends_what_a_dead_process_had_committed(fired: Any, queue: Any) -> None:
    """F05: killed between the commit and the message."""
    host()
    run = start(chain(2))
    first = token_of(run, "s0")
    FakeAgent().claim(first)
    fired("outbox.after_commit", "finish", first)
    assert states(run) == {"s0": "completed", "s1": "creating"}
    assert queue() == []
    overdue()
    assert outbox.relay_batch() > 0
    assert len(queue()) == 1
    assert token_of(run, "s1").encode() in queue()[0]
    FakeAgent().work()
    assert state(run) == "completed"
    assert Attempt.objects.filter(run=run).count() == 2


def test_f06_it_takes_a_message_that_was_sent_twice_for_one(fired: Any, queue: Any) -> None:
    """F06: the relay killed after it sent, before it noted that."""
    host()
    run = start(chain(1))
    token = token_of(run, "s0")
    overdue()
    fired("relay.after_publish", "relay")
    assert (len(queue()), Outbox.objects.filter(kind="dispatch").count()) == (1, 1)
    overdue()
    outbox.relay_batch()
    assert (len(queue()), Outbox.objects.count()) == (2, 0)
    assert FakeAgent().claim(token) is not None
    events = Event.objects.filter(run=run).count()
    assert FakeAgent().claim(token) is None
    assert Event.objects.filter(run=run).count() == events
    services.attempt_finish(token=token, report=report(token))


def test_f07_it_sends_again_what_redis_forgot(queue: Any, redis_url: str, settings: Settings) -> None:
    """F07, its first half: the message was taken from the outbox, and Redis lost it."""
    host()
    run = start(chain(1))
    overdue()
    outbox.relay_batch()
    redis.Redis.from_url(redis_url).flushdb()
    settings.PIPELOOM_REPUBLISH_SECONDS = 0
    reconciler = Reconciler()
    services.publishing_start()
    for rule in reconciler.rules:
        if rule.name == "unclaimed":
            assert [rule.act(item) for item in rule.find()] == [True]
    assert len(queue()) == 1
    FakeAgent().work()
    assert state(run) == "completed"


def test_it_finds_an_attempt_lost_whose_process_died_after_the_claim(fired: Any, settings: Settings) -> None:
    host()
    run = start(chain(1))
    token = token_of(run, "s0")
    fired("claim.after_commit", "claim", token)
    assert states(run) == {"s0": "running"}
    settings.PIPELOOM_LEASE_MARGIN_SECONDS = 0
    assert Reconciler().run_once() >= 0
    assert states(run) == {"s0": "running"}, "the lease is not over yet"
    Attempt.objects.filter(pk=token).update(lease_until=Now())
    Reconciler().run_once()
    assert states(run) == {"s0": "creating"}
    assert Attempt.objects.get(pk=token).state == "lost"
    assert not services.attempt_heartbeat(token=token, host="alpha").alive
    FakeAgent().work()
    assert state(run) == "completed"


@pytest.mark.parametrize("point", ["finish.after_promote", "finish.before_commit"])
def test_it_does_a_step_again_whose_process_died_while_it_finished(fired: Any, point: str) -> None:
    """The files had been renamed already; the second attempt's replace them."""
    host()
    output = {"name": "model", "type": "obs", "config": {"obs_path": "/default/kept/"}}
    run = start(document(job("a", outputs=[output])))
    agent = FakeAgent()
    kept = storage_roots(project=person().personal_project).local("/default/kept/")

    def write(content: str) -> str:
        order = agent.claim(token_of(run, "a"))
        assert order is not None
        folder = Path(order.outputs["model"].path)
        folder.mkdir(parents=True)
        (folder / "weights").write_text(content)
        return order.token

    first = write("first")
    fired(point, "finish", first)
    assert states(run) == {"a": "running"}
    assert (kept / "weights").read_text() == "first"
    services.attempt_lost(token=first, reason="order.lease_over")
    second = write("second")
    assert services.attempt_finish(token=second, report=report(second))
    assert (state(run), (kept / "weights").read_text()) == ("completed", "second")
    assert not services.attempt_finish(token=first, report=report(first))
    assert (kept / "weights").read_text() == "second"
    assert Run.objects.get(pk=run.pk).steps.get(name="a").outputs["model"]["logical"] == "/default/kept/"


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_it_keeps_what_was_committed_when_what_follows_the_commit_fails(
    monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    """The transaction is over, its results are everybody's: nothing may move the files back."""
    host()
    services.publishing_start()
    output = {"name": "model", "type": "obs", "config": {"obs_path": "/default/followed/"}}
    run = start(document(job("a", outputs=[output]), job("b", ["a"])))
    order = FakeAgent().claim(token_of(run, "a"))
    assert order is not None
    folder = Path(order.outputs["model"].path)
    folder.mkdir(parents=True)
    (folder / "weights").write_text("kept")
    called: list[str] = []

    def fails(kind: str, payload: dict[str, Any]) -> bool:
        called.append(kind)
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(outbox, "publish", fails)
        try:
            assert services.attempt_finish(token=order.token, report=report(order.token))
        except KeyboardInterrupt:
            assert error is KeyboardInterrupt
    assert called
    kept = storage_roots(project=person().personal_project).local("/default/followed/")
    assert (kept / "weights").read_text() == "kept"
    assert states(run) == {"a": "completed", "b": "creating"}
    FakeAgent().work()
    assert state(run) == "completed"
