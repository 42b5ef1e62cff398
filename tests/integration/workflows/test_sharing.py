"""Workflows that are offered to others, and who sees them."""

from __future__ import annotations

from typing import Any

import pytest

from backend.apps.accounts.models import Project
from backend.apps.accounts.services import token_make
from tests.harness.people import Api, People

pytestmark = pytest.mark.django_db
ASSETS = "/api/gallery/assets/"


def _offer(author: Api, people: People, document: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = author.post(ASSETS, {"project": str(people.project.pk), "document": document, **more})
    assert answer.status_code == 201, answer.content
    told: dict[str, Any] = answer.json()
    return told


def _seen(api: Api) -> list[str]:
    return [each["title"] for each in api.get(ASSETS).json()["items"]]


def test_it_is_private_at_first_and_counts_its_versions(author: Api, people: People, document: dict[str, Any]) -> None:
    made = _offer(author, people, document)
    place = f"{ASSETS}{made['asset']['id']}/versions/"

    second = author.post(place, {"document": {**document, "description": "better"}})
    taken = author.post(place, {"document": document, "version": "1.0.1"})
    author.post(place, {"document": document, "version": "2.0.0"})

    assert (made["version"], second.json()["version"]) == ("1.0.0", "1.0.1")
    assert (taken.status_code, taken.json()["code"]) == (409, "gallery.version_exists")
    numbers = [each["version"] for each in people.api("viewer").get(place).json()["items"]]
    assert numbers == ["2.0.0", "1.0.1", "1.0.0"]
    other = people.api("other")
    assert (_seen(other), other.get(place).status_code) == ([], 404)


def test_it_is_seen_by_those_who_are_named_and_only_in_the_versions_where_they_are(
    author: Api, people: People, document: dict[str, Any]
) -> None:
    made = _offer(author, people, document, sharing="group", title="Shared")
    place = f"{ASSETS}{made['asset']['id']}/"
    author.post(f"{place}versions/", {"document": document})
    other = people.api("other")
    assert _seen(other) == []

    listed = author.patch(f"{place}versions/1.0.0/users/", {"add": ["other", "other", "third"]})

    assert listed.json()["users"] == ["other", "third"]
    assert _seen(other) == ["Shared"]
    versions = other.get(f"{place}versions/").json()["items"]
    assert [(each["version"], each["users"]) for each in versions] == [("1.0.0", [])]
    assert other.patch(f"{place}versions/1.0.0/users/", {"add": ["fourth"]}).status_code == 403
    assert other.post(f"{place}subscribe/", {"version": "1.0.1"}).status_code == 404
    made_of_it = other.post(f"{place}subscribe/", {})
    assert (made_of_it.status_code, made_of_it.json()["released"]) == (201, 1)
    again = other.post(f"{place}subscribe/", {})
    assert again.json()["name"] == "greet 2"

    author.patch(f"{place}versions/1.0.0/users/", {"remove": ["other"]})
    assert _seen(other) == []
    assert other.get(f"/api/workflows/{made_of_it.json()['id']}/").status_code == 200, "what was taken stays"


def test_it_is_seen_by_everybody_where_it_is_public(author: Api, people: People, document: dict[str, Any]) -> None:
    _offer(author, people, document, sharing="public", title="For all")

    assert _seen(people.api("other")) == ["For all"]
    assert people.api("anonymous").get(ASSETS).status_code == 401
    limited, secret = token_make(
        user=people.other, name="one project", project=Project.objects.get(personal_of=people.other)
    )
    api = Api()
    api.headers = {"Authorization": f"Bearer {secret}"}
    assert limited.project is not None
    assert _seen(api) == [], "a token of one project reaches no further"


def test_it_refuses_people_where_no_group_is(author: Api, people: People, document: dict[str, Any]) -> None:
    made = _offer(author, people, document, sharing="public")
    body = {"project": str(people.project.pk), "document": document, "users": ["other"]}

    refused = author.post(ASSETS, body)
    later = author.patch(f"{ASSETS}{made['asset']['id']}/versions/1.0.0/users/", {"add": ["other"]})

    assert [each.json()["code"] for each in (refused, later)] == ["gallery.users_without_group"] * 2


def test_it_tells_each_reader_the_newest_version_that_they_see_and_what_they_may_do(
    author: Api, people: People, document: dict[str, Any]
) -> None:
    words = {"title": "Told", "description": "the first words"}
    made = _offer(author, people, document, sharing="group", users=["other"], **words)
    author.post(f"{ASSETS}{made['asset']['id']}/versions/", {"document": document, "description": "the second words"})
    author.patch(f"{ASSETS}{made['asset']['id']}/versions/1.0.1/users/", {"remove": ["other"]})

    def told(api: Api, search: str) -> list[tuple[Any, ...]]:
        items = api.get(f"{ASSETS}?search={search}").json()["items"]
        return [(each["version"], each["versions"], each["own"], each["created_by"]) for each in items]

    other = people.api("other")
    assert told(author, "TOLD second") == [("1.0.1", 2, True, "author")]
    assert told(author, "told first") == [], "the newest version's words are searched"
    assert told(other, "told first author") == [("1.0.0", 1, False, "author")]
    assert told(people.api("viewer"), "told") == [("1.0.1", 2, False, "author")]
    assert other.get(f"{ASSETS}{made['asset']['id']}/").json()["description"] == "the first words"
