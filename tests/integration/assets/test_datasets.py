"""Datasets: staged rows are invisible, one update shows them all, and names are settled under a lock."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from backend.apps.assets.models import Dataset, DatasetVersion, Sample, SampleBatch
from backend.apps.assets.selectors import dataset_find, dataset_version_get
from backend.apps.assets.services import (
    dataset_commit,
    dataset_samples_write,
    dataset_stage,
    dataset_version_commit,
    dataset_version_stage,
    staged_discard,
    storage_roots,
)
from backend.shared.clock import uuid7
from backend.shared.errors import ProductError
from tests.harness.people import Api, People
from tests.integration.assets.conftest import sample, staged_digits

pytestmark = pytest.mark.django_db


def test_it_shows_nothing_that_is_only_staged(author: Api, people: People) -> None:
    staged = staged_digits(people)

    assert author.get("/api/datasets/").json()["items"] == []
    assert author.get(f"/api/datasets/{staged}/").status_code == 404
    assert dataset_find(project=people.project, name="digits") is None

    dataset_commit(staged=staged)

    shown = author.get(f"/api/datasets/{staged}/").json()
    assert (shown["samples"], shown["classes"]) == (12, {"0": 4, "1": 4, "2": 4})


def test_it_reuses_a_dataset_that_appeared_meanwhile(people: People) -> None:
    first, second = staged_digits(people), staged_digits(people)

    one, two = dataset_commit(staged=first), dataset_commit(staged=second)

    assert one.pk == two.pk == first
    assert Dataset.objects.count() == 1
    assert Sample.objects.count() == 12


def test_it_commits_twice_to_the_same_end(people: People) -> None:
    staged = staged_digits(people)

    assert dataset_commit(staged=staged).committed_at == dataset_commit(staged=staged).committed_at


def test_it_forgets_what_an_attempt_will_never_commit(people: People) -> None:
    token = uuid7()
    staged_digits(people, token=token)
    kept = dataset_commit(staged=staged_digits(people, name="kept"))
    dataset_version_stage(dataset_id=kept.pk, token=token, folder="datasets/x")

    staged_discard(token=token)

    assert list(Dataset.objects.values_list("name", flat=True)) == ["kept"]
    assert (SampleBatch.objects.count(), DatasetVersion.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"path": "/etc/passwd"}, "no storage called"),
        ({"path": "/default/../x"}, "not a path"),
        ({"path": 5}, "texts"),
        ({"size": -1}, "size"),
        ({"size": True}, "size"),
        ({"sha256": "AB" * 32}, "sha256"),
        ({"sha256": None}, "sha256"),
        ({"labels": "cat"}, "labels"),
        ({"labels": [1]}, "labels"),
        ({"labels": ["x"] * 201}, "labels"),
        ({"usage": "LUNCH"}, "usage"),
        ({"media_type": "x" * 101}, "media type"),
    ],
)
def test_it_believes_no_sample(people: People, wrong: dict[str, Any], words: str) -> None:
    samples = [sample("/default/fine"), {**sample("/default/wrong"), **wrong}]

    with pytest.raises(ProductError, match=words) as refused:
        dataset_stage(project=people.project, token=uuid7(), name="digits", samples=samples)

    assert refused.value.problems[0].path == "/samples/1"
    assert Dataset.objects.count() == 0


def test_it_reads_samples_from_a_step_line_by_line(people: People, tmp_path: Path) -> None:
    path = tmp_path / "samples.jsonl"
    path.write_text("".join(json.dumps(sample(f"/default/{number}", "é")) + "\n" for number in range(5)))

    staged = dataset_stage(project=people.project, token=uuid7(), name="lines", samples=path)

    assert SampleBatch.objects.get(dataset_id=staged).count == 5
    for bad in (b"{}x\n", b"[1]\n", b'{"path": "' + b"x" * 100_000 + b'"}\n', b"\xff\n", b"{" * 500):
        path.write_bytes(bad)
        with pytest.raises(ProductError, match="Sample 1"):
            dataset_stage(project=people.project, token=uuid7(), name="lines", samples=path)
    path.unlink()
    path.symlink_to("/etc/passwd")
    with pytest.raises(OSError):
        dataset_stage(project=people.project, token=uuid7(), name="lines", samples=path)


def test_it_writes_samples_for_a_step(people: People, digits: str, tmp_path: Path) -> None:
    roots = storage_roots(project=people.project)

    number = dataset_samples_write(dataset=Dataset.objects.get(), path=tmp_path / "out.jsonl", roots=roots)

    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert (number, len(lines)) == (12, 12)
    assert lines[0]["path"] == "/default/images/0/0000.png"
    assert lines[0]["source"] == str(next(iter(roots)).path / "images/0/0000.png")
    assert [each["path"] for each in lines] == sorted(each["path"] for each in lines)


def _version(dataset: Dataset, name: str | None = None) -> DatasetVersion:
    staged = dataset_version_stage(
        dataset_id=dataset.pk, token=uuid7(), folder=f"datasets/{dataset.pk}", name=name, counts={"TRAIN": 8, "EVAL": 4}
    )
    return dataset_version_commit(staged=staged)


def test_it_names_versions(digits: str, people: People) -> None:
    dataset = Dataset.objects.get()

    names = [_version(dataset, name).name for name in (None, None, "V007", "first-try", None)]

    assert names == ["V001", "V002", "V007", "first-try", "V008"]
    assert dataset_version_get(project=people.project, name="digits").name == "V008"
    assert dataset_version_get(project=people.project, name="digits", version="V002").name == "V002"
    with pytest.raises(ProductError, match="no version “V999”"):
        dataset_version_get(project=people.project, name="digits", version="V999")


def test_it_refuses_a_version_name_twice(digits: str) -> None:
    dataset = Dataset.objects.get()
    _version(dataset, "gold")

    with pytest.raises(ProductError, match="already has a version “gold”"):
        _version(dataset, "gold")
    with pytest.raises(ProductError, match="cannot be the name"):
        _version(dataset, "a b")


@pytest.mark.django_db(transaction=True)
def test_it_gives_two_releases_at_once_two_names(digits: str) -> None:
    dataset = Dataset.objects.get()
    together, names = threading.Barrier(4), []

    def release() -> None:
        together.wait()
        names.append(_version(dataset).name)
        connection.close()

    threads = [threading.Thread(target=release) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(names) == ["V001", "V002", "V003", "V004"]


def test_it_serves_the_files_of_a_version(author: Api, digits: str, settings: Any) -> None:
    dataset = Dataset.objects.get()
    folder = settings.PIPELOOM_HOME / "datasets" / str(dataset.pk)
    folder.mkdir(parents=True)
    (folder / "train.jsonl").write_text("{}\n")
    (folder.parent / "secret").write_text("no")
    _version(dataset)

    shown = author.get(digits + "versions/V001/").json()
    file = author.get(digits + "versions/V001/file/?path=train.jsonl")

    assert shown["counts"] == {"TRAIN": 8, "EVAL": 4}
    assert b"".join(file) == b"{}\n"
    for path in ("../secret", "/../secret", "..%2Fsecret", "", "nothing"):
        assert author.get(f"{digits}versions/V001/file/?path={path}").status_code in {404, 422}
    assert author.get(digits + "versions/V002/").status_code == 404


def test_it_lists_samples_by_page_and_label(author: Api, digits: str) -> None:
    page = author.get(digits + "samples/?limit=5").json()
    rest = author.get(f"{digits}samples/?limit=50&cursor={page['next']}").json()
    twos = author.get(digits + "samples/?label=2&order=-path").json()["items"]

    assert [len(page["items"]), len(rest["items"]), rest["next"]] == [5, 7, None]
    assert [each["path"][-8:] for each in twos] == ["0003.png", "0002.png", "0001.png", "0000.png"]
    assert author.get(digits + "samples/?label=").json()["items"] == []


def test_it_hides_datasets_of_others(people: People, digits: str) -> None:
    other = people.api("other")

    for path in ("", "samples/", "versions/", "versions/V001/"):
        assert other.get(digits + path).status_code == 404
    assert other.get(f"/api/datasets/?project={people.project.pk}").json()["items"] == []
