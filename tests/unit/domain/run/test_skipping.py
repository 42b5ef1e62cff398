"""Which steps are skipped, and that each says why."""

from __future__ import annotations

import pytest

from backend.domain.run.inputs import RetryStep
from backend.domain.run.states import RunState, StepState
from tests.unit.domain.run.building import (
    any_of,
    branch,
    condition,
    document,
    job,
    metric,
    output,
    parameter,
    placeholder,
    plan_of,
)
from tests.unit.domain.run.driving import Driver

YES = condition("EQ", 1, 1)
NO = condition("EQ", 1, 2)
MANY = 10_000


def started(*steps: dict[str, object], **values: object) -> Driver:
    flag = placeholder("flag", "BOOL", default=False)
    driver = Driver(plan_of(document(*steps, parameters=[flag]), values))
    driver.start()
    return driver


def test_it_skips_a_step_whose_conditions_all_hold_and_records_the_operands() -> None:
    driver = started(job("a", skip=[condition("EQ", parameter("flag"), True), YES]), flag=True)

    assert driver.states() == {"a": "skipped"}
    assert driver.code("a") == "run.skip_condition_met"
    evaluated = next(event for event in driver.events if event.type == "condition_evaluated")
    assert evaluated.data["result"] is True
    assert {"path": "/0/left", "written": {"$parameter": "flag"}, "value": True} in evaluated.data["operands"]
    assert (driver.step("a").reason or {})["operands"] == evaluated.data["operands"]
    assert driver.snapshot.state is RunState.COMPLETED


def test_it_runs_a_step_when_one_of_its_conditions_does_not_hold() -> None:
    assert started(job("a", skip=[YES, NO])).states() == {"a": "pending"}


def test_it_skips_what_hangs_only_on_skipped_steps() -> None:
    """a(skipped) -> b -> d <- c"""
    driver = started(job("a", skip=[YES]), job("b", ["a"]), job("c"), job("d", ["b", "c"]))

    assert driver.states() == {"a": "skipped", "b": "skipped", "c": "pending", "d": "init"}
    assert driver.code("b") == "run.parents_skipped"

    driver.run_all("c", "d")
    assert driver.snapshot.state is RunState.COMPLETED


def test_it_never_runs_a_step_without_its_input() -> None:
    """a(skipped) =out=> c <- b"""
    driver = started(job("a", skip=[YES]), job("b"), job("c", ["a", "b"], takes=output("a")))

    driver.finish("b")

    assert driver.states()["c"] == "skipped"
    assert driver.code("c") == "run.input_skipped"
    assert (driver.step("c").reason or {})["params"] == {"input": "data_url", "producer": "a"}


def test_it_takes_an_output_named_in_the_properties_for_an_input() -> None:
    needing = job("c", ["a", "b"])
    needing["properties"]["algorithm"]["parameters"] = [{"name": "x", "value": output("a")}]
    driver = started(job("a", skip=[YES]), job("b"), needing)

    driver.finish("b")

    assert driver.code("c") == "run.input_skipped"


@pytest.mark.parametrize(("a", "b", "chosen"), [(YES, NO, 1), (NO, YES, 0), (NO, NO, 0)])
def test_it_lets_a_selector_take_the_first_source_that_ran(a: object, b: object, chosen: int) -> None:
    driver = started(job("a", skip=[a]), job("b", skip=[b]), job("c", ["a", "b"], takes=any_of("a", "b")))

    for name in driver.in_state(StepState.PENDING):
        driver.finish(name)

    assert driver.states()["c"] == "pending"
    assert driver.step("c").chosen == {"data_url": chosen}


def test_it_skips_a_step_when_no_source_of_its_selector_ran() -> None:
    """Neither a nor b ran, but c did: so not every parent is skipped, and it is the selector that decides."""
    driver = started(
        job("a", skip=[YES]), job("b", skip=[YES]), job("c"), job("d", ["a", "b", "c"], takes=any_of("a", "b"))
    )

    driver.finish("c")

    assert driver.code("d") == "run.no_valid_input"


@pytest.mark.parametrize(("accuracy", "state"), [(0.8, "pending"), (0.3, "skipped")])
def test_it_skips_by_a_metric(accuracy: float, state: str) -> None:
    driver = started(job("train"), job("model", ["train"], skip=[condition("LT", metric("train"), 0.5)]))

    driver.finish("train", accuracy=accuracy)

    assert driver.states()["model"] == state


