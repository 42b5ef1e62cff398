"""What a program releases: a version by the workflow's name, without taking anybody's edits away."""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness.people import Api, People

pytestmark = pytest.mark.django_db


def _publish(author: Api, people: People, document: dict[str, Any], **more: Any) -> Any:
    body = {"name": "greet", "document": document, "project": str(people.project.pk), **more}
    return author.post("/api/workflows/publish/", body)


def test_it_makes_the_workflow_and_then_adds_versions(author: Api, people: People, document: dict[str, Any]) -> None:
    first = _publish(author, people, document)
    second = _publish(author, people, {**document, "description": "Better"}, version_name="May")

    assert (first.status_code, second.status_code) == (201, 201)
    told, more = first.json(), second.json()
    assert (told["created"], more["created"], more["draft_kept"]) == (True, False, False)
    assert told["workflow"]["id"] == more["workflow"]["id"]
    assert [each["version"]["number"] for each in (told, more)] == [1, 2]
    assert [each["version"]["name"] for each in (told, more)] == ["Version 1", "May"]
    draft = author.get(f"/api/workflows/{told['workflow']['id']}/draft/").json()
    assert (draft["document"]["description"], draft["base_version"], draft["revision"]) == ("Better", 2, 2)


def test_it_keeps_what_somebody_drafted_meanwhile(author: Api, people: People, document: dict[str, Any]) -> None:
    made = _publish(author, people, document).json()
    address = f"/api/workflows/{made['workflow']['id']}/draft/"
    edited = {**document, "description": "by hand"}
    author.put(address, {"document": edited, "revision": 1})

    told = _publish(author, people, {**document, "description": "by program"}).json()

    assert (told["draft_kept"], told["version"]["number"]) == (True, 2)
    draft = author.get(address).json()
    assert (draft["document"], draft["base_version"]) == (edited, 1)
    released = author.post(address.replace("draft", "release"), {})
    assert (released.status_code, released.json()["code"]) == (409, "workflow.version_newer")


def test_it_leaves_the_steps_where_people_put_them(author: Api, people: People, document: dict[str, Any]) -> None:
    made = _publish(author, people, document).json()
    address = f"/api/workflows/{made['workflow']['id']}/draft/"
    placed = {**document, "layout": {"nodes": {"s1": {"x": 40, "y": 80}}}}
    author.put(address, {"document": placed, "revision": 1})
    first = {**document["steps"][0], "name": "before", "id": "s1", "outputs": []}
    more = {**document, "steps": [first, {**document["steps"][0], "id": "s2"}]}

    told = _publish(author, people, more).json()

    assert told["draft_kept"] is False, "where things stand is no edit"
    assert author.get(address).json()["document"]["layout"] == {"nodes": {"s2": {"x": 40, "y": 80}}}


def test_it_releases_nothing_that_is_wrong(author: Api, people: People, document: dict[str, Any]) -> None:
    refused = _publish(author, people, {**document, "steps": [{**document["steps"][0], "kind": "dance"}]})

    assert refused.status_code == 422
    assert [each["path"] for each in refused.json()["problems"]] == ["/steps/0/kind"]
    assert author.get("/api/workflows/").json()["items"] == []
