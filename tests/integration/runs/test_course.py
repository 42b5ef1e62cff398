"""How runs go when nothing goes wrong with the machinery: order, failure, stop, retry, rerun, waiting for input."""

from typing import Any

import pytest

from backend.apps.runs import services
from backend.apps.runs.models import Attempt, Event, Run
from backend.domain.run.messages import StepOrder, StepReport
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
    token_of,
)


def failing(*names: str, outcome: str = "failed") -> Any:
    def end(order: StepOrder) -> StepReport:
        return report(order.token, outcome if order.step in names else "succeeded")

    return end


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


def test_it_numbers_the_runs_of_a_workflow_and_never_gives_a_number_twice() -> None:
    first = start(document())
    assert state(first) == "completed"
    again = services.run_rerun(run=first, by=person())
    assert (first.number, again.number, again.origin_id) == (1, 2, first.pk)
    services.run_delete(run=again)
    assert services.run_rerun(run=first, by=person()).number == 3


def test_it_lets_the_other_branch_finish_when_one_fails_and_goes_on_after_a_retry() -> None:
    host()
    run = start(document(job("bad"), job("after-bad", ["bad"]), job("good"), job("after-good", ["good"])))
    FakeAgent(outcome=failing("bad")).work()
    assert state(run) == "abnormal"
    assert states(run) == {"bad": "failed", "after-bad": "init", "good": "completed", "after-good": "completed"}
    assert Attempt.objects.get(run=run, step="bad").reason["code"] == "step.exit_code"
    services.step_retry(run_id=run.pk, step="bad", by=person())
    assert state(run) == "running"
    FakeAgent().work()
    assert state(run) == "completed"
    assert Attempt.objects.filter(run=run, step="bad").count() == 2


def test_it_ends_a_step_that_ran_out_of_time() -> None:
    host()
    run = start(chain(2))
    FakeAgent(outcome=failing("s0", outcome="timeout")).work()
    assert (state(run), states(run)["s0"]) == ("abnormal", "timeout")


def test_s19_it_stops_a_run_and_leaves_what_never_began() -> None:
    host(cpu=2)
    run = start(fan(4))
    agent = FakeAgent()
    agent.one(token_of(run, "first"))
    running, creating = agent.waiting()
    agent.claim(running)
    services.run_stop(run_id=run.pk, by=person())
    beat = services.attempt_heartbeat(token=running, host="alpha")
    assert (beat.alive, beat.cancel_requested) == (True, True)
    assert agent.claim(creating) is None
    assert state(run) == "running"
    assert services.attempt_finish(token=running, report=report(running, "cancelled"))
    assert state(run) == "stopped"
    assert sorted(states(run).values()) == ["completed", "init", "stopped", "stopped", "stopped", "stopped"]
    with pytest.raises(ProductError) as refused:
        services.run_stop(run_id=run.pk, by=person())
    assert (refused.value.code, refused.value.status) == ("run.already_finished", 409)


def test_it_stops_one_step_and_nothing_else() -> None:
    host()
    run = start(document(job("a"), job("b")))
    services.step_stop(run_id=run.pk, step="a", by=person())
    FakeAgent().work()
    assert (state(run), states(run)) == ("stopped", {"a": "stopped", "b": "completed"})


def parameter(name: str, **more: Any) -> dict[str, Any]:
    return {"id": f"p-{name}", "name": name, "type": "INT", **more}


def with_arguments(name: str, values: dict[str, Any], after: tuple[str, ...] = ()) -> dict[str, Any]:
    listed = [{"name": key, "value": value} for key, value in values.items()]
    return job(name, after, properties={"algorithm": {"command": ["true"], "parameters": listed}})


def test_s19_it_reruns_and_retries_with_other_values() -> None:
    host()
    raw = document(
        with_arguments("a", {"epochs": {"$parameter": "epochs"}, "fixed": 0.5}),
        parameters=[parameter("epochs", default=3)],
    )
    run = start(raw)
    agent = FakeAgent()
    order = agent.claim(token_of(run, "a"))
    assert order is not None
    assert order.parameters == {"epochs": 3, "fixed": 0.5}
    services.attempt_finish(token=order.token, report=report(order.token, "failed"))
    services.step_retry(run_id=run.pk, step="a", by=person(), values={"epochs": 7})
    order = agent.claim(token_of(run, "a"))
    assert order is not None
    assert (order.parameters["epochs"], order.attempt) == (7, 2)
    services.attempt_finish(token=order.token, report=report(order.token))
    again = services.run_rerun(run=Run.objects.get(pk=run.pk), by=person(), values={"epochs": 9})
    assert again.values == {"epochs": 9}
    with pytest.raises(ProductError) as refused:
        services.step_retry(run_id=again.pk, step="a", by=person(), values={"epochs": "x"})
    assert refused.value.problems[0].path == "/values/epochs"
    agent.work()


