"""What a notebook shows: drawings that are whole, escaped, and ask nobody else for anything."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pipeloom import workflow as wf
from pipeloom.notebook.dag import WIDTH, Mark, dag_svg
from pipeloom.notebook.figures import metrics_html

SVG = "{http://www.w3.org/2000/svg}"
METRICS: list[dict[str, Any]] = [
    {"key": "a", "title": "<i>accuracy", "type": "float", "data": {"value": 0.5}},
    {
        "key": "l", "title": "<i>loss", "type": "line chart",
        "data": {
            "x_axis": [{"title": "epoch<i>", "value": [1, 2, 3]}],
            "y_axis": [{"title": "train<i>", "value": [3.0, None, 1.0]}],
        },
    },
    {
        "key": "h", "title": "<i>sizes", "type": "histogram",
        "data": {
            "x_axis": [{"title": "size", "value": ["<i>s", "m"]}], "y_axis": [{"title": "count", "value": [4, -5]}],
        },
    },
    {
        "key": "c", "title": "<i>mistakes", "type": "table",
        "data": {
            "cell_value": [[5, 1], [0, 6]],
            "col_labels": {"title": "labels", "value": ["<i>cat", "dog"]},
            "row_labels": {"title": "predictions", "value": ["<i>cat", "dog"]},
        },
    },
    {
        "key": "t", "title": "<i>service", "type": "one-dimensional-table",
        "data": {"cell_value": [[10, 0.5]], "labels": ["<i>samples", "p99"]},
    },
]  # fmt: skip


def drawn(raw: dict[str, Any], marks: dict[str, Mark] | None = None) -> ElementTree.Element:
    found = ElementTree.fromstring(dag_svg(raw, marks)).find(f"{SVG}svg")
    assert found is not None
    return found


def step(name: str, *after: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "kind": "job", "depends_on": list(after), **more}


def test_it_draws_every_step_and_every_arrow() -> None:
    raw = {"name": "w", "steps": [step("a"), step("b", "a"), step("c", "a"), step("d", "b", "c")]}

    picture = drawn(raw)

    assert len(picture.findall(f"{SVG}g")) == 4
    assert len(picture.findall(f"{SVG}path")) == 4


def test_it_shows_states_and_why() -> None:
    marks = {"a": Mark("failed", "failed – <script>alert(1)</script>")}

    text = dag_svg({"name": "w", "steps": [step("a", title="<b>Train</b> & keep")]}, marks)

    assert 'class="failed"' in text
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "&lt;b&gt;Train" in text


def test_it_lives_in_dark_and_light_and_asks_nobody() -> None:
    text = dag_svg({"name": "w", "steps": [step("a")]})

    assert "prefers-color-scheme:dark" in text
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")


@given(st.lists(st.tuples(st.text(max_size=4), st.lists(st.text(max_size=4), max_size=3)), max_size=12))
def test_it_draws_whatever_document_there_is(steps: list[tuple[str, list[str]]]) -> None:
    """Circles, names that are twice and parents that are not there too: a draft may hold all of them."""
    raw = {"name": "w", "steps": [step(name.replace("\x00", ""), *after) for name, after in steps]}
    clean = [each for each in raw["steps"] if all(ord(letter) >= 32 for letter in each["name"])]

    picture = drawn({**raw, "steps": clean})

    assert len(picture.findall(f"{SVG}g")) == len(clean)


@given(st.integers(1, 12), st.randoms())
def test_it_lays_no_step_over_another(count: int, chance: Any) -> None:
    steps = [step(f"s{at}", *(f"s{other}" for other in range(at) if chance.random() < 0.3)) for at in range(count)]

    places = [
        tuple(float(part) for part in group.attrib["transform"][10:-1].split())
        for group in drawn({"name": "w", "steps": steps}).findall(f"{SVG}g")
    ]

    for at, (x, y) in enumerate(places):
        assert all(abs(x - other) >= WIDTH or y != below for other, below in places[at + 1 :])


def test_it_draws_a_workflow_that_a_program_made() -> None:
    first = wf.steps.JobStep(name="first", title="数据标注", algorithm=wf.BaseAlgorithm(command="true"))

    text = wf.Workflow(name="w", steps=first)._repr_html_()

    assert "数据标注" in text


@pytest.mark.parametrize("item", METRICS, ids=lambda each: each["type"])
def test_it_draws_each_type_of_metric_without_plotly(item: dict[str, Any]) -> None:
    text = metrics_html([item], plotly=False)

    ElementTree.fromstring(f"<x>{text.replace('&nbsp;', ' ')}</x>")
    assert "<i>" not in text
    assert "&lt;i&gt;" in text


def test_it_draws_them_with_plotly_where_it_is_installed() -> None:
    text = metrics_html(METRICS, plotly=True)

    assert text.count("Plotly.newPlot(") == len(METRICS)
    assert text.count("plotly.js v") == 1, "the library is in it once"
    assert "<i>" not in text[text.rindex("plotly.js v") :].partition("</script>")[2]


def test_it_leaves_gaps_open_and_marks_points_that_stand_alone() -> None:
    line = next(each for each in METRICS if each["type"] == "line chart")

    own, plotly = metrics_html([line], plotly=False), metrics_html([line], plotly=True)

    assert own.count("<circle") == 2
    assert "<polyline" not in own
    assert '"mode":"lines+markers"' in plotly


def test_it_is_read_in_notebooks_of_either_scheme() -> None:
    """What a saved notebook holds is opened in the light and in the dark: no ground of its own."""
    for each in METRICS:
        drawn = metrics_html([each], plotly=True)
        assert '"paper_bgcolor":"rgba(0,0,0,0)"' in drawn
        assert '"plot_bgcolor":"rgba(0,0,0,0)"' in drawn
