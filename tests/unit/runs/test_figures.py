"""The Plotly figure of each metric: drawable, strict JSON, and no markup out of what users write."""

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given

from backend.apps.runs.figures import figure, figures
from tests.unit.domain.metrics.samples import ALL_FIVE, BARS, LINE, ROW, TABLE, files

EVIL = '<a href="javascript:alert(1)">x</a> & $\\href{javascript:alert(1)}{x}$'


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from texts(part)


def strict(value: Any) -> Any:
    return json.loads(json.dumps(value, allow_nan=False))


def test_it_draws_each_type_in_its_own_way() -> None:
    drawn = figures(ALL_FIVE)
    assert [entry["key"] for entry in drawn] == [item["key"] for item in ALL_FIVE]
    kinds = [entry["figure"]["data"][0]["type"] for entry in drawn]
    assert kinds == ["indicator", "scatter", "bar", "heatmap", "table"]


@given(files())
def test_it_makes_strict_json_without_markup_of_any_metrics(items: list[dict[str, Any]]) -> None:
    for entry in figures(items):
        drawn = strict(entry["figure"])
        assert drawn["config"]["typesetMath"] is False
        assert not any("<" in text or ">" in text for text in texts(drawn))


def test_it_escapes_every_label_that_a_user_can_write() -> None:
    evil = json.loads(json.dumps(ALL_FIVE).replace("daisy", "d").replace('"0"', json.dumps(EVIL)))
    for item in evil:
        item["title"] = EVIL
        for axis in item["data"].get("x_axis", []) + item["data"].get("y_axis", []):
            axis["title"] = EVIL
        for name in ("row_labels", "col_labels"):
            if name in item["data"]:
                item["data"][name] = {"title": EVIL, "value": [EVIL, "b"]}
        if "labels" in item["data"]:
            item["data"] = {"labels": [EVIL], "cell_value": [[EVIL]]}
    for entry in figures(evil):
        found = list(texts(strict(entry["figure"])))
        assert not any("<" in text or ">" in text for text in found)
        assert any("&lt;a href" in text for text in found), entry["key"]


def test_it_draws_one_trace_a_curve_each_over_its_own_positions() -> None:
    xs = [{"title": "e", "value": [1, 2]}, {"title": "f", "value": [1, 2, 3]}]
    ys = [{"title": "a", "value": [5, None]}, {"title": "b", "value": [1, 2, 3]}]
    drawn = strict(figure({**LINE, "data": {"x_axis": xs, "y_axis": ys}}))
    assert [(trace["x"], trace["y"]) for trace in drawn["data"]] == [([1, 2], [5, None]), ([1, 2, 3], [1, 2, 3])]
    assert drawn["layout"]["showlegend"] is True


def test_it_lets_plotly_guess_no_axis() -> None:
    """Names that look like dates or numbers stay names."""
    dates = {"x_axis": [{"title": "d", "value": ["2024-01", "2024-02"]}], "y_axis": [{"title": "n", "value": [1, 2]}]}
    assert strict(figure({**BARS, "data": dates}))["layout"]["xaxis"]["type"] == "category"
    assert strict(figure(LINE))["layout"]["xaxis"]["type"] == "linear"


def test_it_keeps_bars_and_rows_of_the_same_name_apart() -> None:
    same = {"x_axis": [{"title": "d", "value": ["a", "a"]}], "y_axis": [{"title": "n", "value": [1, 2]}]}
    drawn = strict(figure({**BARS, "data": same}))
    assert drawn["data"][0]["x"] == [0, 1]
    assert drawn["layout"]["xaxis"]["ticktext"] == ["a", "a"]
    labels = {"title": "t", "value": ["a", "a"]}
    table = strict(figure({**TABLE, "data": {**TABLE["data"], "row_labels": labels, "col_labels": labels}}))
    assert (table["data"][0]["x"], table["data"][0]["y"]) == ([0, 1], [0, 1])


def test_it_puts_the_first_prediction_on_top_and_counts_into_the_cells() -> None:
    drawn = strict(figure(TABLE))
    assert drawn["layout"]["yaxis"]["autorange"] == "reversed"
    assert drawn["layout"]["yaxis"]["title"]["text"] == "predictions"
    assert drawn["data"][0]["text"] == [["1", "2"], ["2", "3"]]
    size = 31
    names = {"title": "n", "value": [str(index) for index in range(size)]}
    cells = [[1] * size for _ in range(size)]
    large = figure({**TABLE, "data": {"cell_value": cells, "row_labels": names, "col_labels": names}})
    assert "text" not in large["data"][0], "nobody could read 961 numbers"


def test_it_turns_the_rows_of_a_table_into_columns() -> None:
    drawn = strict(figure({**ROW, "data": {"labels": ["n", "v"], "cell_value": [["a", 0.25], ["b", None]]}}))
    assert drawn["data"][0]["cells"]["values"] == [["a", "b"], ["0.25", "–"]]
