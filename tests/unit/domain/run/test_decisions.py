"""Rows of the table of decisions that have no test of their own elsewhere: mixed parents, what a stopped or failed
parent leaves, what a metric must be; and the words for the states of runs and steps, which are the wire's."""

from __future__ import annotations

import pytest

from backend.domain.run.inputs import RetryStep, StopStep
from backend.domain.run.states import RunState, StepState
from tests.unit.domain.run.building import any_of, condition, document, job, metric, parameter, placeholder, plan_of
from tests.unit.domain.run.driving import Driver, finished

OFF = condition("EQ", parameter("off"), True)
PARAMETERS = [placeholder("off", "BOOL", default=True)]


def begun(*steps: dict[str, object]) -> Driver:
    run = Driver(plan_of(document(*steps, parameters=PARAMETERS)))
    run.start()
    return run


@pytest.mark.parametrize("order", [("here",), ("here", "also")])
def test_it_runs_a_step_of_which_some_parents_are_skipped_and_some_completed(order: tuple[str, ...]) -> None:
    run = begun(job("gone", skip=[OFF]), *(job(name) for name in order), job("last", ["gone", *order]))
    assert run.states()["gone"] == "skipped"
    run.run_all(*order)
    assert run.states()["last"] == "pending"


def test_it_takes_the_first_of_several_sources_in_the_order_in_which_they_stand_and_notes_which() -> None:
    run = begun(job("a"), job("b"), job("last", ["a", "b"], takes=any_of("b", "a")))
    run.run_all("a", "b")
    (ready,) = (each for each in run.events if each.step == "last" and each.type.value == "step_ready")
    assert ready.data["chosen"] == {"data_url": 0}
    assert run.step("last").chosen == {"data_url": 0}


@pytest.mark.parametrize(("ending", "ended"), [("failed", "abnormal"), ("stopped", "stopped"), ("timeout", "abnormal")])
def test_what_is_behind_a_step_that_ended_badly_stays_as_it_is_until_a_retry(ending: str, ended: str) -> None:
    run = begun(job("a"), job("b", ["a"]), job("c", ["b"]))
    token = run.begin("a")
    if ending == "stopped":
        run.must(StopStep("a"))
        run.must(finished(token, "cancelled"))
    else:
        run.must(finished(token, ending))
    assert run.states() == {"a": ending, "b": "init", "c": "init"}
    assert run.snapshot.state == ended
    run.must(RetryStep("a"))
    assert run.snapshot.state == "running"
    run.run_all("a", "b", "c")
    assert run.snapshot.state == "completed"


def test_it_fails_where_only_the_key_of_a_metric_is_missing_and_goes_on_elsewhere() -> None:
    low = condition("LT", metric("a", "not written"), 0.5)
    run = begun(job("a"), job("b", ["a"], skip=[low]), job("c", ["a"]))
    run.finish("a", accuracy=0.1)
    assert (run.states()["b"], run.code("b"), run.states()["c"]) == ("failed", "condition.metric_missing", "pending")


def test_the_states_are_those_of_the_wire() -> None:
    assert {each.value for each in RunState} == {"init", "running", "completed", "stopped", "abnormal"}
    assert {each.value for each in StepState} == {
        "init",
        "wait_inputs",
        "pending",
        "creating",
        "created",
        "create_failed",
        "running",
        "stopping",
        "stopped",
        "timeout",
        "completed",
        "failed",
        "hold",
        "skipped",
    }
