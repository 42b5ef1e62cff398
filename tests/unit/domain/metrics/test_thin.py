"""Long curves are thinned without losing a spike, a gap or an end."""

from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain.metrics import MAX_POINTS, diff
from backend.domain.metrics.thin import kept_indices, thinned


def data(*curves: list[float | None]) -> dict[str, Any]:
    return {
        "x_axis": [{"title": "step", "value": list(range(len(curves[0])))}],
        "y_axis": [{"title": str(index), "value": values} for index, values in enumerate(curves)],
    }


@settings(max_examples=25)
@given(st.integers(MAX_POINTS + 1, 40_000), st.integers(0, 1000))
def test_it_keeps_ends_extremes_and_gaps_within_the_limit(count: int, seed: int) -> None:
    random = Random(seed)
    values: list[float | None] = [random.random() for _ in range(count)]
    spike, dip, gap = random.sample(range(count), 3)
    values[spike], values[dip], values[gap] = 10.0, -10.0, None
    kept = kept_indices(values)
    assert kept is not None
    assert kept == sorted(set(kept))
    assert {0, count - 1, spike, dip, gap} <= set(kept)
    assert len(kept) <= MAX_POINTS


def test_it_leaves_curves_of_up_to_the_limit_alone() -> None:
    assert kept_indices([0.0] * MAX_POINTS) is None
    whole = data([0.0] * MAX_POINTS)
    assert thinned(whole) is whole


def test_it_gives_every_thinned_curve_its_own_positions_and_tells_the_length() -> None:
    count = MAX_POINTS * 3
    rising = [float(index) for index in range(count)]
    result = thinned(data(rising, rising[::-1]))
    assert result["points"] == count
    for number, expected in enumerate((rising, rising[::-1])):
        xs, ys = result["x_axis"][number]["value"], result["y_axis"][number]["value"]
        assert ys == [expected[x] for x in xs]


def test_it_sends_a_small_change_when_a_thinned_curve_grows() -> None:
    waves = [float(index * 7919 % 1000) for index in range(MAX_POINTS * 2)]
    old, new = (
        {"key": "k", "title": "k", "type": "line chart", "data": thinned(data(waves[:n]))} for n in (7000, 7001)
    )
    (change,) = diff([old], [new])["ops"]
    assert (change["op"], change["points"]) == ("splice", 7001)
    assert sum(len(tail["value"]) for tail in change["x"] + change["y"]) < 20
