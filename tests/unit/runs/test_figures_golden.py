"""The golden figures, which the browser's own mapping is measured against (frontend/src/charts/figure.test.ts).

After a change of the mapping on purpose: `PIPELOOM_WRITE_GOLDEN=1 pytest tests/unit/runs/test_figures_golden.py`.
"""

import json
import os
from pathlib import Path
from typing import Any

from backend.apps.runs.figures import ANNOTATED_CELLS, figures

GOLDEN = Path(__file__).parents[2] / "golden" / "metrics"
NUMBERS: list[float | None] = [
    0,
    1,
    -1,
    0.5,
    3.0,
    1e-5,
    0.0001,
    123456,
    1234567,
    1234567.5,
    100000.5,
    10000.25,
    10000.75,
]
NUMBERS += [1e15, 1e16, 2e300, -0.1234565, 5e-324, None]


def axis(title: str, values: list[Any]) -> dict[str, Any]:
    return {"title": title, "value": values}


def chart(kind: str, key: str, xs: list[dict[str, Any]], ys: list[dict[str, Any]]) -> dict[str, Any]:
    return {"key": key, "title": key, "type": kind, "data": {"x_axis": xs, "y_axis": ys}}


def table(key: str, cells: list[list[Any]], columns: list[str], rows: list[str]) -> dict[str, Any]:
    data = {"cell_value": cells, "col_labels": axis("columns", columns), "row_labels": axis("rows", rows)}
    return {"key": key, "title": key, "type": "table", "data": data}


def corners() -> list[dict[str, Any]]:
    """What the other golden files leave out: corners of the mapping, one item each."""
    side = int(ANNOTATED_CELLS**0.5) + 1
    return [
        {"key": "none", "title": "", "type": "float", "data": {"value": None}},
        {"key": "evil", "title": "a<b> & <a href='x'>c</a>", "type": "float", "data": {"value": -2.5}},
        chart("line chart", "no point", [axis("x", [])], [axis("y", [])]),
        chart("line chart", "one point", [axis("x", [3])], [axis("<y>", [1.5])]),
        chart("line chart", "gap", [axis("epoch", [1, 2, 3])], [axis("train", [0.5, None, 0.3])]),
        chart("line chart", "two curves", [axis("x", [1, 2])], [axis("a", [1, 2]), axis("b", [3, 4])]),
        chart("line chart", "own axes", [axis("x", [1, 2]), axis("z", [5])], [axis("a", [1, 2]), axis("b", [3])]),
        chart("line chart", "named", [axis("day", ["mon", "tue"])], [axis("a", [1, 2])]),
        chart("line chart", "dates", [axis("day", ["2026-01-01", "2026-01-02"])], [axis("a", [1, 2])]),
        chart("histogram", "named twice", [axis("day", ["mon", "<mon>", "mon"])], [axis("a", [1, 2, 3])]),
        chart("histogram", "mixed", [axis("x", ["a", "b"]), axis("z", [1, 2])], [axis("a", [1, 2]), axis("b", [3, 4])]),
        table("numbers", [NUMBERS], [str(index) for index in range(len(NUMBERS))], ["all"]),
        table("same names", [[1, 2], [3, 4.25]], ["a", "a"], ["<b>", "b"]),
        table("empty", [], [], []),
        table("large", [[0] * side] * side, [""] * side, [""] * side),
        {
            "key": "row",
            "title": "row",
            "type": "one-dimensional-table",
            "data": {"labels": ["a", "<b>", "c"], "cell_value": [[1, "x<y", None], [2.0, "", 1 / 3]]},
        },
        {"key": "no row", "title": "", "type": "one-dimensional-table", "data": {"labels": ["a"], "cell_value": []}},
    ]


def every_item() -> list[dict[str, Any]]:
    """The items of the golden metrics files, each once, and the corners."""
    parsed = json.loads((GOLDEN / "parsed.json").read_text(encoding="utf-8"))
    changed = json.loads((GOLDEN / "deltas.json").read_text(encoding="utf-8"))
    items = [item for case in parsed for item in case["items"]]
    items += [item for case in changed for side in ("old", "new") for item in case[side]]
    return list({json.dumps(item, sort_keys=True): item for item in [*items, *corners()]}.values())


def test_it_draws_the_golden_figures_as_agreed() -> None:
    items = every_item()
    drawn = json.loads(json.dumps([{"item": item, "figure": figures([item])[0]["figure"]} for item in items]))
    place = GOLDEN / "figures.json"
    if os.environ.get("PIPELOOM_WRITE_GOLDEN"):
        place.write_text(json.dumps(drawn, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert drawn == json.loads(place.read_text(encoding="utf-8"))
