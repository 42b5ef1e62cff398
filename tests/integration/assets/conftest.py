"""People, their storages, and rows as a finished step leaves them."""

from typing import Any
from uuid import UUID

import pytest

from backend.apps.assets.services import dataset_commit, dataset_stage, storage_roots
from backend.shared.clock import uuid7
from backend.shared.storage import Roots
from tests.harness.people import Api, People, people_create


@pytest.fixture
def people(db: None, tmp_path: Any, settings: Any) -> People:
    settings.PIPELOOM_HOME = tmp_path / "home"
    return people_create()


@pytest.fixture
def author(people: People) -> Api:
    return people.api("author")


@pytest.fixture
def roots(people: People) -> Roots:
    """The storages of the shared project."""
    return storage_roots(project=people.project)


def sample(path: str, *labels: str, **more: Any) -> dict[str, Any]:
    return {
        "path": path,
        "size": 10,
        "sha256": "ab" * 32,
        "media_type": "image/png",
        "labels": list(labels),
        "usage": "",
        **more,
    }


def staged_digits(people: People, name: str = "digits", token: UUID | None = None) -> UUID:
    samples = [sample(f"/default/images/{label}/{number:04}.png", label) for label in "012" for number in range(4)]
    return dataset_stage(project=people.project, token=token or uuid7(), name=name, samples=samples, data_type="IMAGE")


@pytest.fixture
def digits(people: People) -> str:
    """The address of a committed dataset of twelve samples."""
    return f"/api/datasets/{dataset_commit(staged=staged_digits(people)).pk}/"
