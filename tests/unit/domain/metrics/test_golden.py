"""The golden metrics files, which the browser's implementation reads too."""

import json
from pathlib import Path
from typing import Any

import pytest

from backend.domain.metrics import apply_delta, diff, floats, parse_metrics

GOLDEN = Path(__file__).parents[3] / "golden" / "metrics"


def cases(name: str) -> list[Any]:
    found = json.loads((GOLDEN / name).read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["name"]) for case in found]


@pytest.mark.parametrize("case", cases("parsed.json"))
def test_it_reads_the_golden_files_as_agreed(case: dict[str, Any]) -> None:
    parsed = parse_metrics(case["text"].encode())
    assert parsed.valid == case["valid"]
    assert list(parsed.items) == case["items"]
    assert [{"code": found.code, "path": found.path} for found in parsed.problems] == case["problems"]
    assert floats(parsed.items) == case["floats"]


@pytest.mark.parametrize("case", cases("deltas.json"))
def test_it_finds_and_applies_the_golden_changes_as_agreed(case: dict[str, Any]) -> None:
    assert diff(case["old"], case["new"]) == case["delta"]
    assert apply_delta(case["old"], case["delta"]) == case["new"]
