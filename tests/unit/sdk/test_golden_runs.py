"""The recorded runs: folded by a client they give the state that was recorded with them."""

import json
from pathlib import Path
from typing import Any

import pytest
from pipeloom.client.view import UNTOUCHED, Fold, RunView

RUNS = sorted((Path(__file__).parents[2] / "golden" / "runs").glob("*.json"))


@pytest.mark.parametrize("path", RUNS, ids=lambda path: path.stem)
def test_it_folds_the_golden_runs_as_agreed(path: Path) -> None:
    recorded: dict[str, Any] = json.loads(path.read_text())
    view = RunView("run-1")
    for seq, event in enumerate(recorded["events"], 1):
        assert view.apply({"run": "run-1", "seq": seq, **event}) is Fold.APPLIED
    snapshot = recorded["snapshot"]
    assert view.seq == snapshot["seq"]
    assert {name: view.run[name] for name in snapshot["fields"]} == snapshot["fields"]
    for name, step in snapshot["steps"].items():
        assert view.step(name) == {**UNTOUCHED, **step}
