"""Renaming: every reference follows, values that look like references do not."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from backend.domain.design.check import check
from backend.domain.design.rename import rename_data, rename_output, rename_parameter, rename_step, rename_storage
from tests.unit.domain.design.golden import valid

Raw = dict[str, Any]


@pytest.mark.parametrize(
    ("name", "rename", "old", "places"),
    [
        ("digits", lambda raw: rename_step(raw, "train", "fresh"), '"train"', 4),
        ("branches", lambda raw: rename_step(raw, "a", "fresh"), '"a"', 4),
        ("branches", lambda raw: rename_step(raw, "choose", "fresh"), '"choose"', 3),
        ("every_construct", lambda raw: rename_step(raw, "work", "fresh"), '"work"', 6),
        ("branches", lambda raw: rename_output(raw, "b", "out", "fresh"), '"out"', 2),
        ("digits", lambda raw: rename_output(raw, "train", "metrics", "fresh"), '"metrics"', 2),
        ("digits", lambda raw: rename_parameter(raw, "epochs", "fresh"), '"epochs"', 2),
        ("every_construct", lambda raw: rename_parameter(raw, "kept_name", "fresh"), '"kept_name"', 2),
        ("digits", lambda raw: rename_data(raw, "raw", "fresh"), '"raw"', 2),
        ("digits", lambda raw: rename_storage(raw, "runs", "fresh"), '"runs"', 4),
    ],
)
def test_every_reference_follows(name: str, rename: Callable[[Raw], Raw], old: str, places: int) -> None:
    before = valid(name)
    untouched = copy.deepcopy(before)

    after = rename(before)

    assert before == untouched
    assert check(after) == []
    assert json.dumps(after).count('"fresh"') == places
    assert json.dumps(before).count(old) - json.dumps(after).count(old) == places


def test_values_that_look_like_references_stay() -> None:
    raw = valid("every_construct")

    after = rename_parameter(rename_parameter(raw, "not a reference", "x"), "not a reference here", "x")

    assert after == raw


def test_outputs_of_other_steps_keep_their_name() -> None:
    after = rename_output(valid("branches"), "b", "out", "fresh")

    assert after["steps"][1]["outputs"][0]["name"] == "out"
    assert after["steps"][3]["inputs"][0]["data"]["$any_of"][0]["$output"]["output"] == "out"


@pytest.mark.parametrize(
    "raw", [{}, {"steps": None}, {"steps": [1, {"properties": 3, "depends_on": "x"}]}, {"scenes": [1], "parameters": 2}]
)
def test_it_takes_unfinished_documents(raw: Raw) -> None:
    for rename in (rename_step, rename_parameter, rename_data, rename_storage):
        assert isinstance(rename(raw, "a", "b"), dict)
