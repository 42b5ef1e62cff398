"""Stop, for a run and for a step: first come, first served, and nothing begins afterwards."""

from __future__ import annotations

import pytest

from backend.domain.run.commands import CancelAttempt, FinishRun, ReleaseAttempt
from backend.domain.run.inputs import (
    AssignStep,
    AttemptClaimed,
    AttemptLost,
    ForceStopped,
    RefuseStep,
    RetryStep,
    StartRun,
    StopRun,
    StopStep,
)
from backend.domain.run.states import AttemptState, RunState
from tests.unit.domain.run.building import document, job, placeholder, plan_of
from tests.unit.domain.run.driving import HOST, Driver, finished

REASON = {"code": "step.failed", "params": {}, "message": "It failed.", "hint": ""}


def started(*steps: dict[str, object]) -> Driver:
    later = placeholder("later", "INT", delay=True)
    driver = Driver(plan_of(document(*steps, parameters=[later])))
    driver.start()
    return driver


def test_it_stops_what_has_begun_and_leaves_the_rest_untouched() -> None:
    driver = started(job("waits", uses=["later"]), job("queued"), job("sent"), job("runs"), job("next", ["runs"]))
    sent = driver.assign("sent")
    token = driver.begin("runs")

    decision = driver.must(StopRun("ann"))

    assert driver.states() == {
        "waits": "stopped",
        "queued": "stopped",
        "sent": "stopped",
        "runs": "stopping",
        "next": "init",
    }
    assert (driver.snapshot.state, driver.snapshot.stop_requested) == (RunState.RUNNING, True)
    assert set(decision.commands) == {ReleaseAttempt(sent), CancelAttempt(token)}
    assert driver.give(AttemptClaimed(sent, HOST)).stale

    decision = driver.must(finished(token, "cancelled"))
    assert driver.snapshot.state is RunState.STOPPED
    assert decision.commands == (ReleaseAttempt(token), FinishRun(RunState.STOPPED))
    assert (driver.step("runs").reason or {})["params"] == {"by": "ann"}


def test_it_keeps_a_result_that_was_committed_before_the_stop() -> None:
    driver = started(job("a"), job("b", ["a"]))
    token = driver.begin("a")
    driver.must(finished(token))

    driver.must(StopRun())

    assert driver.states() == {"a": "completed", "b": "stopped"}
    assert driver.snapshot.state is RunState.STOPPED


@pytest.mark.parametrize("outcome", ["succeeded", "failed", "timeout", "cancelled"])
def test_it_stays_stopped_whatever_the_attempt_says_after_the_stop(outcome: str) -> None:
    driver = started(job("a"), job("b", ["a"]))
    token = driver.begin("a")
    driver.must(StopStep("a", "ann"))

    driver.must(finished(token, outcome))

    assert driver.states() == {"a": "stopped", "b": "init"}
    assert driver.attempts == {token: AttemptState.CANCELLED}
    assert driver.step("a").outputs == {}
    assert driver.code("a") == "run.stopped_by_user"


@pytest.mark.parametrize(
    "ending",
    [AttemptLost("a#1", REASON), ForceStopped("a#1"), RefuseStep("a", REASON, "a#1")],
    ids=["lost", "forced", "refused"],
)
def test_it_is_stopped_however_the_stopping_ends(ending: object) -> None:
    driver = started(job("a"))
    driver.begin("a")
    driver.must(StopRun())

    driver.must(ending)  # type: ignore[arg-type]

    assert driver.states() == {"a": "stopped"}
    assert driver.snapshot.state is RunState.STOPPED
    assert driver.give(finished("a#1")).stale


def test_it_lets_other_branches_finish_when_one_step_is_stopped() -> None:
    driver = started(job("a"), job("b"))
    driver.must(StopStep("a"))
    assert driver.snapshot.state is RunState.RUNNING

    driver.finish("b")

    assert driver.snapshot.state is RunState.STOPPED


def test_it_calls_a_run_abnormal_when_one_step_failed_and_another_was_stopped() -> None:
    driver = started(job("a"), job("b"))
    driver.finish("b", "failed")

    driver.must(StopStep("a"))

    assert driver.snapshot.state is RunState.ABNORMAL


def test_it_stops_a_run_that_never_began() -> None:
    driver = Driver(plan_of(document(job("a"))))

    driver.must(StopRun())

    assert driver.snapshot.state is RunState.STOPPED
    assert driver.give(StartRun()).stale
    assert driver.states() == {"a": "init"}


def test_it_takes_a_second_stop_for_an_echo_and_refuses_one_that_comes_too_late() -> None:
    driver = started(job("a"))
    token = driver.begin("a")
    driver.must(StopRun())

    assert driver.give(StopRun()).stale
    assert driver.give(StopStep("a")).stale

    driver.must(finished(token, "cancelled"))
    late = [driver.give(StopRun()).problem, driver.give(StopStep("a")).problem]
    assert [problem and problem.code for problem in late] == ["run.already_finished", "run.step_not_stoppable"]


def test_it_begins_nothing_between_a_stop_and_the_end() -> None:
    driver = started(job("a"), job("b"))
    driver.begin("a")
    driver.must(StopRun())

    refused = [driver.give(AssignStep("b", "t", HOST)).problem, driver.give(RetryStep("b")).problem]

    assert [problem and problem.code for problem in refused] == ["run.being_stopped", "run.being_stopped"]


def test_it_can_go_on_after_a_stop_by_retrying_what_was_stopped() -> None:
    driver = started(job("a"), job("b", ["a"]))
    driver.must(StopRun())

    driver.must(RetryStep("a"))

    assert (driver.snapshot.state, driver.snapshot.stop_requested) == (RunState.RUNNING, False)
    driver.run_all("a", "b")
    assert driver.snapshot.state is RunState.COMPLETED
