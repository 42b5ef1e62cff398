"""Things that happen at the same moment: whoever commits first wins, and there is always exactly one winner."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from backend.apps.runs import services, store
from backend.apps.runs.models import Attempt, Event, Run
from backend.apps.runs.reconcile import Reconciler
from backend.shared.errors import ProductError
from tests.harness.runs import (
    FakeAgent,
    chain,
    document,
    fan,
    host,
    job,
    person,
    report,
    start,
    state,
    states,
    together,
    token_of,
)

ROUNDS = 6


def test_it_lets_one_of_many_claims_win() -> None:
    host()
    for _ in range(ROUNDS):
        token = token_of(start(chain(1)), "s0")
        orders = together(*[partial(claim, token)] * 5)
        assert [type(each).__name__ for each in orders if each is not None] == ["StepOrder"]
        assert services.attempt_finish(token=token, report=report(token))


def test_it_keeps_one_of_many_finishes() -> None:
    host()
    for _ in range(ROUNDS):
        run = start(chain(2))
        token = token_of(run, "s0")
        FakeAgent().claim(token)
        finishes = together(
            partial(finish, token),
            partial(services.attempt_finish, token=token, report=report(token, "failed")),
            partial(services.attempt_lost, token=token, reason="order.lease_over"),
        )
        assert sorted(map(str, finishes)) == ["False", "False", "True"]
        if state(run) == "running":
            services.run_stop(run_id=run.pk, by=None)


def before_claim(token: str) -> None:
    del token


def while_running(token: str) -> None:
    FakeAgent().claim(token)


def claim(token: str) -> Any:
    return FakeAgent().claim(token)


def finish(token: str) -> Any:
    return services.attempt_finish(token=token, report=report(token))


@pytest.mark.parametrize(
    ("before", "racer"),
    [(before_claim, claim), (while_running, finish)],
    ids=["while claiming", "just before the finish"],
)
def test_it_ends_in_one_way_when_a_stop_meets_anything(
    before: Callable[[str], None], racer: Callable[[str], Any]
) -> None:
    """F21. A finish that committed first has won; otherwise the step is stopped, whatever its process did."""
    host()
    endings = set()
    for _ in range(ROUNDS):
        run = start(chain(2))
        token = token_of(run, "s0")
        before(token)
        won, _ = together(partial(racer, token), partial(services.run_stop, run_id=run.pk, by=None))
        if won and racer is claim:
            assert services.attempt_heartbeat(token=token, host="alpha").cancel_requested
            assert services.attempt_finish(token=token, report=report(token, "cancelled"))
        assert state(run) == "stopped"
        found = states(run)
        assert found["s0"] in {"completed", "stopped"}
        assert found["s1"] in {"init", "stopped"}
        endings.add(found["s0"])
        assert not Attempt.objects.filter(run=run, state__in=["dispatched", "running"]).exists()
    assert endings


def test_it_refuses_a_second_stop_quietly_and_a_second_retry_loudly() -> None:
    host()
    run = start(chain(1))
    FakeAgent(outcome=lambda order: report(order.token, "failed")).work()
    results = together(*[partial(services.step_retry, run_id=run.pk, step="s0", by=None)] * 4)
    refused = [each for each in results if isinstance(each, ProductError)]
    assert (len(refused), {each.code for each in refused}) == (3, {"run.step_not_retryable"})
    assert Event.objects.filter(run=run, type="step_retried").count() == 1
    FakeAgent().work()


def test_it_never_gives_a_place_away_twice() -> None:
    """Many runs start at once on two small hosts; the database itself refuses a card that is held already."""
    host("alpha", cpu=2, gpus=2)
    host("beta", cpu=2, gpus=2)
    raw = document(*(job(f"s{number}", flavor="gpu.1") for number in range(3)))
    person()
    runs = [run for run in together(*[partial(start, raw)] * 6) if isinstance(run, Run)]
    assert len(runs) == 6
    services.publishing_start()
    agents = [FakeAgent("alpha"), FakeAgent("beta")]
    for _ in range(60):
        together(*(agent.work for agent in agents))
        Reconciler().run_once()
        if not Run.objects.filter(state="running").exists():
            break
    assert {state(run) for run in runs} == {"completed"}
    assert sum(len(agent.done) for agent in agents) == 18


def test_it_finishes_a_wide_run_with_many_workers_at_once() -> None:
    host(cpu=6)
    services.publishing_start()
    run = start(fan(40))
    agents = [FakeAgent() for _ in range(6)]
    FakeAgent().one(token_of(run, "first"))
    while Run.objects.get(pk=run.pk).state == "running":
        together(*(agent.work for agent in agents))
    assert sum(len(agent.done) for agent in agents) == 41
    assert state(run) == "completed"


def test_it_is_one_run_for_processes_with_different_memories() -> None:
    """Each input is applied with another process's cache: fresh, stale, or of the one before."""
    host(cpu=3)
    run = start(fan(8))
    memories: list[Any] = [None, None, None]
    agent = FakeAgent()
    turn = 0
    while tokens := agent.waiting():
        for token in tokens:
            for act in (agent.claim, finish):
                store.cache_clear()
                if memories[turn % 3] is not None:
                    store.cache_put(run.pk, memories[turn % 3])
                act(token)
                memories[turn % 3] = store._cache.take(run.pk)
                turn += 1
    assert state(run) == "completed"
