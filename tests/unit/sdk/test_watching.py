"""How a run looks in a terminal."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pipeloom.client import RunView, Update
from pipeloom.remote.finding import values_of
from pipeloom.remote.watching import _live, drawn
from rich.console import Console

BEGUN = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
DOCUMENT: dict[str, Any] = {
    "parameters": [
        {"name": "epochs", "type": "INT"},
        {"name": "word", "type": "STR"},
        {"name": "fast", "type": "BOOL"},
        {"name": "flavor", "type": "JSON"},
        {"name": "sizes", "type": "LIST"},
    ],
    "data": [{"name": "raw", "type": "obs"}, {"name": "set", "type": "dataset"}],
    "storages": [{"name": "runs"}],
}


def snapshot() -> dict[str, Any]:
    step = {"title": "Train [bold]", "state": "running", "started_at": BEGUN.isoformat()}
    queue = {"position": 3, "reason": {"message": "It needs 4 GPUs."}}
    return {
        "run": {"id": "r", "number": 7, "state": "running", "values": {}, "stop_requested": False},
        "seq": 4,
        "steps": {
            "train": step,
            "wait": {"state": "pending", "queue": queue},
            "ask": {"state": "wait_inputs", "awaits": ["word", "epochs"]},
            "broke": {"state": "failed", "reason": {"message": "The program ended with exit code 3."}},
        },
        "metrics": [
            {
                "step": "train",
                "attempt": "a",
                "output": "m",
                "path": "metrics.json",
                "rev": 1,
                "value": [{"key": "loss", "title": "loss", "type": "float", "data": {"value": 0.123456}}],
            }
        ],
    }


def test_it_draws_states_times_reasons_and_numbers() -> None:
    console = Console(file=io.StringIO(), width=120, record=True)

    console.print(drawn(RunView.of(snapshot()), BEGUN + timedelta(seconds=12)))

    lines = [line.split() for line in console.export_text().splitlines()]
    assert lines[0] == ["Run", "7", "running"]
    assert lines[2] == ["Train", "[bold]", "running", "12", "s", "loss", "0.1235"], "markup in a title is text"
    assert lines[3] == ["wait", "pending", *["It", "needs", "4", "GPUs.", "(place", "3)"]]
    assert lines[4] == ["ask", "wait_inputs", *["waits", "for", "word,", "epochs"]]
    assert lines[5] == ["broke", "failed", *["The", "program", "ended", "with", "exit", "code", "3."]]


def test_it_goes_on_drawing_in_a_terminal() -> None:
    written = io.StringIO()
    before, after = RunView.of(snapshot()), RunView.of(snapshot())
    after.run["state"] = "abnormal"

    last = _live(
        Console(file=written, width=100, force_terminal=True, legacy_windows=False),
        iter([Update(before, None, "snapshot"), Update(after, None, "snapshot")]),
    )

    assert last is after
    assert "abnormal" in written.getvalue()
    assert "\x1b[" in written.getvalue(), "what was drawn is drawn over"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("epochs=3", 3),
        ("epochs=three", "three"),
        ("word=3", "3"),
        ("word=a=b", "a=b"),
        ("fast=True", True),
        ("fast=false", False),
        ('flavor={"flavor_id": "cpu.1"}', {"flavor_id": "cpu.1"}),
        ("sizes=[1, 2]", [1, 2]),
        ("raw=/default/images/", {"obs_path": "/default/images/"}),
        ("set=letters/V001", {"dataset_name": "letters", "version_name": "V001"}),
        ("set=letters", {"dataset_name": "letters"}),
        ("runs=/default/runs/", "/default/runs/"),
    ],
)
def test_it_reads_values_as_their_placeholder_says(text: str, value: Any) -> None:
    assert values_of(DOCUMENT, [text], None) == {text.partition("=")[0]: value}
