"""The reducer of a run: whatever is dropped, repeated or swapped on the way, it ends where the server is."""

import copy
import json
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pipeloom.client.view import FACTS, UNTOUCHED, FileKey, Fold, RunView

from backend.domain.metrics import diff
from backend.domain.run.events import EventType
from backend.domain.run.snapshot import UNTOUCHED as UNTOUCHED_STEP
from backend.domain.run.states import RUN_TERMINAL, STEP_TRANSITIONS
from tests.unit.domain.metrics.samples import ALL_FIVE, FLOAT, LINE, files
from tests.unit.sdk.histories import History, histories

KEY = FileKey("train", "token", "metrics", "m.json")


def stored(history: History) -> tuple[Any, ...]:
    """What the server has: every step whole, the run's own fields."""
    snapshot = history.snapshot()
    steps = {name: {**UNTOUCHED, **step} for name, step in snapshot["steps"].items()}
    return snapshot["seq"], snapshot["fields"], steps


def seen(view: RunView, history: History) -> tuple[Any, ...]:
    """The same of the view; a step that no event has touched may be missing from it."""
    fields = history.snapshot()["fields"]
    steps = {name: view.steps.get(name, dict(UNTOUCHED)) for name in history.plan.order}
    return view.seq, {name: view.run.get(name) for name in fields}, steps


@settings(max_examples=60)
@given(st.integers(0, 10_000))
def test_it_ends_where_the_server_is_after_every_history(seed: int) -> None:
    history = History(seed)
    history.go(150)
    view = RunView("run")
    for frame in json.loads(json.dumps(history.frames)):
        assert view.apply(frame) is Fold.APPLIED
    assert seen(view, history) == stored(history)


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_it_ends_there_whatever_the_connection_does_to_frames(seed: int, chaos: int) -> None:
    """Frames are dropped, repeated and swapped; a gap is healed by asking again from the view's number."""
    history = History(seed)
    history.go(100)
    random = Random(chaos)
    arriving = [frame for frame in history.frames for _ in range(random.choice([0, 1, 1, 2]))]
    for index in range(len(arriving) - 1):
        if random.random() < 0.2:
            arriving[index], arriving[index + 1] = arriving[index + 1], arriving[index]
    view = RunView("run")
    for frame in [*arriving, {"type": "ping", "seq": len(history.frames)}]:
        before = copy.deepcopy((view.seq, view.run, view.steps))
        folded = view.apply(frame)
        if folded is not Fold.APPLIED:
            assert (view.seq, view.run, view.steps) == before
        if folded is Fold.GAP:
            for missed in history.frames[view.seq :]:
                view.apply(missed)
    assert seen(view, history) == stored(history)


def test_it_goes_on_from_a_snapshot_taken_anywhere() -> None:
    history = History(7)
    history.go(40)
    snapshot = history.snapshot()
    taken = {"run": {"id": "run", **snapshot["fields"]}, "seq": snapshot["seq"], "steps": snapshot["steps"]}
    view = RunView.of(taken)
    history.go(80)
    for frame in history.frames:
        expected = Fold.DUPLICATE if frame["seq"] <= snapshot["seq"] else Fold.APPLIED
        assert view.apply(frame) is expected
    assert seen(view, history) == stored(history)


def test_it_knows_every_event_and_every_field_of_a_step() -> None:
    assert set(FACTS) == {event.value for event in EventType}
    assert set(UNTOUCHED) == set(type(UNTOUCHED_STEP).__slots__)


def test_it_is_compared_on_histories_that_reach_every_transition() -> None:
    """Without this the comparisons above could pass by never getting anywhere."""
    reached = set()
    finished = set()
    for history in histories(500):
        view = RunView("run")
        for frame in history.frames:
            if frame["step"]:
                reached.add((view.step(frame["step"])["state"], frame["type"]))
            view.apply(frame)
        finished.add(view.state)
    missing = {(state.value, event.value) for state, event in STEP_TRANSITIONS} - reached
    assert not missing
    assert {state.value for state in RUN_TERMINAL} <= finished


def metrics_frame(rev: int, **content: Any) -> dict[str, Any]:
    return {"type": "metrics", "run": "run", **KEY._asdict(), "rev": rev, "at": "now", "problem": None, **content}


@given(st.lists(files(), min_size=1, max_size=5))
def test_it_follows_a_metrics_file_by_its_changes(states: list[list[dict[str, Any]]]) -> None:
    view = RunView("run")
    before: list[dict[str, Any]] = []
    for rev, items in enumerate(states, 1):
        assert view.apply(metrics_frame(rev, delta=diff(before, items))) is Fold.APPLIED
        assert view.metrics[KEY].items == items
        before = items
    assert view.apply(metrics_frame(len(states), delta={"ops": []})) is Fold.DUPLICATE


def test_it_asks_for_a_metrics_file_whose_change_does_not_fit() -> None:
    view = RunView("run")
    view.apply(metrics_frame(1, value=ALL_FIVE))
    assert view.apply(metrics_frame(3, delta={"ops": []})) is Fold.GAP
    assert view.apply(metrics_frame(2, delta={"ops": [{"op": "remove", "key": "unknown"}]})) is Fold.GAP
    assert view.metrics[KEY].rev == 1
    view.put_metrics({**KEY._asdict(), "rev": 3, "value": [LINE], "problem": {"code": "json.torn"}})
    assert view.metrics[KEY] == (3, [LINE], {"code": "json.torn"})
    view.put_metrics({**KEY._asdict(), "rev": 2, "value": [FLOAT], "problem": None})
    assert view.metrics[KEY].rev == 3, "an answer that was overtaken is not taken"
    assert view.metrics_of("train") == [LINE]


def test_it_keeps_the_last_good_items_when_a_file_is_spoilt() -> None:
    view = RunView("run")
    view.apply(metrics_frame(1, value=[FLOAT]))
    assert view.apply(metrics_frame(2, problem={"code": "json.torn"})) is Fold.APPLIED
    assert view.metrics[KEY] == (2, [FLOAT], {"code": "json.torn"})


@pytest.mark.parametrize(("size", "attempt", "expected"), [(5, "t", 10), (15, "t", 15), (3, "u", 3)])
def test_it_lets_logs_grow_and_start_again_with_an_attempt(size: int, attempt: str, expected: int) -> None:
    view = RunView("run")
    view.apply({"type": "log_grew", "run": "run", "step": "train", "attempt": "t", "size": 10})
    view.apply({"type": "log_grew", "run": "run", "step": "train", "attempt": attempt, "size": size})
    assert view.logs["train"]["size"] == expected


def test_it_asks_again_when_the_server_is_further_and_ignores_what_it_does_not_know() -> None:
    view = RunView("run")
    assert view.apply({"type": "ping", "seq": 4}) is Fold.GAP
    assert view.apply({"type": "ping", "seq": None}) is Fold.IGNORED
    assert view.apply({"type": "resync", "run": "run", "seq": 0}) is Fold.GAP
    assert view.apply({"type": "worker", "host": "h", "online": True}) is Fold.IGNORED
    assert view.apply({"type": "from_the_future", "seq": 1}) is Fold.IGNORED
