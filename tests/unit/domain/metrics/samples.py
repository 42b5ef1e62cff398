"""Metrics as people write them, and Hypothesis strategies for items in the stable form."""

from typing import Any

from hypothesis import strategies as st

FLOAT = {"key": "accuracy", "title": "Accuracy", "type": "float", "data": {"value": 0.9}}
LINE = {
    "key": "loss",
    "title": "Loss",
    "type": "line chart",
    "data": {"x_axis": [{"title": "epoch", "value": [1, 2]}], "y_axis": [{"title": "train", "value": [0.5, 0.4]}]},
}
BARS = {
    "key": "recall",
    "title": "Recall",
    "type": "histogram",
    "data": {"x_axis": [{"title": "digit", "value": ["0", "1"]}], "y_axis": [{"title": "recall", "value": [0.9, 1]}]},
}
TABLE = {
    "key": "confusion",
    "title": "Confusion",
    "type": "table",
    "data": {
        "cell_value": [[1, 2], [2, 3]],
        "col_labels": {"title": "labels", "value": ["daisy", "dandelion"]},
        "row_labels": {"title": "predictions", "value": ["daisy", "dandelion"]},
    },
}
ROW = {
    "key": "summary",
    "title": "Summary",
    "type": "one-dimensional-table",
    "data": {"cell_value": [[10, 2, 0.5]], "labels": ["samples", "slowest", "p99"]},
}
ALL_FIVE: list[dict[str, Any]] = [FLOAT, LINE, BARS, TABLE, ROW]

numbers = st.none() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


@st.composite
def charts(draw: st.DrawFn) -> dict[str, Any]:
    xs: list[dict[str, Any]] = []
    ys: list[dict[str, Any]] = []
    for _ in range(draw(st.integers(1, 3))):
        count = draw(st.integers(0, 6))
        x_values = st.lists(st.integers(0, 9), min_size=count, max_size=count)
        xs.append({"title": draw(words), "value": draw(x_values)})
        ys.append({"title": draw(words), "value": draw(st.lists(numbers, min_size=count, max_size=count))})
    return {"x_axis": xs, "y_axis": ys}


@st.composite
def tables(draw: st.DrawFn) -> dict[str, Any]:
    rows, columns = draw(st.lists(words, max_size=3)), draw(st.lists(words, max_size=3))
    row = st.lists(numbers, min_size=len(columns), max_size=len(columns))
    return {
        "cell_value": draw(st.lists(row, min_size=len(rows), max_size=len(rows))),
        "col_labels": {"title": draw(words), "value": columns},
        "row_labels": {"title": draw(words), "value": rows},
    }


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Any]:
    labels = draw(st.lists(words, max_size=3))
    row = st.lists(numbers | words, min_size=len(labels), max_size=len(labels))
    return {"cell_value": draw(st.lists(row, max_size=2)), "labels": labels}


DATA = {
    "float": st.builds(lambda value: {"value": value}, numbers),
    "line chart": charts(),
    "histogram": charts(),
    "table": tables(),
    "one-dimensional-table": rows(),
}


@st.composite
def items(draw: st.DrawFn, key: str) -> dict[str, Any]:
    kind = draw(st.sampled_from(sorted(DATA)))
    return {"key": key, "title": draw(st.sampled_from(["A", "B"])), "type": kind, "data": draw(DATA[kind])}


@st.composite
def files(draw: st.DrawFn) -> list[dict[str, Any]]:
    keys = draw(st.lists(st.sampled_from("abcd"), unique=True))
    return [draw(items(key)) for key in keys]