def test_it_reads_the_metrics_in_a_folder_as_those_of_a_metrics_output() -> None:
    host()
    folder = {"obs_path": "/default/made/", "metric_file": {"$parameter": "file"}}
    low = {"type": "LT", "left": {"$metric": {"step": "a", "output": "out", "key": "accuracy"}}, "right": 0.5}
    raw = document(
        job("a", outputs=[{"name": "out", "type": "obs", "config": folder}]),
        job("b", ["a"], policy={"skip_conditions": [low]}),
        parameters=[parameter("file", type="STR", default="deep/m.json")],
    )
    run = start(raw)
    agent = FakeAgent()
    order = agent.claim(token_of(run, "a"))
    assert order is not None
    told = [(each.output, each.logical, each.realtime, each.visualization) for each in order.metrics]
    assert told == [("out", "/default/made/deep/m.json", False, True)]
    assert order.metrics[0].path == f"{order.outputs['out'].path}deep/m.json"
    services.attempt_finish(token=order.token, report=report(order.token, "failed"))
    assert states(run) == {"a": "failed", "b": "init"}


def test_it_waits_for_a_delayed_value_and_goes_on_when_it_is_given() -> None:
    host()
    raw = document(
        job("a"),
        with_arguments("b", {"n": {"$parameter": "later"}}, ("a",)),
        parameters=[parameter("later", delay=True, default=5)],
    )
    run = start(raw)
    agent = FakeAgent()
    agent.work()
    assert (state(run), states(run)) == ("running", {"a": "completed", "b": "wait_inputs"})
    with pytest.raises(ProductError) as refused:
        services.step_continue(run_id=run.pk, step="b", by=person(), values={"later": "x"})
    assert refused.value.problems[0].path == "/values/later"
    services.step_continue(run_id=run.pk, step="b", by=person(), values={"later": 0})
    order = agent.claim(token_of(run, "b"))
    assert order is not None
    assert order.parameters == {"n": 0}
    services.attempt_finish(token=order.token, report=report(order.token))
    assert state(run) == "completed"
    again = services.run_rerun(run=Run.objects.get(pk=run.pk), by=person())
    agent.work()
    assert states(again)["b"] == "wait_inputs"


def test_it_branches_on_a_metric_and_skips_the_other_way() -> None:
    host()
    condition = {
        "id": "c",
        "name": "good",
        "kind": "condition",
        "depends_on": ["train"],
        "properties": {
            "conditions": [
                {
                    "type": "GT",
                    "left": {"$metric": {"step": "train", "output": "metrics", "key": "accuracy"}},
                    "right": 0.9,
                }
            ],
            "if_then_steps": ["yes"],
            "else_then_steps": ["no"],
        },
    }
    output = {"name": "metrics", "type": "metrics", "config": {"metric_files": ["/default/out/metrics.json"]}}
    raw = document(job("train", outputs=[output]), condition, job("yes", ["good"]), job("no", ["good"]))
    run = start(raw)
    FakeAgent(outcome=lambda order: report(order.token, floats={"metrics": {"accuracy": 0.95}})).work()
    assert states(run) == {"train": "completed", "good": "completed", "yes": "completed", "no": "skipped"}
    evaluated = Event.objects.get(run=run, type="condition_evaluated")
    assert (evaluated.step, evaluated.data["result"]) == ("good", True)


def test_it_makes_no_run_that_no_host_could_ever_serve() -> None:
    host(cpu=2, gpus=1)
    with pytest.raises(ProductError) as refused:
        start(document(job("a", flavor="gpu.16")))
    assert refused.value.problems[0].path == "/steps/0/properties"
    assert not Run.objects.exists()


def test_it_shares_hosts_between_runs_first_come_first_served() -> None:
    host(cpu=1)
    runs = [start(chain(2)) for _ in range(3)]
    services.publishing_start()
    agent = FakeAgent()
    agent.work()
    assert [state(run) for run in runs] == ["completed"] * 3
    assert [str(run)[-2:] for run, _ in agent.done[:3]] == [str(run.pk)[-2:] for run in runs]


def test_it_gives_each_card_to_one_step_only() -> None:
    host(cpu=8, gpus=4)
    raw = document(*(job(f"s{number}", flavor="gpu.2") for number in range(3)), job("one", flavor="gpu.1"))
    start(raw)
    agent = FakeAgent()
    orders = [agent.claim(token) for token in agent.waiting()]
    cards = [card for order in orders if order for card in order.devices]
    assert len(cards) == len(set(cards)) == 4
    for order in orders:
        assert order is not None
        services.attempt_finish(token=order.token, report=report(order.token))
    agent.work()


def test_it_refuses_what_makes_no_sense_now() -> None:
    host()
    run = start(chain(1))
    for call, code in (
        (lambda: services.step_retry(run_id=run.pk, step="s0", by=None), "run.step_not_retryable"),
        (lambda: services.step_stop(run_id=run.pk, step="none", by=None), "run.unknown_step"),
        (lambda: services.step_continue(run_id=run.pk, step="s0", by=None, values={}), "run.step_not_waiting"),
        (lambda: services.run_delete(run=run), "order.run_not_finished"),
    ):
        before = Run.objects.get(pk=run.pk).seq
        with pytest.raises(ProductError) as refused:
            call()
        assert (refused.value.code, refused.value.status) == (code, 409)
        assert Run.objects.get(pk=run.pk).seq == before
