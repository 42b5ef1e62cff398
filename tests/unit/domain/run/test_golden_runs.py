"""Recorded runs come out the same today: from their inputs, and from their events alone."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from backend.domain.design.load import parse_document
from backend.domain.run.events import event_as_json, event_from_json
from backend.domain.run.machine import create, decide, fold, replay
from backend.domain.run.part import part_from_json
from backend.domain.run.plan import Plan, make_plan
from backend.domain.run.resources import Resources
from backend.domain.run.snapshot import snapshot_as_json, step_as_json, step_from_json
from tests.unit.domain.run.golden_runs import FOLDER, SCENARIOS, as_text, input_from_json, recorded

FILES = sorted(FOLDER.glob("*.json"))


def read(name: str) -> tuple[Plan, dict[str, Any]]:
    golden = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    document, problems = parse_document(golden["document"])
    assert document is not None, problems
    flavors = {flavor: Resources(**size) for flavor, size in golden["flavors"].items()}
    part = part_from_json(golden["part"]) if "part" in golden else None
    return make_plan(document, golden["values"], flavors=flavors, part=part), golden


def test_it_has_a_file_for_every_recorded_run() -> None:
    assert {path.stem for path in FILES} == set(SCENARIOS)


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_it_still_decides_as_recorded(name: str) -> None:
    plan, golden = read(name)
    events = [event_from_json(raw) for raw in golden["events"]]
    snapshot, created = create(plan, run_id=events[0].data["run"], now=events[0].at)
    told = [created]

    for given in golden["inputs"]:
        decision = decide(plan, snapshot, input_from_json(given["input"]), datetime.fromisoformat(given["at"]))
        for event in decision.events:
            fold(plan, snapshot, event)
            told.append(event)

    assert [json.loads(json.dumps(event_as_json(event))) for event in told] == golden["events"]
    assert json.loads(json.dumps(snapshot_as_json(snapshot))) == golden["snapshot"]


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_it_folds_recorded_events_to_the_recorded_state(name: str) -> None:
    plan, golden = read(name)

    snapshot = replay(plan, [event_from_json(raw) for raw in golden["events"]])

    assert json.loads(json.dumps(snapshot_as_json(snapshot))) == golden["snapshot"]
    assert snapshot.seq == len(golden["events"])
    for step in snapshot.steps.values():
        assert step_from_json(json.loads(json.dumps(step_as_json(step)))) == step


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_it_writes_the_same_bytes_again(name: str) -> None:
    assert as_text(recorded(name)) == (FOLDER / f"{name}.json").read_text(encoding="utf-8")
