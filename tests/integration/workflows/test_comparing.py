"""Versions compared and restored, and drafts of two people put together."""

from typing import Any

import pytest

from tests.harness.people import Api

pytestmark = pytest.mark.django_db


def test_it_says_what_changed_since_a_version(author: Api, workflow: str, document: dict[str, Any]) -> None:
    author.post(workflow + "release/")
    document["steps"][0]["name"] = "greeting"
    document["layout"] = {"nodes": {}}
    author.put(workflow + "draft/", {"document": document, "revision": 1})

    told = author.get(workflow + "changes/?before=1").json()

    assert [(each["what"], each["before"], each["after"]) for each in told["changes"]] == [
        ("renamed", "hello", "greeting")
    ]
    assert author.get(workflow + "changes/?before=7").status_code == 404


def test_it_puts_two_edits_of_one_draft_together(author: Api, workflow: str, document: dict[str, Any]) -> None:
    base = {**document}
    theirs = {**document, "description": "Theirs"}
    author.put(workflow + "draft/", {"document": theirs, "revision": 1})
    mine = {**document, "notes": [{"id": "n1", "text": "Mine"}]}

    merged = author.post(workflow + "merge/", {"base": base, "mine": mine}).json()

    assert merged["conflicts"] == []
    assert (merged["document"]["description"], merged["document"]["notes"]) == ("Theirs", mine["notes"])
    saved = author.put(workflow + "draft/", {"document": merged["document"], "revision": merged["revision"]})
    assert saved.status_code == 200


def test_it_tells_a_conflict_and_stores_nothing(author: Api, workflow: str, document: dict[str, Any]) -> None:
    author.put(workflow + "draft/", {"document": {**document, "description": "Theirs"}, "revision": 1})

    merged = author.post(workflow + "merge/", {"base": document, "mine": {**document, "description": "Mine"}}).json()

    assert [(each["path"], each["mine"], each["theirs"]) for each in merged["conflicts"]] == [
        ("/description", "Mine", "Theirs")
    ]
    assert author.get(workflow + "draft/").json()["document"]["description"] == "Theirs"
    broken = author.post(workflow + "merge/", {"base": document, "mine": {"steps": 1}})
    assert broken.status_code == 422


def test_it_restores_a_version_as_the_draft(author: Api, workflow: str, document: dict[str, Any]) -> None:
    author.post(workflow + "release/")
    author.put(workflow + "draft/", {"document": {**document, "description": "Later"}, "revision": 1})

    restored = author.post(workflow + "restore/", {"version": 1, "revision": 2})

    assert (restored.status_code, restored.json()["base_version"]) == (200, 1)
    assert restored.json()["document"] == document
    assert author.post(workflow + "restore/", {"version": 1, "revision": 1}).status_code == 409
