"""Every test of this folder runs on the real database and Redis, and leaves sound runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from backend.apps.runs import failpoints, outbox, store
from tests.harness.invariants import assert_all_invariants


@pytest.fixture(autouse=True)
def sound_runs(transactional_db: None, redis_url: str, settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.PIPELOOM_HOME = tmp_path / "home"
    settings.PIPELOOM_HOST_STALE_SECONDS = 600
    store.cache_clear()
    yield
    failpoints.arm("")
    outbox.publishing_stop()
    assert_all_invariants()
