"""One of everything, around one project."""

from typing import Any

import pytest

from tests.harness.people import People, people_create
from tests.integration.api.world import World, world_create


@pytest.fixture
def home(tmp_path: Any, settings: Any) -> Any:
    settings.PIPELOOM_HOME = tmp_path / "home"
    return settings.PIPELOOM_HOME


@pytest.fixture
def people(db: None, home: Any) -> People:
    return people_create()


@pytest.fixture
def world(db: None, home: Any) -> World:
    return world_create(home)


@pytest.fixture
def committed_world(transactional_db: None, home: Any) -> World:
    """For code that looks from another connection."""
    return world_create(home)
