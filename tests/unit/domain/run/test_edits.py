"""A step that failed is tried again with other settings, in the same run."""

from __future__ import annotations

from typing import Any

import pytest

from backend.domain.design.document import Step
from backend.domain.design.load import parse_document
from backend.domain.run.commands import QueueStep
from backend.domain.run.edits import document_as_edited, graph_changes
from backend.domain.run.inputs import AttemptLost, ContinueStep, RetryStep
from backend.domain.run.states import StepState
from tests.unit.domain.run.building import (
    branch,
    condition,
    document,
    job,
    metric,
    parameter,
    placeholder,
    plan_of,
)
from tests.unit.domain.run.driving import Driver

LATER = placeholder("later", "INT", delay=True)
EPOCHS = placeholder("epochs", "INT", default=3)


def failed(*steps: dict[str, Any]) -> Driver:
    """A run whose first step has failed."""
    run = Driver(plan_of(document(*steps, parameters=[EPOCHS, LATER])))
    run.start()
    run.finish(steps[0]["name"], "failed")
    return run


def settings(**more: Any) -> dict[str, Any]:
    found: dict[str, Any] = job("a", **more)["properties"]
    return found


def asked_of_a_host(run: Driver, step: str) -> list[int]:
    return [each.resources.gpus for each in run.commands if isinstance(each, QueueStep) and each.step == step]


def test_it_queues_the_step_with_the_other_flavor_and_again_when_that_attempt_is_lost() -> None:
    run = failed(job("a", flavor="small"), job("b", ["a"]))
    run.must(RetryStep("a", edit={"properties": settings(flavor="gpu1")}))
    run.must(AttemptLost(run.begin("a")))
    assert asked_of_a_host(run, "a") == [0, 1, 1]
    run.run_all("a", "b")
    assert asked_of_a_host(run, "b") == [0], "only the step itself is otherwise"


def test_it_keeps_what_was_changed_through_a_later_retry_and_tells_the_whole_story() -> None:
    run = failed(job("a"))
    run.must(RetryStep("a", {"epochs": 1}, "ann", "Ann", {"policy": {"max_execution_minutes": 2}}))
    run.finish("a", "timeout")
    assert run.step("a").reason is not None
    assert run.step("a").reason["params"] == {"minutes": 2.0}  # type: ignore[index]
    run.must(RetryStep("a", {}, "bob", "Bob"))
    run.finish("a", "failed")
    run.must(RetryStep("a", {"epochs": 5}, "bob", "Bob"))
    kept = run.step("a").edited
    assert kept is not None
    assert kept["step"] == {"policy": {"max_execution_minutes": 2}}
    assert [(each["attempt"], each["name"]) for each in kept["changes"]] == [(2, "Ann"), (4, "Bob")]
    policy = [
        {"path": "/policy/max_execution_minutes", "before": 60.0, "after": 2},
        {"path": "/policy/skip_conditions", "before": [], "after": None},
    ]
    assert kept["changes"][0]["changes"] == [*policy, {"path": "/values/epochs", "before": 3, "after": 1}]
    assert kept["changes"][1]["changes"] == [{"path": "/values/epochs", "before": 1, "after": 5}]


def test_it_says_nothing_of_changes_that_change_nothing() -> None:
    run = failed(job("a"))
    run.must(RetryStep("a", {"epochs": 3}, "ann", "Ann", {"properties": settings()}))
    assert run.step("a").edited is None


def test_it_waits_for_what_the_step_asks_for_only_now() -> None:
    run = failed(job("a"))
    run.must(RetryStep("a", edit={"properties": settings(uses=["later"])}))
    assert run.step("a").state is StepState.WAIT_INPUTS
    run.must(ContinueStep("a", {"later": 1}))
    assert run.step("a").state is StepState.PENDING


def test_an_answer_to_one_step_releases_an_edited_one_that_waited_for_the_same() -> None:
    run = failed(job("a"), job("b", uses=["later"]))
    run.must(RetryStep("a", edit={"properties": settings(uses=["later"])}))
    run.must(ContinueStep("b", {"later": 1}))
    assert run.in_state(StepState.PENDING) == ["a", "b"]


def test_it_skips_the_step_by_a_condition_that_it_was_given_now() -> None:
    run = failed(job("a"))
    skip = {"skip_conditions": [condition("LT", parameter("epochs"), 10)]}
    run.must(RetryStep("a", edit={"policy": skip}))
    assert run.code("a") == "run.skip_condition_met"


def test_a_condition_that_failed_is_decided_anew_with_another_threshold() -> None:
    raw = document(
        job("train"),
        branch(
            "choose", [condition("GT", metric("train", "gone"), 0.5)], then=["good"], other=["bad"], after=["train"]
        ),
        job("good", ["choose"]),
        job("bad", ["choose"]),
    )
    run = Driver(plan_of(raw))
    run.start()
    run.finish("train", accuracy=0.9)
    assert run.step("choose").state is StepState.FAILED
    properties = {**raw["steps"][1]["properties"], "conditions": [condition("GT", metric("train"), 0.5)]}
    run.must(RetryStep("choose", edit={"properties": properties}))
    assert run.states() == {"train": "completed", "choose": "completed", "good": "pending", "bad": "skipped"}


OUTPUTS = job("a")["outputs"]


@pytest.mark.parametrize(
    ("raw", "edit", "paths"),
    [
        (job("a"), {"properties": {}, "policy": {}}, []),
        (job("a"), {"outputs": [{**OUTPUTS[0], "config": {"obs_path": "/default/b/"}}, OUTPUTS[1]]}, []),
        (job("a"), {"outputs": OUTPUTS[:1]}, ["/outputs"]),
        (job("a"), {"outputs": [{**OUTPUTS[0], "name": "x"}, OUTPUTS[1]]}, ["/outputs"]),
        (job("a"), {"outputs": [{**OUTPUTS[0], "type": "model"}, OUTPUTS[1]]}, ["/outputs"]),
        (job("a"), {"outputs": 7}, ["/outputs"]),
        (job("a"), {"outputs": [3, None]}, ["/outputs"]),
        (
            branch("c", [condition("EQ", 1, 1)], then=["x"], other=["y"]),
            {"properties": {"conditions": [], "if_then_steps": "x", "else_then_steps": []}},
            ["/properties/else_then_steps"],
        ),
    ],
)
def test_it_refuses_what_others_in_the_run_rely_on(raw: dict[str, Any], edit: Any, paths: list[str]) -> None:
    assert [each.path for each in graph_changes(Step.model_validate(raw), edit)] == paths


def test_the_document_of_a_run_has_its_changes_and_stays_itself_without_any() -> None:
    run = failed(job("a"), job("b", ["a"]))
    run.must(RetryStep("a", edit={"properties": settings(flavor="gpu1")}))
    raw = document(job("a"), job("b", ["a"]))
    parsed, _ = parse_document(raw)
    assert parsed is not None
    assert parsed.step("a") is not None, "looked up before"
    made = document_as_edited(parsed, {"a": run.step("a").edited, "b": None})
    assert made.step("a").properties["spec"] == {"resource": {"flavor": "gpu1"}}  # type: ignore[union-attr]
    assert made.step("b") == parsed.step("b")
    assert "spec" not in run.plan.steps["a"].definition.properties, "the plan never changes"
    assert document_as_edited(parsed, {"a": None}) is parsed
