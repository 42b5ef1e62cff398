"""Every test of this folder runs on the real database, starts as a fresh process would, and leaves sound runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from backend.apps.runs import failpoints, outbox, store
from tests.harness.invariants import assert_all_invariants


@pytest.fixture(autouse=True)
def own_home(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Files of one test are nobody else's; processes that it starts find them too."""
    settings.PIPELOOM_HOME = tmp_path / "home"
    # Test hosts say nothing after they registered, and a busy machine may take its time.
    settings.PIPELOOM_HOST_STALE_SECONDS = 600
    monkeypatch.setenv("PIPELOOM_HOME", str(tmp_path / "home"))


@pytest.fixture(autouse=True)
def sound_runs(transactional_db: None, own_home: None) -> Iterator[None]:
    store.cache_clear()
    yield
    failpoints.arm("")
    outbox.publishing_stop()
    assert_all_invariants()
