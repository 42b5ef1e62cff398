"""How runs go when nothing goes wrong with the machinery: order, failure, stop, retry, rerun, waiting for input."""

from tests.harness.runs import (
    FakeAgent,
    chain,
    fan,
    host,
    start,
    state,
    token_of,
)


def test_it_runs_a_chain_in_order() -> None:
    host(cpu=1)
    agent = FakeAgent()
    run = start(chain(4))
    assert agent.work() == 4
    assert [step for _, step in agent.done] == ["s0", "s1", "s2", "s3"]
    assert state(run) == "completed"


def test_it_runs_what_is_free_at_the_same_time_and_no_more_than_the_host_has() -> None:
    host(cpu=3)
    run = start(fan(10))
    agent = FakeAgent()
    agent.one(token_of(run, "first"))
    assert len(agent.waiting()) == 3
    agent.one(agent.waiting()[0])
    assert len(agent.waiting()) == 3
    agent.work()
    assert state(run) == "completed"
    assert len(agent.done) == 12
