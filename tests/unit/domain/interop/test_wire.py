"""ModelArts wire JSON, both ways."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.design.canonical import canonical_bytes
from backend.domain.design.check import check
from backend.domain.design.load import parse_document
from backend.domain.interop.wire_export import wire_from_document
from backend.domain.interop.wire_import import document_from_wire, looks_like_wire
from tests.unit.domain.design.documents import documents
from tests.unit.domain.design.golden import VALID, resolves, valid
from tests.unit.domain.design.test_limits import calls as counted

Raw = dict[str, Any]

WIRE: Raw = {
    "name": "flowers",
    "description": "Release, train, register",
    "parameters": [
        {"name": "wanted", "type": "bool", "default": "true", "delay": False, "used_steps": ["choose"]},
        {"name": "ratio", "type": "str", "default": "0.8", "delay": False, "used_steps": ["release"]},
        {"name": "epochs", "type": "int", "default": 3, "delay": False, "used_steps": ["train"]},
        {
            "name": "train_flavor",
            "type": "json",
            "format": "train_flavor",
            "constraint": '{"flavor_type": ["GPU"]}',
            "used_steps": ["train"],
        },
    ],
    "data_requirements": [{"name": "flowers", "type": "dataset", "delay": False, "used_steps": ["release"]}],
    "data": [{"name": "weights", "type": "obs", "value": {"obs_url": "/default/weights/"}}],
    "storages": [{"name": "results", "type": "obs", "path": "/default/results/"}],
    "steps": [
        {
            "name": "choose",
            "type": "condition",
            "title": "choose",
            "conditions": [{"type": "==", "left": "$ref/parameters/wanted", "right": True}],
            "if_then_steps": ["release"],
            "else_then_steps": [],
            "depend_steps": [],
        },
        {
            "name": "release",
            "type": "release_dataset",
            "inputs": [{"name": "in", "type": "dataset", "data": "$ref/data_requirements/flowers"}],
            "outputs": [{"name": "version", "type": "dataset"}],
            "properties": {"train_evaluate_sample_ratio": "$ref/parameters/ratio", "label_task_type": 0},
            "policy": {"poll_interval_seconds": "5", "max_execution_minutes": "60"},
            "depend_steps": ["choose"],
        },
        {
            "name": "train",
            "type": "job",
            "inputs": [
                {"name": "data_url", "type": "dataset", "data": "$ref/consumptions/release/version"},
                {"name": "weights", "type": "obs", "data": "$ref/data/weights"},
            ],
            "outputs": [
                {
                    "name": "train_url",
                    "type": "obs",
                    "config": {"obs_url": "$ref/storages(with_execution_id=True, create_dir=True)/results/model"},
                }
            ],
            "properties": {
                "kind": "job",
                "metadata": {"name": "workflow-1"},
                "spec": {"resource": {"node_count": 1, "policy": "regular", "flavor": "$ref/parameters/train_flavor"}},
                "algorithm": {
                    "subscription_id": "s",
                    "item_version_id": "10.0.0",
                    "parameters": [{"name": "epochs", "value": "$ref/parameters/epochs"}],
                },
            },
            "depend_steps": ["release"],
        },
    ],
    "policy": {"scenes": [{"name": "only training", "steps": ["train"]}]},
    "sub_graphs": [{"name": "data", "steps": ["release"]}],
}


def written(raw: Raw) -> Raw:
    document, problems = parse_document(raw)
    assert document is not None, problems
    return wire_from_document(document).raw


def read(wire: Raw) -> Raw:
    return document_from_wire(wire).raw


def test_it_reads_a_workflow_that_then_checks_clean() -> None:
    done = document_from_wire(WIRE)

    told = [(each.code, each.path) for each in done.report.notes]
    assert told == [("interop.approximated", "/parameters/0/default")]
    assert [each for each in check(done.raw) if each.severity == "error"] == []
    train = done.raw["steps"][2]
    assert train["inputs"][0]["data"] == {"$output": {"step": "release", "output": "version"}}
    assert train["outputs"][0]["config"]["obs_path"]["$storage"]["with_execution_id"] is True
    assert done.raw["steps"][1]["outputs"][0]["config"]["label_task_type"] == "IMAGE_CLASSIFICATION"
    assert done.raw["parameters"][0]["default"] is True
    assert done.raw["parameters"][1]["default"] == "0.8"


def test_it_says_what_it_cannot_take_over() -> None:
    wire = copy.deepcopy(WIRE)
    wire["smn_switch"] = True
    wire["steps"][2]["inputs"][1]["data"] = "$ref/nothing/known"

    told = {(each.code, each.path) for each in document_from_wire(wire).report.notes}

    assert ("interop.dropped", "/smn_switch") in told
    assert ("interop.unknown_reference", "/steps/2/inputs/1/data") in told


def test_it_knows_whose_file_it_is() -> None:
    assert looks_like_wire(WIRE)
    assert not any(looks_like_wire(valid(name)) for name in VALID)
    assert not any(looks_like_wire(other) for other in (None, [], {}, {"steps": 1}, {"steps": [1]}))


@pytest.mark.parametrize("name", VALID)
def test_what_was_written_once_is_written_alike_for_ever(name: str) -> None:
    wire = written(valid(name))

    again = read(wire)

    assert [each for each in check(again) if each.severity == "error"] == []
    assert canonical_bytes(written(again)) == canonical_bytes(wire)


@given(documents())
def test_any_document_goes_there_and_back(raw: Raw) -> None:
    wire = written(raw)

    again = read(wire)

    assert check(again) == []
    assert canonical_bytes(written(again)) == canonical_bytes(wire)
    assert [step["depends_on"] for step in again["steps"]] == [step["depends_on"] for step in raw["steps"]]


def test_it_says_what_the_wire_cannot_say_of_runs_of_other_workflows_and_of_reuse() -> None:
    document, _ = parse_document(valid("nested"))
    assert document is not None
    done = wire_from_document(document)

    told = {(each.code, each.path) for each in done.report.notes}

    assert {("interop.approximated", "/steps/0/kind"), ("interop.approximated", "/steps/1/kind")} <= told
    assert ("interop.dropped", "/steps/1/policy/reuse") in told
    assert "reuse" not in done.raw["steps"][1]["policy"]
    assert done.raw["steps"][3]["outputs"][0]["config"]["metric_file"] == "metrics.json"
    assert read(done.raw)["steps"][3]["outputs"][0]["config"]["metric_file"] == "metrics.json"


def test_the_report_points_at_what_is_there() -> None:
    for name in VALID:
        document, _ = parse_document(valid(name))
        assert document is not None
        assert all(resolves(valid(name), each.path) for each in wire_from_document(document).report.notes)


JUNK = st.sampled_from(
    [None, True, 0, -1.5, "", "$ref/", "$ref/parameters/", "$ref/storages(x)/a/b", [], {}, [[]], [None]]
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield from places(member, (*path, key))


PLACES = [place for place in places(WIRE) if place]


@given(st.lists(st.tuples(st.sampled_from(PLACES), JUNK), min_size=1, max_size=4))
def test_it_reads_whatever_is_broken(broken: list[tuple[tuple[Any, ...], Any]]) -> None:
    wire = copy.deepcopy(WIRE)
    for place, junk in broken:
        at: Any = wire
        try:
            for key in place[:-1]:
                at = at[key]
            at[place[-1]] = copy.deepcopy(junk)
        except (TypeError, KeyError, IndexError):
            continue

    done = document_from_wire(wire)

    assert all(each.message and each.hint for each in done.report.notes)
    check(done.raw)
    document, _ = parse_document(done.raw)
    if document is not None:
        wire_from_document(document)


def test_it_takes_time_in_proportion_to_the_size() -> None:
    def calls(steps: int) -> int:
        wire = {**WIRE, "steps": [{**WIRE["steps"][2], "name": f"step{at}"} for at in range(steps)]}
        raw = read(wire)
        document, _ = parse_document(raw)
        assert document is not None
        return counted(lambda: document_from_wire(wire)) + counted(lambda: wire_from_document(document))

    assert calls(800) < 4.5 * calls(200)
