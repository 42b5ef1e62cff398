"""What is sent while a chart grows: short, and always leading to the same items."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given

from backend.domain.metrics import apply_delta, diff, is_empty
from tests.unit.domain.metrics.samples import ALL_FIVE, FLOAT, LINE, TABLE, files


@given(files(), files())
def test_it_leads_from_any_metrics_to_any_others(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> None:
    before = copy.deepcopy(old)
    delta = json.loads(json.dumps(diff(old, new), allow_nan=False))
    assert apply_delta(old, delta) == new
    assert old == before, "what was there is not changed in place"
    assert is_empty(delta) == (old == new)


@given(files(), files(), files())
def test_it_leads_through_a_chain_of_changes(
    first: list[dict[str, Any]], second: list[dict[str, Any]], third: list[dict[str, Any]]
) -> None:
    assert apply_delta(apply_delta(first, diff(first, second)), diff(second, third)) == third


def curve(*values: float) -> dict[str, Any]:
    x_axis = [{"title": "epoch", "value": list(range(len(values)))}]
    return {**LINE, "data": {"x_axis": x_axis, "y_axis": [{"title": "train", "value": list(values)}]}}


def test_it_sends_only_the_new_points_of_a_growing_curve() -> None:
    old, new = curve(*range(500)), curve(*range(501))
    assert diff([old, TABLE], [new, TABLE]) == {
        "ops": [
            {
                "op": "splice",
                "key": "loss",
                "x": [{"at": 500, "value": [500]}],
                "y": [{"at": 500, "value": [500]}],
            }
        ]
    }


def test_it_sends_the_whole_when_most_of_a_curve_changed() -> None:
    new = curve(*range(100, 120))
    new["data"]["x_axis"][0]["value"][0] = 7
    assert diff([curve(*range(10))], [new]) == {"ops": [{"op": "set", "item": new}]}


def test_it_sends_shortened_curves_renamed_axes_and_new_order() -> None:
    shorter = diff([curve(1, 2, 3, 4)], [curve(1, 2)])
    assert shorter["ops"][0]["y"] == [{"at": 2, "value": []}]
    renamed = {**LINE, "title": "Other"}
    assert diff([LINE], [renamed])["ops"] == [{"op": "set", "item": renamed}]
    assert diff(ALL_FIVE, ALL_FIVE[::-1]) == {"ops": [], "order": [item["key"] for item in ALL_FIVE[::-1]]}


@pytest.mark.parametrize(
    "delta",
    [
        {"ops": [{"op": "remove", "key": "nothing"}]},
        {"ops": [{"op": "invent", "key": "accuracy"}]},
        {"ops": [{"op": "splice", "key": "loss", "x": [], "y": []}]},
        {"ops": [{"op": "splice", "key": "loss", "x": [{"at": 9, "value": []}], "y": [{"at": 0, "value": []}]}]},
        {"ops": [], "order": ["accuracy"]},
    ],
)
def test_it_refuses_a_change_that_does_not_fit(delta: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        apply_delta([FLOAT, LINE], delta)
