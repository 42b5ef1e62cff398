"""F10 and F11: messages lost, delivered three times, in any order, late, and to the wrong host."""

import random

from backend.apps.runs import services
from backend.apps.runs.models import Attempt, Outbox, Run
from tests.harness.runs import FakeAgent, fan, host, report, start, state, token_of


def test_it_does_not_care_how_often_and_in_which_order_messages_come(rng: random.Random) -> None:
    host("alpha", cpu=3)
    host("beta", cpu=2)
    run = start(fan(12))
    agents = {name: FakeAgent(name) for name in ("alpha", "beta")}
    claimed: list[tuple[FakeAgent, str]] = []
    finished: list[str] = []
    while Run.objects.get(pk=run.pk).state == "running":
        every = [str(pk) for pk in Attempt.objects.filter(run=run).values_list("pk", flat=True)]
        # Everything that was ever sent comes again, to every host, except for the third that is lost.
        mail = [(agent, token) for agent in agents.values() for token in every for _ in range(3)]
        rng.shuffle(mail)
        for agent, token in mail[: len(mail) * 2 // 3]:
            order = agent.claim(token)
            if order is not None:
                claimed.append((agent, token))
        rng.shuffle(claimed)
        for agent, token in claimed[: max(1, len(claimed) // 2)]:
            kept = [services.attempt_finish(token=token, report=report(token)) for _ in range(rng.randint(1, 3))]
            finished += [token] * sum(kept)
            assert not services.attempt_heartbeat(token=token, host=agent.name).alive
        claimed = claimed[max(1, len(claimed) // 2) :]
    assert state(run) == "completed"
    assert len(finished) == len(set(finished)) == 14
    assert Attempt.objects.filter(run=run).count() == 14


def test_it_answers_an_unknown_token_quietly() -> None:
    token = "0190c000-0000-7000-8000-000000000000"
    assert FakeAgent().claim(token) is None
    assert services.attempt_finish(token=token, report=report(token)) is False
    assert services.attempt_lost(token=token, reason="gone") is False
    assert services.attempt_heartbeat(token=token, host="alpha").alive is False
    services.attempt_metrics(token=token, updates=[services.MetricsUpdate("m", "/default/m.json", [], None)])
    services.attempt_log_grew(token=token, size=1)


def test_it_forgets_a_message_once_it_has_arrived() -> None:
    host()
    run = start(fan(2))
    assert Outbox.objects.filter(kind="dispatch").count() == 1
    token = token_of(run, "first")
    FakeAgent().claim(token)
    assert not Outbox.objects.filter(key=f"dispatch:{token}").exists()
    services.attempt_finish(token=token, report=report(token))
    FakeAgent().work()
