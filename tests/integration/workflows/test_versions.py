"""Versions: made from valid drafts, numbered without gaps, and never changed again."""

import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from backend.apps.workflows.models import Draft, Workflow, WorkflowVersion
from backend.apps.workflows.services import draft_save, version_freeze, version_release
from backend.shared.errors import ProductError
from tests.harness.people import Api

pytestmark = pytest.mark.django_db


def _save(author: Api, workflow: str, document: dict[str, Any], **more: Any) -> None:
    revision = author.get(workflow + "draft/").json()["revision"]
    answer = author.put(workflow + "draft/", {"document": document, "revision": revision, **more})
    assert answer.status_code == 200, answer.content


def test_it_releases_a_valid_draft(author: Api, workflow: str, document: dict[str, Any]) -> None:
    answer = author.post(workflow + "release/", {"name": "First", "notes": "says hello"})

    made = answer.json()
    assert (answer.status_code, made["number"], made["name"], made["released"]) == (201, 1, "First", True)
    assert author.get(workflow + "versions/1/").json()["document"] == document
    assert author.get(workflow).json()["released"] == 1
    assert author.get(workflow + "draft/").json()["base_version"] == 1


def test_it_refuses_to_release_what_is_not_valid(author: Api, workflow: str, document: dict[str, Any]) -> None:
    document["steps"][0]["kind"] = "teleport"
    _save(author, workflow, document)

    answer = author.post(workflow + "release/")

    assert answer.status_code == 422
    assert any(each["path"].startswith("/steps/0") for each in answer.json()["problems"])
    assert WorkflowVersion.objects.count() == 0


def test_it_tells_that_a_newer_version_exists(author: Api, workflow: str, document: dict[str, Any]) -> None:
    author.post(workflow + "release/", {"name": "one"})
    _save(author, workflow, {**document, "description": "two"})
    author.post(workflow + "release/", {"name": "two"})
    _save(author, workflow, {**document, "description": "from one"}, base_version=1)

    told = author.post(workflow + "release/", {"name": "three"})
    wrong = author.post(workflow + "release/", {"name": "three", "over": 1})
    meant = author.post(workflow + "release/", {"name": "three", "over": 2})

    assert (told.status_code, told.json()["code"]) == (409, "workflow.version_newer")
    assert told.json()["current"] == {"version": 2, "base_version": 1}
    assert (wrong.status_code, meant.status_code) == (409, 201)
    assert meant.json()["number"] == 3


def test_it_releases_the_revision_that_was_seen(author: Api, workflow: str, document: dict[str, Any]) -> None:
    _save(author, workflow, {**document, "description": "by a colleague"})

    answer = author.post(workflow + "release/", {"revision": 1})

    assert (answer.status_code, answer.json()["code"]) == (409, "workflow.draft_stale")


def test_it_freezes_a_draft_once(workflow: str, document: dict[str, Any]) -> None:
    row = Workflow.objects.get()

    first, again = version_freeze(workflow=row), version_freeze(workflow=row)
    moved = {**document, "layout": {"nodes": {"s1": {"x": 5, "y": 7}}}}
    draft_save(workflow=row, document=moved, revision=1)
    only_moved = version_freeze(workflow=row)
    draft_save(workflow=row, document={**document, "description": "other"}, revision=2)
    changed = version_freeze(workflow=row)

    assert (first.number, again.pk, only_moved.pk) == (1, first.pk, first.pk)
    assert (changed.number, changed.released) == (2, False)


def test_it_publishes_the_version_that_a_run_froze(workflow: str) -> None:
    row = Workflow.objects.get()
    frozen = version_freeze(workflow=row)

    released = version_release(workflow=row, user=None, name="as tested")

    assert (released.pk, released.released, released.name) == (frozen.pk, True, "as tested")


def test_it_makes_a_new_version_of_an_equal_release(workflow: str) -> None:
    """A release has its own name and notes: publishing again is a new one, not a change of the old."""
    row = Workflow.objects.get()

    one, two = (version_release(workflow=row, user=None, name=name) for name in ("one", "two"))

    assert (one.number, two.number, one.hash) == (1, 2, two.hash)


@pytest.mark.parametrize(
    ("released", "change"),
    [
        (False, {"document": {"other": 1}}),
        (False, {"hash": "0" * 64}),
        (False, {"number": 9}),
        (True, {"name": "renamed"}),
        (True, {"notes": "rewritten"}),
        (True, {"released_at": None}),
    ],
)
def test_it_has_the_database_refuse_changes(workflow: str, released: bool, change: dict[str, Any]) -> None:
    row = Workflow.objects.get()
    version = version_release(workflow=row, user=None) if released else version_freeze(workflow=row)

    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        WorkflowVersion.objects.filter(pk=version.pk).update(**change)


@pytest.mark.django_db(transaction=True)
def test_it_numbers_without_gap_when_many_release(workflow: str) -> None:
    row = Workflow.objects.get()
    together = threading.Barrier(5)

    def release(number: int) -> None:
        together.wait()
        version_release(workflow=row, user=None, name=str(number))
        connection.close()

    threads = [threading.Thread(target=release, args=[number]) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(WorkflowVersion.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5]


def test_it_lists_versions(author: Api, workflow: str, document: dict[str, Any]) -> None:
    version_freeze(workflow=Workflow.objects.get())
    _save(author, workflow, {**document, "description": "two"})
    author.post(workflow + "release/")

    def numbers(query: str) -> list[int]:
        return [each["number"] for each in author.get(f"{workflow}versions/?{query}").json()["items"]]

    assert (numbers(""), numbers("order=number"), numbers("released=true")) == ([2, 1], [1, 2], [2])


@pytest.mark.parametrize("number", ["0", "99", "9" * 30, "-1", "x", "1.0", "9" * 5_000])
def test_it_has_no_other_versions(author: Api, workflow: str, number: str) -> None:
    assert author.get(f"{workflow}versions/{number}/").status_code == 404


def test_it_freezes_nothing_from_an_invalid_draft(workflow: str) -> None:
    row = Workflow.objects.get()
    Draft.objects.update(document={"schema": 1})

    with pytest.raises(ProductError) as refused:
        version_freeze(workflow=row)

    assert refused.value.problems
    assert WorkflowVersion.objects.count() == 0
