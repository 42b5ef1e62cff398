"""Which facts are told: the whole table, and promises that hold for any course of a run."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain.run.events import Event, EventType
from backend.domain.run.inputs import AttemptFinished, AttemptLost, RetryStep, StopRun, StopStep
from backend.domain.run.news import News, Occasion, event_key, news_of, noteworthy, of_the_whole, settles
from backend.domain.run.states import RUN_TRANSITIONS, STEP_TRANSITIONS, RunState, StepState
from tests.unit.domain.run.building import Json, plan_of
from tests.unit.domain.run.driving import Driver
from tests.unit.domain.run.workflows import workflows

TOLD_OF_STEPS = {
    "wait_inputs": "waiting",
    "completed": "success",
    "failed": "abnormal",
    "create_failed": "abnormal",
    "timeout": "abnormal",
}
TOLD_OF_RUNS = {"completed": "success", "abnormal": "abnormal"}
TELLING = {EventType.STEP_WAITING, EventType.STEP_FINISHED, EventType.STEP_REUSED}


@pytest.mark.parametrize(
    ("kind", "state"),
    sorted({(event, state) for (_, event), targets in STEP_TRANSITIONS.items() for state in targets}),
)
def test_it_tells_of_a_step_what_the_table_says_and_nothing_else(kind: EventType, state: StepState) -> None:
    found = news_of(kind.value, "a", {"state": state.value})
    expected = TOLD_OF_STEPS.get(state.value) if kind in TELLING else None
    assert (found.occasion.value if found else None) == expected
    assert found is None or (found.step, found.state) == ("a", state.value)


@pytest.mark.parametrize(
    ("kind", "state"),
    sorted({(event, state) for (_, event), targets in RUN_TRANSITIONS.items() for state in targets}),
)
def test_it_tells_of_a_run_how_it_ended_unless_it_was_stopped(kind: EventType, state: RunState) -> None:
    step = "a" if kind is EventType.STEP_RETRIED else None
    found = news_of(kind.value, step, {"state": state.value})
    expected = TOLD_OF_RUNS.get(state.value) if kind is EventType.RUN_FINISHED else None
    assert (found.occasion.value if found else None) == expected


@pytest.mark.parametrize("kind", EventType)
def test_it_looks_at_every_fact_that_tells_or_settles(kind: EventType) -> None:
    step = None if kind.value.startswith("run_") else "a"
    data = {"state": "completed"}
    assert noteworthy(kind.value, step, data) == (settles(kind.value) or news_of(kind.value, step, data) is not None)


def test_it_tells_those_who_follow_the_whole_only_that_it_waits_and_how_it_ended() -> None:
    waits = News(Occasion.WAITING, "a", "wait_inputs")
    assert of_the_whole(waits) == News(Occasion.WAITING, None, "wait_inputs")
    assert of_the_whole(News(Occasion.ABNORMAL, "a", "failed")) is None
    assert of_the_whole(News(Occasion.SUCCESS, None, "completed")) is None


def test_it_knows_one_event_of_a_whole_run_a_round_and_every_fact_of_a_step() -> None:
    whole, step = News(Occasion.WAITING, None, "wait_inputs"), News(Occasion.WAITING, "a", "wait_inputs")
    assert event_key("r", 5, whole, rounds=0) == event_key("r", 9, whole, rounds=0)
    assert event_key("r", 5, whole, rounds=0) != event_key("r", 9, whole, rounds=1)
    assert event_key("r", 5, step, rounds=0) != event_key("r", 9, step, rounds=0)
    assert event_key("r", 5, step, rounds=0) != event_key("s", 5, step, rounds=0)


# Any course --------------------------------------------------------------------------------------------------------

COURSES = st.lists(st.sampled_from(["go", "fail", "lose", "stop_step", "retry"]), max_size=40)


def told(driver: Driver) -> list[tuple[int, Event, News]]:
    found = [(seq, each, news_of(each.type, each.step, each.data)) for seq, each in enumerate(driver.events, start=1)]
    return [(seq, each, news) for seq, each, news in found if news is not None]


def walk(driver: Driver, what: str, data: st.DataObject) -> None:
    """One thing that may happen, to a step for which it may."""
    if what == "stop_step" and (open_ones := driver.in_state(StepState.PENDING, StepState.RUNNING)):
        driver.give(StopStep(data.draw(st.sampled_from(sorted(open_ones))), "u"))
    elif what == "retry" and (over := driver.in_state(StepState.FAILED, StepState.STOPPED)):
        driver.give(RetryStep(data.draw(st.sampled_from(sorted(over))), {}, "u"))
    elif pending := driver.in_state(StepState.PENDING):
        token = driver.begin(data.draw(st.sampled_from(sorted(pending))))
        if what == "lose":
            driver.give(AttemptLost(token, None))
        else:
            driver.give(AttemptFinished(token, "failed" if what == "fail" else "succeeded", {}, {}, None, 0))


@settings(deadline=None)
@given(raw=workflows(), course=COURSES, data=st.data())
def test_it_tells_of_a_whole_run_each_occasion_once_a_round(raw: Json, course: list[str], data: st.DataObject) -> None:
    driver = Driver(plan_of(raw))
    driver.start()
    for what in course:
        walk(driver, what, data)
    endings = [seq for seq, each in enumerate(driver.events, start=1) if each.type is EventType.RUN_FINISHED]
    whole = [(seq, news) for seq, _, news in told(driver) if news.step is None]
    keys = [event_key("r", seq, news, rounds=sum(end < seq for end in endings)) for seq, news in whole]
    assert len(keys) == len(set(keys))
    assert len(whole) <= len(endings)


@settings(deadline=None)
@given(raw=workflows(), course=COURSES, data=st.data())
def test_it_tells_nothing_that_a_person_stopped(raw: Json, course: list[str], data: st.DataObject) -> None:
    driver = Driver(plan_of(raw))
    driver.start()
    for what in course:
        walk(driver, what, data)
    before = len(driver.events)
    driver.give(StopRun("u"))
    for token in [token for token, state in driver.attempts.items() if state.value in {"dispatched", "running"}]:
        driver.give(AttemptFinished(token, "cancelled", {}, {}, None, 0))
    after: list[Any] = [news for seq, _, news in told(driver) if seq > before]
    # What had failed before has been told then; the end of the run says so only where nobody had to stop anything.
    assert all(news.step is None and news.occasion is Occasion.SUCCESS for news in after)


@settings(deadline=None)
@given(raw=workflows(), lost=st.integers(0, 3))
def test_it_tells_of_losses_only_when_no_attempt_follows(raw: Json, lost: int) -> None:
    driver = Driver(plan_of(raw))
    driver.start()
    for _ in range(lost):
        pending = sorted(driver.in_state(StepState.PENDING))
        if pending:
            driver.give(AttemptLost(driver.begin(pending[0]), None))
    for _, event, news in told(driver):
        if event.type is EventType.STEP_FINISHED and news.occasion is Occasion.ABNORMAL:
            assert event.data["state"] == "failed"
            if event.data["reason"]["code"].startswith("condition."):
                # It never began: what it was to be decided by is not there.
                continue
            assert driver.step(str(event.step)).lost > driver.plan.steps[str(event.step)].max_lost
