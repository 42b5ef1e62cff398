"""What a host has to give, and when its disk is too full to give anything."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from workers.agent.capacity import disk_short_mb

GIB = 1 << 30


@pytest.mark.parametrize(
    ("total", "free", "short"),
    [
        (100 * GIB, GIB // 2, GIB // 2 // 1_000_000),
        (100 * GIB, 2 * GIB, None),
        (8 * GIB, GIB // 2, None),
        (8 * GIB, 0, 0),
    ],
    ids=["short in both ways", "a small share of much", "a large share of little", "nothing at all"],
)
def test_it_holds_a_host_whose_disk_is_nearly_full(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, total: int, free: int, short: int | None
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(total=total, used=total - free, free=free))
    assert disk_short_mb(tmp_path) == short


def test_it_measures_the_disk_that_a_home_would_be_on(tmp_path: Path) -> None:
    assert disk_short_mb(tmp_path / "not" / "yet") == disk_short_mb(tmp_path)
