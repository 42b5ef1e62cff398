"""Attempts: claimed, finished, lost, retried, and what late messages may do (nothing)."""

from __future__ import annotations

import pytest

from backend.domain.run.commands import DispatchAttempt, FinishRun, QueueStep, ReleaseAttempt
from backend.domain.run.inputs import (
    AssignStep,
    AttemptClaimed,
    AttemptFinished,
    AttemptLost,
    RefuseStep,
    RetryStep,
    StartRun,
    StopStep,
)
from backend.domain.run.states import AttemptState, RunState
from tests.unit.domain.run.building import FLAVORS, document, job, parameter, placeholder, plan_of
from tests.unit.domain.run.driving import HOST, Driver, finished

REASON = {"code": "step.failed", "params": {}, "message": "The disk is full.", "hint": ""}


def started(*steps: dict[str, object], **values: object) -> Driver:
    flavor = placeholder("flavor", "STR", format="flavor", default="gpu1")
    driver = Driver(plan_of(document(*steps, parameters=[flavor]), values))
    driver.start()
    return driver


def test_it_runs_a_chain_with_one_event_a_change() -> None:
    """a -> b"""
    driver = started(job("a"), job("b", ["a"]))
    assert driver.states() == {"a": "pending", "b": "init"}

    driver.run_all("a", "b")

    steps = ["step_ready", "step_dispatched", "step_started", "outputs_promoted", "step_finished"]
    assert driver.types() == ["run_created", "run_started", *steps, *steps, "run_finished"]
    assert driver.snapshot.state is RunState.COMPLETED
    assert driver.commands[-1] == FinishRun(RunState.COMPLETED)
    driver.assert_replayable()


def test_it_joins_branches_only_when_all_are_done() -> None:
    """a -> b, c -> d"""
    driver = started(job("a"), job("b", ["a"]), job("c", ["a"]), job("d", ["b", "c"]))

    driver.run_all("a", "b")
    assert driver.states() == {"a": "completed", "b": "completed", "c": "pending", "d": "init"}

    driver.run_all("c", "d")
    assert driver.snapshot.state is RunState.COMPLETED


def test_it_completes_a_run_without_steps_at_once() -> None:
    assert started().snapshot.state is RunState.COMPLETED


def test_it_asks_for_the_resources_of_the_chosen_flavor() -> None:
    decision = Driver(plan_of(document(job("a", flavor={"flavor_id": "gpu1"})))).must(StartRun())

    assert decision.commands == (QueueStep("a", FLAVORS["gpu1"]),)


@pytest.mark.parametrize("value", ["gpu1", {"flavor_id": "gpu1", "other": 1}], ids=["STR", "JSON"])
def test_it_reads_the_flavor_from_a_placeholder_of_either_type(value: object) -> None:
    driver = started(job("a", flavor=parameter("flavor")), flavor=value)

    assert driver.commands == [QueueStep("a", FLAVORS["gpu1"])]


@pytest.mark.parametrize(("value", "code"), [("gone", "run.flavor_unknown"), (3, "run.flavor_missing")])
def test_it_fails_a_step_whose_flavor_is_not_there_and_retries_it_with_another(value: object, code: str) -> None:
    driver = started(job("a", flavor=parameter("flavor")), flavor=value)
    assert (driver.states(), driver.code("a")) == ({"a": "create_failed"}, code)

    driver.must(RetryStep("a", {"flavor": "small"}))

    assert driver.commands[-1] == QueueStep("a", FLAVORS["small"])


def test_it_dispatches_with_the_next_number_to_the_given_host() -> None:
    driver = started(job("a"))

    decision = driver.must(AssignStep("a", "t1", HOST, ("gpu-0", "gpu-1")))

    assert decision.commands == (DispatchAttempt("a", "t1", 1, HOST, ("gpu-0", "gpu-1")),)
    assert (driver.step("a").host, driver.step("a").devices) == (HOST, ("gpu-0", "gpu-1"))


def test_it_hears_a_claim_once_and_only_from_the_host_it_was_sent_to() -> None:
    driver = started(job("a"))
    token = driver.assign("a")

    assert driver.give(AttemptClaimed(token, "elsewhere")).stale
    driver.must(AttemptClaimed(token, HOST))
    assert driver.give(AttemptClaimed(token, HOST)).stale
    assert driver.give(AttemptClaimed("unknown", HOST)).stale


def test_it_hears_a_result_only_from_an_attempt_that_was_claimed() -> None:
    driver = started(job("a"))
    token = driver.assign("a")

    assert driver.give(finished(token)).stale
    assert driver.states() == {"a": "creating"}


def test_it_hears_one_result_a_step() -> None:
    driver = started(job("a"))
    token = driver.begin("a")
    driver.must(finished(token))

    assert driver.give(finished(token, "failed")).stale
    assert driver.give(AttemptLost(token)).stale
    assert driver.step("a").outputs == {"out": {"by": token}}


def test_it_lets_the_other_branches_finish_before_a_failed_run_ends() -> None:
    """a(fails) -> b ; c -> d"""
    driver = started(job("a"), job("b", ["a"]), job("c"), job("d", ["c"]))

    driver.finish("a", "failed")
    assert driver.snapshot.state is RunState.RUNNING

    driver.run_all("c", "d")
    assert driver.states() == {"a": "failed", "b": "init", "c": "completed", "d": "completed"}
    assert driver.snapshot.state is RunState.ABNORMAL


