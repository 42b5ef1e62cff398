"""Killed anywhere between a fact and its message: nothing is lost, nothing is told twice. Every fault asserts that it
fired."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db.models.functions import Now
from pytest_django.fixtures import Settings

from backend.apps.notifications import services
from backend.apps.notifications.models import Delivery, Notification
from backend.apps.notifications.reconcile import Messenger
from backend.apps.notifications.services import run_tell
from backend.apps.runs.models import News
from tests.harness.engine_process import run_process
from tests.harness.notices import asking, deliveries, followed, row, run_of, tell, told
from tests.harness.receivers import Hooks, Mails, hook_server, mail_server
from tests.harness.runs import FakeAgent, chain, host, person, start, together

KILLED = -9


@pytest.fixture
def killed(tmp_path: Path) -> Callable[..., None]:
    """Kill a process at a failpoint, and make sure that it was killed there."""

    def kill(point: str, *argv: str) -> None:
        log = tmp_path / "failpoints"
        assert run_process(*argv, failpoints=f"{point}:kill", log=log, role="reconciler") == KILLED
        assert log.read_text().startswith(f"{point} kill ")
        log.unlink()

    return kill


def topic_with(version: Any, kind: str, address: str) -> Any:
    topic = services.topic_create(project=version.workflow.project, user=person(), name=f"to {kind}", join=False)
    services.channel_add(topic=topic, kind=kind, address=address)
    return topic


def finished_run(hooks: Hooks) -> None:
    host()
    version = followed(chain(1))
    row(version, "success")
    row(version, "success", topic=topic_with(version, "webhook", f"http://127.0.0.1:{hooks.port}/hook"))
    run_of(version)
    FakeAgent().work()


@pytest.fixture
def hooks(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Any:
    monkeypatch.setenv("PIPELOOM_WEBHOOK_ALLOW", "127.0.0.0/8")
    settings.PIPELOOM_WEBHOOK_ALLOW = "127.0.0.0/8"
    with hook_server() as found:
        yield found


def test_it_tells_what_the_killed_teller_had_not_committed(hooks: Hooks, killed: Any) -> None:
    finished_run(hooks)
    killed("news.before_commit", "tell")
    assert (told(), Delivery.objects.count()) == ([], 0)
    assert News.objects.count() > 0

    tell()
    assert told() == [("success", None)]
    assert Delivery.objects.count() == 2
    assert tell() == 0


def test_it_sends_what_the_killed_teller_had_committed(hooks: Hooks, killed: Any) -> None:
    finished_run(hooks)
    killed("news.after_commit", "tell")
    assert told() == [("success", None)]
    assert hooks.received == []

    assert tell() == 0
    assert Messenger().send_once() == 1
    assert len(hooks.received) == 1
    assert told() == [("success", None)]


def test_it_sends_what_was_claimed_by_a_process_that_died(hooks: Hooks, killed: Any) -> None:
    finished_run(hooks)
    tell()
    killed("delivery.after_claim", "send")
    assert Messenger().send_once() == 0, "it is still the dead one's"
    Delivery.objects.update(claimed_until=Now() - timedelta(seconds=1))

    assert Messenger().send_once() == 1
    assert [each.state for each in deliveries("webhook")] == ["sent"]
    assert len(hooks.received) == 1


def test_it_repeats_the_same_id_after_a_death_between_sending_and_noting(hooks: Hooks, killed: Any) -> None:
    """The one moment that no sender can close; the receiver can, by the id."""
    finished_run(hooks)
    tell()
    killed("delivery.after_send", "send")
    Delivery.objects.update(claimed_until=Now() - timedelta(seconds=1))
    Messenger().send_once()

    assert len(hooks.received) == 2
    first, second = hooks.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == str(deliveries("webhook")[0].pk)
    assert first.body == second.body
    assert len(deliveries("webhook")) == 1


def test_it_tells_once_although_many_tell_at_once() -> None:
    host()
    for _ in range(4):
        version = followed(asking("one", "two"))
        row(version)
        row(version, step="one")
        run = run_of(version)
        results = together(*[partial(run_tell, run.pk)] * 5)
        assert sorted(results) == [0, 0, 0, 0, 2]
    assert sorted(told(), key=str) == [*[("waiting", "one")] * 4, *[("waiting", None)] * 4]


def test_it_sends_once_although_many_send_at_once(settings: Settings) -> None:
    host()
    with mail_server() as mails:
        mail_settings(settings, mails)
        version = followed(chain(1))
        topic = topic_with(version, "mail", "list@example.org")
        for number in range(9):
            services.channel_add(topic=topic, kind="mail", address=f"list{number}@example.org")
        row(version, "success", topic=topic)
        run_of(version)
        FakeAgent().work()
        tell()
        tries = together(*[Messenger().send_once] * 5)

        assert sum(tries) == 10
        assert sorted(each["To"] for each in mails.received) == sorted({each["To"] for each in mails.received})
        assert len(mails.received) == 10


def mail_settings(settings: Settings, mails: Mails) -> None:
    settings.PIPELOOM_SMTP_HOST, settings.PIPELOOM_SMTP_PORT = "127.0.0.1", mails.port
    settings.PIPELOOM_SMTP_SECURITY = "none"


def test_it_leaves_other_runs_news_alone_when_one_run_cannot_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    host()
    version = followed(chain(1))
    row(version)
    broken, good = run_of(version), run_of(version)
    FakeAgent().work()
    real = services.run_tell

    def stumbling(run_id: Any) -> int:
        if run_id == broken.pk:
            raise ValueError("of this one")
        return real(run_id)

    monkeypatch.setattr(services, "run_tell", stumbling)
    messenger = Messenger()
    messenger.tell_once()
    assert [each.run_id for each in Notification.objects.all()] == [good.pk]
    messenger.tell_once()
    assert set(News.objects.values_list("run_id", flat=True)) == {broken.pk}
    monkeypatch.undo()
    Messenger().tell_once()
    assert {each.run_id for each in Notification.objects.all()} == {broken.pk, good.pk}


def test_it_owes_nothing_for_runs_that_nobody_follows() -> None:
    host()
    start(chain(3))
    FakeAgent().work()
    assert News.objects.count() > 0
    assert tell() == 0
    assert News.objects.count() == 0
