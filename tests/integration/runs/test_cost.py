"""What a step costs must not depend on how many others there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.apps.runs import services, store
from backend.apps.runs.models import Run
from tests.harness.runs import FakeAgent, chain, fan, host, person, report, start, token_of


def statements_of_a_step(length: int) -> tuple[list[str], list[str]]:
    """What the claim and the finish of a step in the middle of a chain execute."""
    run = start(chain(length))
    agent = FakeAgent()
    agent.work(limit=3)
    token = token_of(run, "s3")
    with CaptureQueriesContext(
        connection,
    ) as claimed:
        assert agent.claim(token)
    with CaptureQueriesContext(connection) as finished:
        assert services.attempt_finish(token=token, report=report(token))
    token_of(run, "s4")
    services.run_stop(run_id=run.pk, by=person())
    return [each["sql"] for each in claimed], [each["sql"] for each in finished]


def test_it_takes_the_same_statements_in_a_run_of_ten_steps_and_of_a_thousand() -> None:
    host()
    services.publishing_start()
    small, large = statements_of_a_step(10), statements_of_a_step(1_000)
    for few, many in zip(small, large, strict=True):
        assert len(few) == len(many), "\n".join(many)
    assert len(large[0]) + len(large[1]) <= 16, "\n".join(large[0] + large[1])


def test_it_writes_a_fan_out_in_as_many_statements_as_a_single_step() -> None:
    host(cpu=200)
    counts = []
    for width in (10, 100):
        run = start(fan(width))
        token = token_of(run, "first")
        FakeAgent().claim(token)
        with CaptureQueriesContext(connection) as captured:
            assert services.attempt_finish(token=token, report=report(token))
        counts.append(len(captured))
        services.run_stop(run_id=run.pk, by=person())
    assert counts[0] == counts[1]


@pytest.mark.parametrize("fresh", [False, True])
def test_it_reads_only_what_is_new_when_another_process_was_busy(fresh: bool) -> None:
    """The cached snapshot is brought up to date with events; only a process that never saw the run reads its rows."""
    host(cpu=1)
    run = start(chain(50))
    agent = FakeAgent()
    agent.work(limit=2)
    held = store._cache.take(run.pk)
    agent.work(limit=2)
    store.cache_clear()
    if not fresh:
        assert held is not None
        store.cache_put(run.pk, held)
    token = token_of(run, "s4")
    with CaptureQueriesContext(connection) as captured:
        agent.claim(token)
    read_all = [each["sql"] for each in captured if 'FROM "runs_steprun" WHERE' in each["sql"]]
    assert len(read_all) == int(fresh)
    assert services.attempt_finish(token=token, report=report(token))
    assert Run.objects.get(pk=run.pk).state == "running"


def test_it_keeps_in_memory_only_what_may_go_on() -> None:
    """A web process begins runs and hears of no end; a worker sees them end."""
    host()
    begun = start(chain(2))
    assert len(store._cache) == 1
    FakeAgent().work()
    begun.refresh_from_db()
    assert begun.state == "completed"
    assert len(store._cache) == 0


def test_it_forgets_what_nobody_has_asked_for_lately(monkeypatch: pytest.MonkeyPatch) -> None:
    host()
    runs = [start(chain(2)) for _ in range(3)]
    assert len(store._cache) == 3
    monkeypatch.setattr(store, "CACHED_SECONDS", 0.0)
    services.run_stop(run_id=runs[0].pk, by=person())
    assert len(store._cache) <= 1
    monkeypatch.setattr(store, "CACHED_STEPS", 1)
    services.run_stop(run_id=runs[1].pk, by=person())
    assert len(store._cache) <= 1
