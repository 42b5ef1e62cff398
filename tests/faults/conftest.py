"""Every fault test gets a running plant, and must leave sound runs and no process behind."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backend.apps.runs import outbox, store
from backend.apps.runs.models import Attempt
from tests.faults.plant import Plant
from tests.harness.invariants import assert_all_invariants
from workers.sandbox import processes


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.fault)


@pytest.fixture
def plants(transactional_db: None) -> Iterator[Callable[..., Plant]]:
    """Makes plants, not started yet. Afterwards: invariants, and no process with any token (I7)."""
    made: list[Plant] = []
    store.cache_clear()
    outbox.publishing_stop()

    def make(**options: object) -> Plant:
        made.append(Plant(**options))
        return made[-1]

    try:
        yield make
        assert_all_invariants()
        for plant in made:
            plant.until(lambda: not _bearers(), "no process bears a token of an attempt any more", 15)
    finally:
        for plant in made:
            plant.end()


@pytest.fixture
def plant(plants: Callable[..., Plant]) -> Plant:
    return plants().start()


def _bearers() -> set[str]:
    tokens = {str(token) for token in Attempt.objects.values_list("pk", flat=True)}
    return tokens & processes.bearers().keys()
