"""The log: what it needs to be folded, and that a damaged one is noticed."""

from __future__ import annotations

import pytest

from backend.domain.run.events import Event, EventType, event_as_json, event_from_json
from backend.domain.run.fold import IllegalEventError, fold, replay
from backend.domain.run.inputs import StartRun
from backend.domain.run.machine import create, decide
from tests.unit.domain.run.building import NOON, document, job, plan_of
from tests.unit.domain.run.driving import Driver

PLAN = plan_of(document(job("a"), job("b", ["a"])))
MANY = 2_000


def finished_run() -> Driver:
    driver = Driver(PLAN)
    driver.start()
    driver.run_all("a", "b")
    return driver


def test_it_begins_with_the_creation_and_what_the_creator_tells() -> None:
    snapshot, created = create(PLAN, run_id="run-1", now=NOON, data={"by": "ann"})

    assert (snapshot.seq, snapshot.fields.created_at) == (1, NOON)
    assert created.data == {"by": "ann", "run": "run-1", "values": {}}
    assert replay(PLAN, [created]) == snapshot


def test_it_replays_a_finished_run_to_its_state() -> None:
    driver = finished_run()

    assert replay(PLAN, driver.events) == driver.snapshot
    assert replay(PLAN, driver.events[:-1]) != driver.snapshot


def test_it_gives_every_event_back_from_json() -> None:
    for event in finished_run().events:
        assert event_from_json(event_as_json(event)) == event


def test_it_refuses_a_log_that_does_not_begin_with_the_creation() -> None:
    with pytest.raises(IllegalEventError, match="begins with run_created"):
        replay(PLAN, [Event(EventType.RUN_STARTED, NOON)])


@pytest.mark.parametrize("missing", range(1, 12))
def test_it_notices_an_event_that_is_missing(missing: int) -> None:
    driver = finished_run()
    without = [event for number, event in enumerate(driver.events) if number != missing]
    quiet = {EventType.OUTPUTS_PROMOTED, EventType.RUN_FINISHED}

    if driver.events[missing].type in quiet:
        assert replay(PLAN, without) != driver.snapshot
    else:
        with pytest.raises(IllegalEventError):
            replay(PLAN, without)


def test_it_notices_an_event_that_came_twice() -> None:
    events = finished_run().events
    for number, event in enumerate(events):
        if event.type not in {EventType.RUN_CREATED, EventType.OUTPUTS_PROMOTED}:
            with pytest.raises(IllegalEventError):
                replay(PLAN, [*events[: number + 1], event, *events[number + 1 :]])


def test_it_changes_only_what_the_event_is_about() -> None:
    """Folding costs what changes: the other steps are the very same objects."""
    plan = plan_of(document(*(job(f"s{number}") for number in range(MANY))))
    snapshot, _ = create(plan, run_id="run-1", now=NOON)
    for event in decide(plan, snapshot, StartRun(), NOON).events:
        fold(plan, snapshot, event)
    before = dict(snapshot.steps)

    token = {"token": "t", "attempt": 1, "host": "h", "devices": []}
    fold(plan, snapshot, Event(EventType.STEP_DISPATCHED, NOON, "s7", token))

    assert [name for name in plan.order if snapshot.steps[name] is not before[name]] == ["s7"]
