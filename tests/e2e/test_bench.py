"""`make bench` runs through and measures everything that it promises; no figure is judged here."""

import json
import os
import subprocess
import sys

import pytest

from tests.harness.live_stack import REPOSITORY

EXPECTED = {
    "spawn true",
    "spawn python -S -E",
    "Celery round trip",
    "PostgreSQL update",
    "Redis publish → subscribe",
    "websocket echo",
    "json.loads of 1000 steps",
    "check of 1000 steps",
    "idle memory (PSS), web",
    "idle memory (PSS), reconciler",
    "idle memory (PSS), worker",
    "idle memory (PSS), together",
    "API request → first user code",
    "chain of 10, a step",
    "chain of 100, a step",
    "1→100→1, a step",
    "1→100→1, steps a second",
    "event → socket",
    "loop of 1,000 steps",
    "loop of 1,000 steps, logging each",
    "CPU of that loop",
    "CPU of that loop, logging each",
} | {
    f"{what}, {who}"
    for who in ("1 viewer", "1 + 99 viewers")
    for what in (
        "empty message + frame",
        "file write → drawn point",
        "  file write → database",
        "  database → page",
        "  page → drawn point",
    )
}


@pytest.mark.e2e
@pytest.mark.slow
@pytest.mark.bench
@pytest.mark.timeout(600)
def test_it_measures_the_product_beside_its_floors() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--quick", "--json", "-"],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": "workers/sdk"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    figures = {figure["name"]: figure for figure in json.loads(done.stdout)["figures"]}
    assert set(figures) == EXPECTED
    assert all(figure["value"] > 0 for figure in figures.values())
    assert {figure["floor"] for figure in figures.values()} - {""} <= set(figures)
    assert figures["event → socket"]["n"] >= 200
    for who in ("1 viewer", "1 + 99 viewers"):
        assert figures[f"file write → drawn point, {who}"]["n"] == 20
