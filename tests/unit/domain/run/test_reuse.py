"""Runs of some steps: which take part, what is taken over, and that results of different runs never mix."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.problems import problem
from backend.domain.run.inputs import ContinueStep
from backend.domain.run.part import part_as_json, part_from_json
from backend.domain.run.preview import Verdict, preview
from backend.domain.run.states import StepState
from tests.unit.domain.run.building import (
    Json,
    any_of,
    branch,
    condition,
    document,
    job,
    metric,
    output,
    parameter,
    placeholder,
)
from tests.unit.domain.run.driving import Driver
from tests.unit.domain.run.earlier import chosen, codes, known_after, part_plan, run_through
from tests.unit.domain.run.workflows import VALUES, workflows

CHAIN = document(
    job("a", uses=["epochs"]),
    job("b", ["a"], takes=output("a")),
    job("c", ["b"], takes=output("b")),
    job("d", ["c"], takes=output("c")),
    job("apart"),
    parameters=[placeholder("epochs", "INT", default=3)],
)
ONCE = known_after(CHAIN, run_through(CHAIN), 1)


def driven(raw: Json, choice: Any, values: Any = None) -> Driver:
    driver = Driver(part_plan(raw, choice, values))
    driver.start()
    return driver


def verdicts(raw: Json, choice: Any, values: Any = None) -> dict[str, str]:
    return {name: each.verdict.value for name, each in preview(part_plan(raw, choice, values)).items()}


def test_it_runs_to_here_on_what_is_there_already() -> None:
    choice = chosen(CHAIN, ONCE, "c")

    assert choice.part.steps == {"a", "b", "c"}
    assert verdicts(CHAIN, choice) == {"a": "reuse", "b": "reuse", "c": "run"}
    driver = driven(CHAIN, choice)
    assert driver.states() == {"a": "completed", "b": "completed", "c": "pending"}
    assert driver.step("b").outputs == {"out": {"by": "b#1"}}
    assert driver.step("b").floats == {"metrics": {"accuracy": 0.9}}
    assert driver.step("b").reused == {"run": "run-1", "number": 1, "attempt": "b@1"}
    assert driver.code("b") == "run.reused"
    assert not {"step_ready", "step_dispatched", "step_started"} & set(driver.types("b"))
    driver.finish("c")
    assert driver.snapshot.state == "completed"
    driver.assert_replayable()


def test_it_runs_one_step_alone_on_what_is_there_already() -> None:
    choice = chosen(CHAIN, ONCE, "c", mode="only")

    assert choice.refused == {}
    assert verdicts(CHAIN, choice) == {"a": "reuse", "b": "reuse", "c": "run"}


def test_it_refuses_a_step_alone_whose_input_nobody_made() -> None:
    choice = chosen(CHAIN, {}, "apart", "c", mode="only")

    said, why = choice.refused["c"]
    assert (said.code, why.code) == ("run.needs_result", "run.reuse_never_ran")
    assert (said.path, why.path) == ("/steps/2", "/steps/1")
    assert (said.params["producer"], why.params["step"]) == ("b", "b")
    assert choice.part.steps == {"apart", "c"}


def test_it_refuses_a_step_that_is_not_there() -> None:
    choice = chosen(CHAIN, ONCE, "c", "gone")

    assert [(each.code, each.path) for each in choice.refused["gone"]] == [("run.unknown_step", "/steps/1")]


def test_it_runs_everything_before_when_reuse_is_off() -> None:
    choice = chosen(CHAIN, ONCE, "c", reuse=False)

    assert verdicts(CHAIN, choice) == {"a": "run", "b": "run", "c": "run"}
    assert codes(choice.again) == {"a": "run.reuse_off", "b": "run.reuse_off"}


def changed(**steps: Json) -> Json:
    listed = [{**step, **steps.get(step["name"], {})} for step in CHAIN["steps"]]
    return {**CHAIN, "steps": listed}


@pytest.mark.parametrize(
    ("raw", "values", "again"),
    [
        (CHAIN, {"epochs": 4}, {"a": "run.reuse_changed", "b": "run.reuse_older"}),
        (CHAIN, {"epochs": 3}, {}),
        (
            changed(b={"properties": {"algorithm": {"command": ["false"]}}}),
            {},
            {"b": "run.reuse_changed"},
        ),
        (changed(a={"title": "First", "description": "of all"}), {}, {}),
        (changed(b={"depends_on": ["a", "apart"]}), {}, {}),
        (changed(b={"inputs": []}), {}, {"b": "run.reuse_changed"}),
        (changed(a={"outputs": []}), {}, {"a": "run.reuse_changed", "b": "run.reuse_older"}),
    ],
)
def test_it_runs_again_what_has_changed_and_what_stands_on_it(raw: Json, values: Json, again: dict[str, str]) -> None:
    choice = chosen(raw, ONCE, "c", values=values)

    assert codes(choice.again) == again
    driver = driven(raw, choice, values)
    driver.drain()
    ran = {name for name, step in driver.snapshot.steps.items() if step.attempts}
    assert ran == {"c", *again}


def test_it_never_mixes_results_of_different_runs() -> None:
    """After a alone was run again, what b and c made of the older a is of no use."""
    first = driven(CHAIN, chosen(CHAIN, ONCE, "a"))
    first.finish("a")
    known = known_after(CHAIN, first, 2, ONCE)

    assert codes(chosen(CHAIN, known, "c").again) == {"b": "run.reuse_older"}
    alone = chosen(CHAIN, known, "d", mode="only")
    assert [each.code for each in alone.refused["d"]] == ["run.needs_result", "run.reuse_older"]


def test_it_goes_on_step_by_step() -> None:
    """Each on the results of the one before, however many runs lie between."""
    known = known_after(CHAIN, run_through(CHAIN), 1)
    for number, name in enumerate(("a", "b", "c"), start=2):
        driver = driven(CHAIN, chosen(CHAIN, known, name, mode="only"))
        driver.finish(name)
        assert driver.snapshot.state == "completed"
        known = known_after(CHAIN, driver, number, known)

    last = driven(CHAIN, chosen(CHAIN, known, "d", mode="only"))
    assert {name: step.reused and step.reused["number"] for name, step in last.snapshot.steps.items()} == {
        "a": 2,
        "b": 3,
        "c": 4,
        "d": None,
    }


def test_it_takes_nothing_from_a_step_that_has_failed_since() -> None:
    failing = Driver(part_plan(CHAIN, chosen(CHAIN, {}, "a")))
    failing.start()
    failing.finish("a", "failed")
    known = known_after(CHAIN, failing, 2, ONCE)

    again = chosen(CHAIN, known, "b").again
    assert codes(again) == {"a": "run.reuse_not_completed"}
    assert again["a"].params["state"] == "failed"


def test_it_takes_nothing_that_is_spoilt() -> None:
    gone = problem("run.reuse_gone", step="b", number=1, place="/default/out/")
    known = {**ONCE, "b": replace(ONCE["b"], spoilt=gone)}

    assert chosen(CHAIN, known, "d").again == {
        "b": gone,
        "c": problem("run.reuse_older", step="c", number=1, producer="b"),
    }


ASKS = document(
    job("a", uses=["later"]),
    job("b", ["a"], takes=output("a"), uses=["later"]),
    parameters=[placeholder("later", "INT", delay=True)],
)


def test_it_asks_nobody_for_what_was_answered_then() -> None:
    known = known_after(ASKS, run_through(ASKS), 1)
    driver = driven(ASKS, chosen(ASKS, known, "b"))

    assert driver.states() == {"a": "completed", "b": "wait_inputs"}
    driver.must(ContinueStep("b", {"later": 1}))
    assert driver.states() == {"a": "completed", "b": "pending"}

    assert codes(chosen(ASKS, known, "b", values={"later": 2}).again) == {"a": "run.reuse_changed"}
    assert codes(chosen(ASKS, known, "b", values={"later": 1}).again) == {}


def test_it_does_not_take_over_what_an_answer_of_today_makes_different() -> None:
    """b is reached only after somebody has answered the question that it shares with another step."""
    raw = document(
        job("asks", uses=["later"]),
        job("b", ["asks"], uses=["later"]),
        job("c", ["b"], takes=output("b")),
        parameters=[placeholder("later", "INT", delay=True)],
    )
    known = known_after(raw, run_through(raw), 1)
    known = {name: each for name, each in known.items() if name != "asks"}
    driver = driven(raw, chosen(raw, known, "c"))

    driver.must(ContinueStep("asks", {"later": 7}))
    driver.finish("asks")

    assert driver.states() == {"asks": "completed", "b": "pending", "c": "init"}


BRANCHES = document(
    job("train"),
    branch(
        "choose", [condition("GT", metric("train"), parameter("limit"))], then=["good"], other=["bad"], after=["train"]
    ),
    job("good", ["choose", "train"], takes=output("train")),
    job("bad", ["choose", "train"], takes=output("train")),
    job("end", ["good", "bad"], takes=any_of("good", "bad")),
    job("after", ["end"], takes=output("end")),
    parameters=[placeholder("limit", "FLOAT", default=0.5)],
)


def test_it_decides_branches_by_the_metrics_of_earlier_runs() -> None:
    known = known_after(BRANCHES, run_through(BRANCHES), 1)

    same = chosen(BRANCHES, known, "after")
    assert verdicts(BRANCHES, same) == {
        "train": "reuse",
        "choose": "run",
        "good": "reuse",
        "bad": "skip",
        "end": "reuse",
        "after": "run",
    }
    driver = driven(BRANCHES, same)
    assert driver.states()["after"] == "pending"


def test_it_takes_nothing_over_from_a_branch_that_is_not_taken_any_more() -> None:
    known = known_after(BRANCHES, run_through(BRANCHES), 1)
    other = chosen(BRANCHES, known, "after", values={"limit": 0.95})

    assert codes(other.again) == {"bad": "run.reuse_never_ran"}
    driver = driven(BRANCHES, other, {"limit": 0.95})
    assert driver.states() == {
        "train": "completed",
        "choose": "completed",
        "good": "skipped",
        "bad": "pending",
        "end": "init",
        "after": "init",
    }
    driver.finish("bad")
    assert driver.states()["end"] == "pending", "what it made of the other branch must not be taken over"
    assert verdicts(BRANCHES, other, {"limit": 0.95})["end"] == "run"


def test_it_keeps_the_order_across_steps_that_take_no_part() -> None:
    raw = document(job("a"), job("b", ["a"]), job("c", ["b"]))
    plan = part_plan(raw, chosen(raw, {}, "a", "c", mode="only"))

    assert plan.order == ("a", "c")
    assert plan.steps["c"].parents == ("a",)
    assert plan.steps["a"].children == ("c",)


def test_it_is_stored_and_read_again() -> None:
    part = chosen(CHAIN, ONCE, "c", mode="only").part

    assert part_from_json(part_as_json(part)) == part


@given(raw=workflows(), values=VALUES, then=VALUES, pick=st.integers(0, 6), only=st.booleans())
def test_it_foresees_what_then_happens(raw: Json, values: Any, then: Any, pick: int, only: bool) -> None:
    known = known_after(raw, run_through(raw, then), 1)
    target = raw["steps"][pick % len(raw["steps"])]["name"]
    choice = chosen(raw, known, target, values=values, mode="only" if only else "to_here")
    plan = part_plan(raw, choice, values)
    found = preview(plan)
    driver = Driver(plan)
    driver.start()
    driver.drain()
    driver.assert_replayable()

    doomed = any(each.verdict is Verdict.CANNOT for each in found.values())
    asked = any(each.verdict is Verdict.WAIT for each in found.values())
    for name, each in found.items():
        step = driver.step(name)
        assert step.reused is None or each.verdict in {Verdict.REUSE, Verdict.OPEN}
        if each.verdict is Verdict.REUSE and not doomed and not asked:
            assert step.reused is not None
            assert (step.state, step.attempts) == (StepState.COMPLETED, 0)
        if step.reused is not None:
            used = [driver.step(source.step) for need in plan.steps[name].inputs for source in need.sources]
            assert not used or any(source.reused for source in used)


def anew(name: str) -> Json:
    """The chain, where one step never takes an earlier result over by itself."""
    steps = [{**each, "policy": {**each["policy"], "reuse": each["name"] != name}} for each in CHAIN["steps"]]
    return {**CHAIN, "steps": steps}


def test_it_runs_a_step_anew_whose_reuse_is_switched_off_and_says_so() -> None:
    raw = anew("b")
    choice = chosen(raw, ONCE, "d")
    assert codes(choice.again) == {"b": "run.reuse_off_here", "c": "run.reuse_older"}
    assert verdicts(raw, choice) == {"a": "reuse", "b": "run", "c": "run", "d": "run"}


def test_a_step_that_is_run_alone_stands_on_the_result_of_one_that_else_runs_anew() -> None:
    choice = chosen(anew("b"), ONCE, "c", mode="only")
    assert not choice.refused
    assert choice.part.reused.keys() == {"a", "b"}