@pytest.mark.parametrize(
    ("outcome", "state", "code"),
    [
        ("failed", "failed", "run.step_failed"),
        ("timeout", "timeout", "run.step_timed_out"),
        ("cancelled", "stopped", "run.cancelled"),
    ],
)
def test_it_says_why_even_if_the_report_does_not(outcome: str, state: str, code: str) -> None:
    driver = started(job("a", minutes=2))

    driver.finish("a", outcome)

    assert (driver.states()["a"], driver.code("a")) == (state, code)


def test_it_keeps_the_reason_that_the_report_gives() -> None:
    driver = started(job("a"))
    driver.must(AttemptFinished(driver.begin("a"), "failed", reason=REASON))

    assert driver.step("a").reason == REASON


def test_it_queues_a_lost_attempt_again_and_keeps_its_place_in_line() -> None:
    driver = started(job("a"))
    ready_at = driver.step("a").ready_at
    token = driver.begin("a")
    driver.tick()

    decision = driver.must(AttemptLost(token, REASON))

    assert decision.commands[0] == ReleaseAttempt(token)
    assert isinstance(decision.commands[1], QueueStep)
    assert (driver.step("a").state, driver.step("a").ready_at) == ("pending", ready_at)
    assert driver.step("a").reason == REASON
    assert driver.give(finished(token)).stale


def test_it_gives_up_after_two_more_losses_and_says_how_the_last_came_about() -> None:
    driver = started(job("a"))

    for _ in range(3):
        driver.must(AttemptLost(driver.begin("a"), REASON))

    assert (driver.states(), driver.code("a")) == ({"a": "failed"}, "run.lost_too_often")
    assert (driver.step("a").reason or {})["params"] == {"lost": 3, "last": "The disk is full."}
    assert list(driver.attempts.values()) == [AttemptState.LOST] * 3
    assert driver.snapshot.state is RunState.ABNORMAL


def test_it_counts_losses_anew_after_a_retry_but_numbers_attempts_on() -> None:
    driver = started(job("a"))
    for _ in range(3):
        driver.must(AttemptLost(driver.begin("a"), REASON))

    driver.must(RetryStep("a", by="ann"))

    assert (driver.step("a").lost, driver.step("a").attempts) == (0, 3)
    driver.finish("a")
    assert driver.step("a").attempts == 4
    assert driver.snapshot.state is RunState.COMPLETED


@pytest.mark.parametrize("outcome", ["failed", "timeout"])
def test_it_retries_in_the_same_run_with_edited_values_and_goes_on_behind_it(outcome: str) -> None:
    """a(fails, retried) -> b"""
    driver = started(job("a"), job("b", ["a"]))
    driver.finish("a", outcome)
    assert driver.snapshot.state is RunState.ABNORMAL

    driver.must(RetryStep("a", {"flavor": "small"}))

    assert (driver.snapshot.state, driver.snapshot.fields.finished_at) == (RunState.RUNNING, None)
    assert driver.snapshot.values["flavor"] == "small"
    driver.run_all("a", "b")
    assert driver.snapshot.state is RunState.COMPLETED


def test_it_retries_one_branch_while_another_still_runs() -> None:
    driver = started(job("a"), job("b"))
    driver.begin("b")
    driver.finish("a", "failed")

    driver.must(RetryStep("a"))

    assert driver.states() == {"a": "pending", "b": "running"}


def test_it_never_retries_what_went_well_or_has_not_ended() -> None:
    driver = started(job("a"), job("b"), job("c", ["b"]))
    driver.finish("a")

    codes = [driver.give(RetryStep(name)).problem for name in ("a", "b", "c", "nobody")]

    assert [problem and problem.code for problem in codes] == ["run.step_not_retryable"] * 3 + ["run.unknown_step"]


def test_it_says_of_a_run_that_went_well_that_there_is_nothing_to_retry() -> None:
    driver = started(job("a"))
    driver.finish("a")

    refused = driver.give(RetryStep("a")).problem

    assert refused is not None
    assert (refused.code, refused.params) == ("run.nothing_to_retry", {"state": "completed"})
    assert "new run" in refused.hint


@pytest.mark.parametrize("claimed", [False, True])
def test_it_fails_a_step_whose_order_cannot_be_made(claimed: bool) -> None:
    driver = started(job("a"))
    token = driver.begin("a") if claimed else driver.assign("a")

    assert driver.give(RefuseStep("a", REASON, "older")).stale
    driver.must(RefuseStep("a", REASON, token))

    assert driver.states() == {"a": "create_failed"}
    assert driver.attempts == {token: AttemptState.FAILED}


def test_it_refuses_a_step_that_no_host_can_serve_only_while_it_waits_for_one() -> None:
    driver = started(job("a"), job("b"))
    driver.begin("b")

    driver.must(RefuseStep("a", REASON))
    problem = driver.give(RefuseStep("b", REASON)).problem

    assert driver.states() == {"a": "create_failed", "b": "running"}
    assert problem is not None
    assert problem.code == "run.step_not_placeable"


def test_it_refuses_a_token_that_another_attempt_has() -> None:
    driver = started(job("a"), job("b"))
    driver.must(AssignStep("a", "t1", HOST))

    problem = driver.give(AssignStep("b", "t1", HOST)).problem

    assert problem is not None
    assert problem.code == "run.token_in_use"
    driver.must(StopStep("a"))
    driver.must(AssignStep("b", "t2", HOST))
