"""Registered models: versions count up, no number twice, and each knows where it came from."""

import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from backend.apps.accounts.models import Project
from backend.apps.assets.models import ModelVersion, RegisteredModel
from backend.apps.assets.services import model_version_commit, model_version_stage
from backend.shared.clock import uuid7
from backend.shared.errors import ProductError
from tests.harness.people import Api, People

pytestmark = pytest.mark.django_db


def _staged(project: Project, version: str | None = None, **more: Any) -> Any:
    given = {"name": "digits", "model_type": "Scikit_Learn", "folder": "models/x", **more}
    return model_version_stage(project=project, token=uuid7(), version=version, **given)


def _registered(project: Project, version: str | None = None, **more: Any) -> str:
    return str(model_version_commit(staged=_staged(project, version, **more)).version)


def test_it_counts_versions_up(people: People) -> None:
    given = [None, None, "0.1.0", None, "0.0.9", None, "1.99.99", None]

    found = [_registered(people.project, version) for version in given]

    assert found == ["0.0.1", "0.0.2", "0.1.0", "0.1.1", "0.0.9", "0.1.2", "1.99.99", "2.0.0"]


def test_it_ends_at_the_last_number(people: People) -> None:
    _registered(people.project, "99.99.99")

    with pytest.raises(ProductError, match=r"reached version 99\.99\.99"):
        _registered(people.project)


def test_it_refuses_a_version_twice(people: People) -> None:
    early = _staged(people.project, "1.0.0")
    _registered(people.project, "1.0.0")

    with pytest.raises(ProductError, match=r"already has a version 1\.0\.0"):
        _staged(people.project, "1.0.0")
    with pytest.raises(ProductError, match=r"already has a version 1\.0\.0"):
        model_version_commit(staged=early)


@pytest.mark.parametrize(
    "version", ["1", "1.0", "1.0.0.0", "01.0.0", "100.0.0", "1.0.-1", "a.b.c", "1.0.0\n", "１.0.0"]
)
def test_it_refuses_what_is_no_version(people: People, version: str) -> None:
    with pytest.raises(ProductError, match="is not a version"):
        _staged(people.project, version)


@pytest.mark.parametrize("name", ["", "a b", "x" * 65, "a/b", "../x"])
def test_it_refuses_what_is_no_name(people: People, name: str) -> None:
    with pytest.raises(ProductError, match="cannot be the name"):
        _staged(people.project, name=name)


@pytest.mark.django_db(transaction=True)
def test_it_numbers_without_double_when_many_register(people: People) -> None:
    together, found = threading.Barrier(4), []

    def register() -> None:
        together.wait()
        found.append(_registered(people.project))
        connection.close()

    threads = [threading.Thread(target=register) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(found) == ["0.0.1", "0.0.2", "0.0.3", "0.0.4"]
    assert RegisteredModel.objects.count() == 1


def test_it_shows_a_model_with_its_first_version(author: Api, people: People) -> None:
    staged = _staged(people.project)
    assert author.get("/api/models/").json()["items"] == []

    version = model_version_commit(staged=staged)

    assert [each["name"] for each in author.get("/api/models/").json()["items"]] == ["digits"]
    assert author.get(f"/api/models/{version.model_id}/").json()["name"] == "digits"


def test_it_tells_lineage_and_files(author: Api, people: People, settings: Any) -> None:
    folder: Path = settings.PIPELOOM_HOME / "models" / "m"
    (folder / "model").mkdir(parents=True)
    (folder / "model" / "weights.bin").write_bytes(b"\x00\x01")
    lineage = {"run": "r1", "step": "train", "metrics": {"accuracy": 0.97}}
    files = [{"path": "model/weights.bin", "size": 2, "sha256": "ab" * 32}]
    made = model_version_commit(staged=_staged(people.project, folder=folder, lineage=lineage, files=files))
    where = f"/api/models/{made.model_id}/versions/"

    shown = author.get(where + "0.0.1/").json()
    file = author.get(where + "0.0.1/file/?path=model/weights.bin")

    assert (shown["name"], shown["lineage"], shown["files"]) == ("digits", lineage, files)
    assert b"".join(file) == b"\x00\x01"
    assert ModelVersion.objects.get().folder == "models/m"
    assert [each["version"] for each in author.get(where).json()["items"]] == ["0.0.1"]
    assert people.api("other").get(where + "0.0.1/file/?path=model/weights.bin").status_code == 404
