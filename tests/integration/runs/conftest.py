"""Every test of this folder runs on the real database, starts as a fresh process would, and leaves sound runs."""

from collections.abc import Iterator

import pytest

from backend.apps.runs import failpoints, outbox, store
from tests.harness.invariants import assert_all_invariants


@pytest.fixture(autouse=True)
def sound_runs(transactional_db: None) -> Iterator[None]:
    store.cache_clear()
    yield
    failpoints.arm("")
    outbox.publishing_stop()
    assert_all_invariants()
