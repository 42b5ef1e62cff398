"""Delayed values: a step waits for them, and nobody else does."""

from __future__ import annotations

from backend.domain.run.inputs import ContinueStep, RetryStep, StopStep
from backend.domain.run.states import RunState
from tests.unit.domain.run.building import branch, condition, document, job, parameter, placeholder, plan_of
from tests.unit.domain.run.driving import Driver

LATER = placeholder("later", "INT", delay=True, default=7)
LAST = placeholder("last", "INT", delay=True)


def started(*steps: dict[str, object], **values: object) -> Driver:
    driver = Driver(plan_of(document(*steps, parameters=[LATER, LAST]), values))
    driver.start()
    return driver


def test_it_waits_for_a_delayed_value_while_other_branches_go_on() -> None:
    driver = started(job("a", uses=["later"]), job("b"))

    assert driver.states() == {"a": "wait_inputs", "b": "pending"}
    assert driver.step("a").awaits == ("later",)
    assert driver.code("a") == "run.awaits_values"

    driver.finish("b")
    assert driver.snapshot.state is RunState.RUNNING

    driver.must(ContinueStep("a", {"later": 3}))
    assert driver.states()["a"] == "pending"
    assert driver.snapshot.values["later"] == 3
    assert driver.types("a") == ["step_waiting", "step_continued", "step_ready"]


def test_it_asks_even_for_a_delayed_value_with_a_default() -> None:
    """The default is what the form suggests; the pause is what `delay` is for."""
    assert started(job("a", uses=["later"])).states() == {"a": "wait_inputs"}


def test_it_does_not_wait_for_a_value_given_before_the_run() -> None:
    assert started(job("a", uses=["later"]), later=1).states() == {"a": "pending"}


def test_it_goes_on_only_with_all_values_and_with_nothing_else() -> None:
    driver = started(job("a", uses=["later", "last"]))

    missing = driver.give(ContinueStep("a", {"later": 1})).problem
    foreign = driver.give(ContinueStep("a", {"later": 1, "last": 2, "flag": 3})).problem

    assert missing is not None
    assert (missing.code, missing.params["names"]) == ("run.values_missing", "last")
    assert foreign is not None
    assert (foreign.code, foreign.params["names"]) == ("run.values_not_awaited", "flag")
    assert driver.must(ContinueStep("a", {"later": 1, "last": None})).steps["a"].state == "pending"


def test_it_lets_everybody_go_on_who_waited_for_the_same_value() -> None:
    driver = started(job("a", uses=["later"]), job("b", uses=["later"]), job("c", uses=["later", "last"]))

    driver.must(ContinueStep("a", {"later": 1}))

    assert driver.states() == {"a": "pending", "b": "pending", "c": "wait_inputs"}
    assert driver.must(ContinueStep("c", {"last": 1})).steps["c"].state == "pending"


def test_it_asks_its_skip_conditions_before_it_asks_a_person() -> None:
    driver = started(job("a", uses=["later"], skip=[condition("EQ", 1, 1)]))

    assert driver.states() == {"a": "skipped"}


def test_it_waits_for_the_values_of_its_skip_conditions_first() -> None:
    driver = started(job("a", skip=[condition("GT", parameter("later"), 2)]))
    assert driver.states() == {"a": "wait_inputs"}

    driver.must(ContinueStep("a", {"later": 3}))

    assert driver.states() == {"a": "skipped"}
    assert driver.snapshot.state is RunState.COMPLETED


def test_it_lets_a_condition_step_wait_too() -> None:
    driver = started(branch("choose", [condition("GT", parameter("last"), 2)], then=["a"]), job("a", ["choose"]))
    assert driver.states() == {"choose": "wait_inputs", "a": "init"}

    driver.must(ContinueStep("choose", {"last": 1}))

    assert driver.states() == {"choose": "completed", "a": "skipped"}


def test_it_can_be_stopped_while_it_waits_and_waits_again_when_retried() -> None:
    driver = started(job("a", uses=["last"]))
    driver.must(StopStep("a"))
    assert driver.snapshot.state is RunState.STOPPED

    driver.must(RetryStep("a"))

    assert driver.states() == {"a": "wait_inputs"}
    assert driver.snapshot.state is RunState.RUNNING


def test_it_gives_a_value_from_a_retry_to_those_who_wait_for_it() -> None:
    driver = started(job("a", uses=["last"]), job("b"))
    driver.finish("b", "failed")

    driver.must(RetryStep("b", {"last": 5}))

    assert driver.states() == {"a": "pending", "b": "pending"}


def test_it_does_not_continue_a_step_that_does_not_wait() -> None:
    problem = started(job("a")).give(ContinueStep("a", {})).problem

    assert problem is not None
    assert problem.code == "run.step_not_waiting"
