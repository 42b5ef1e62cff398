"""Runs that begin at chosen steps, and runs that stand on the results of one chosen run."""

from __future__ import annotations

from backend.domain.run.preview import preview
from tests.unit.domain.run.building import document, job, output, placeholder
from tests.unit.domain.run.driving import Driver
from tests.unit.domain.run.earlier import chosen, codes, known_after, part_plan, run_through

CHAIN = document(
    job("a", uses=["epochs"]),
    job("b", ["a"], takes=output("a")),
    job("c", ["b"], takes=output("b")),
    job("apart"),
    parameters=[placeholder("epochs", "INT", default=3)],
)
ONCE = known_after(CHAIN, run_through(CHAIN), 1)


def verdicts(choice: object, values: object = None) -> dict[str, str]:
    return {name: each.verdict.value for name, each in preview(part_plan(CHAIN, choice, values)).items()}


def test_it_begins_at_a_step_and_takes_over_everything_that_does_not_come_after_it() -> None:
    choice = chosen(CHAIN, ONCE, "b", mode="from")

    assert verdicts(choice) == {"a": "reuse", "b": "run", "c": "run", "apart": "reuse"}
    driver = Driver(part_plan(CHAIN, choice))
    driver.start()
    assert driver.states() == {"a": "completed", "apart": "completed", "b": "pending", "c": "init"}


def test_without_a_step_it_runs_as_little_as_it_can() -> None:
    assert set(verdicts(chosen(CHAIN, ONCE, mode="from")).values()) == {"reuse"}


def test_a_value_that_was_changed_makes_what_uses_it_run_again_too() -> None:
    choice = chosen(CHAIN, ONCE, "c", mode="from", values={"epochs": 9})

    assert verdicts(choice, {"epochs": 9}) == {"a": "run", "b": "run", "c": "run", "apart": "reuse"}
    assert codes(choice.again)["a"] == "run.reuse_changed"
    assert codes(choice.again)["b"] == "run.reuse_older"


def test_a_chosen_run_is_stood_on_although_a_value_has_changed_since() -> None:
    values = {"epochs": 9}
    assert chosen(CHAIN, ONCE, "c", mode="only", values=values).refused

    choice = chosen(CHAIN, ONCE, "c", mode="only", values=values, prior="run-1")

    assert choice.refused == {}
    assert verdicts(choice, values) == {"a": "reuse", "b": "reuse", "c": "run"}


def test_what_the_chosen_run_does_not_have_is_told() -> None:
    asking = document(
        {**job("a"), "outputs": [{"name": "new", "type": "obs", "config": {"obs_path": "/default/new/"}}]},
        job("b", ["a"], takes=output("a", "new")),
    )
    known = known_after(CHAIN, run_through(CHAIN), 1)

    refused = chosen(asking, known, "b", mode="only", prior="run-1").refused

    assert [each.code for each in refused["b"]] == ["run.needs_result", "run.reuse_no_output"]
    assert [each.code for each in chosen(asking, {}, "b", mode="only", prior="run-1").refused["b"]] == [
        "run.needs_result",
        "run.reuse_never_ran",
    ]