@pytest.mark.parametrize("kind", ["LT", "NOT", "EQ"])
def test_it_fails_a_step_whose_metric_is_missing_instead_of_guessing(kind: str) -> None:
    driver = started(job("train"), job("model", ["train"], skip=[condition(kind, metric("train"), 0.5)]))

    driver.finish("train", loss=0.1)

    assert driver.states()["model"] == "failed"
    assert driver.code("model") == "condition.metric_missing"
    assert driver.step("model").attempts == 0
    assert driver.snapshot.state is RunState.ABNORMAL


def test_it_asks_a_failed_condition_again_on_retry() -> None:
    driver = started(job("a", skip=[condition("GT", parameter("flag"), 1)]))
    assert driver.states() == {"a": "failed"}

    driver.must(RetryStep("a", {"flag": 2}))

    assert driver.states() == {"a": "skipped"}
    assert driver.snapshot.state is RunState.COMPLETED


@pytest.mark.parametrize(("holds", "runs", "skipped"), [(YES, "yes", "no"), (NO, "no", "yes")])
def test_it_takes_one_branch_and_skips_the_other(holds: object, runs: str, skipped: str) -> None:
    """+-> yes -> after_yes
    choose -+-> no  -> after_no"""
    driver = started(
        branch("choose", [holds], then=["yes"], other=["no"]),
        job("yes", ["choose"]),
        job("no", ["choose"]),
        job("after_yes", ["yes"]),
        job("after_no", ["no"]),
    )

    states = driver.states()
    assert states["choose"] == "completed"
    assert driver.step("choose").branch is (runs == "yes")
    assert (states[runs], states[f"after_{runs}"]) == ("pending", "init")
    assert (states[skipped], states[f"after_{skipped}"]) == ("skipped", "skipped")
    assert driver.code(skipped) == "run.branch_not_taken"
    assert driver.types("choose") == ["condition_evaluated", "step_finished"]


def test_it_decides_nested_conditions_as_they_nest() -> None:
    """X2: EQ and (GT or LT)."""
    nested = condition("OR", condition("GT", 10, 9), condition("LT", 10, 9))
    driver = started(
        branch("choose", [YES, nested], then=["yes"], other=["no"]), job("yes", ["choose"]), job("no", ["choose"])
    )

    assert driver.states() == {"choose": "completed", "yes": "pending", "no": "skipped"}


def test_it_skips_both_branches_of_a_skipped_condition() -> None:
    """a(skipped) -> choose -> yes, no; `no` also hangs on c, which runs."""
    driver = started(
        job("a", skip=[YES]),
        branch("choose", [YES], then=["yes"], other=["no"], after=["a"]),
        job("c"),
        job("yes", ["choose"]),
        job("no", ["choose", "c"]),
    )

    assert driver.states() == {"a": "skipped", "choose": "skipped", "c": "pending", "yes": "skipped", "no": "skipped"}
    assert driver.code("no") == "run.condition_skipped"


def test_it_nests_condition_steps() -> None:
    """outer -yes-> inner -yes-> deep; outer -no-> other -> inner's branches are never asked there."""
    driver = started(
        branch("outer", [NO], then=["inner"], other=["other"]),
        branch("inner", [YES], then=["deep"], other=["shallow"], after=["outer"]),
        job("deep", ["inner"]),
        job("shallow", ["inner"]),
        job("other", ["outer"]),
    )

    states = driver.states()
    assert states.pop("other") == "pending"
    assert states.pop("outer") == "completed"
    assert set(states.values()) == {"skipped"}


def test_it_fails_a_condition_step_that_cannot_be_decided() -> None:
    driver = started(branch("choose", [condition("GT", "x", 1)], then=["yes"]), job("yes", ["choose"]))

    assert driver.states() == {"choose": "failed", "yes": "init"}
    assert driver.snapshot.state is RunState.ABNORMAL


def test_it_skips_through_ten_thousand_steps_without_recursion() -> None:
    chain = [job("s0", skip=[YES]), *(job(f"s{index}", [f"s{index - 1}"]) for index in range(1, MANY))]
    driver = Driver(plan_of(document(*chain)))

    decision = driver.start()

    assert len(decision.steps) == MANY
    assert driver.snapshot.state is RunState.COMPLETED
