"""Algorithms under the ids by which jobs name them."""

from __future__ import annotations

from typing import Any

import pytest

from backend.apps.assets.models import Algorithm
from tests.harness.people import Api, People

pytestmark = pytest.mark.django_db
CODE: dict[str, Any] = {
    "code_dir": "/default/code/",
    "boot_file": "train.py",
    "engine": {"engine_name": "digits", "engine_version": "1.0"},
    "parameters": [{"name": "epochs", "value": 3}, {"name": "rate", "value": 1.0}],
}


def _body(people: People, **more: Any) -> dict[str, Any]:
    return {"algorithm_id": "resnet", "project": str(people.project.pk), "definition": CODE, **more}


def test_it_registers_an_algorithm_once(author: Api, people: People) -> None:
    made = author.post("/api/algorithms/", _body(people, version="10.0.0", title="ResNet"))
    again = author.post("/api/algorithms/", _body(people, version="10.0.0"))

    assert (made.status_code, again.status_code) == (201, 200)
    assert made.json()["id"] == again.json()["id"]
    assert made.json()["definition"] == CODE
    assert '"value":1.0' in made.content.decode().replace(" ", ""), "numbers stay as they were written"
    shown = people.api("viewer").get(f"/api/algorithms/{made.json()['id']}/").json()
    assert (shown["version"], shown["title"], shown["created_by"]) == ("10.0.0", "ResNet", "author")
    named = author.post("/api/algorithms/", _body(people, version="10.0.0", description="With 50 layers")).json()
    assert (named["title"], named["description"]) == ("ResNet", "With 50 layers")


def test_it_never_changes_an_algorithm(author: Api, people: People) -> None:
    author.post("/api/algorithms/", _body(people))

    refused = author.post("/api/algorithms/", _body(people, definition={"command": ["true"]}))
    other = author.post("/api/algorithms/", _body(people, definition={"command": ["true"]}, version="2"))

    assert (refused.status_code, refused.json()["code"]) == (409, "asset.algorithm_exists")
    assert other.status_code == 201
    assert Algorithm.objects.get(version="").definition == CODE


def test_it_lists_searches_and_deletes(author: Api, people: People) -> None:
    keys = [author.post("/api/algorithms/", _body(people, algorithm_id=name)).json()["id"] for name in "abc"]

    listed = author.get("/api/algorithms/?order=algorithm_id&limit=2").json()
    rest = author.get(f"/api/algorithms/?order=algorithm_id&limit=2&cursor={listed['next']}").json()
    names = [each["algorithm_id"] for each in (*listed["items"], *rest["items"])]
    assert names == ["a", "b", "c"]
    assert [each["id"] for each in author.get("/api/algorithms/?search=b").json()["items"]] == [keys[1]]
    assert author.delete(f"/api/algorithms/{keys[0]}/").status_code == 204
    assert author.get(f"/api/algorithms/{keys[0]}/").status_code == 404


@pytest.mark.parametrize(
    ("definition", "path", "code"),
    [
        ({"boot_file": "train.py"}, "/definition", "document.job_incomplete"),
        ({"command": []}, "/definition/command", "document.too_few"),
        ({"command": ["true"], "subscription_id": "x"}, "/definition/subscription_id", "document.algorithm_mixed"),
        (
            {"command": ["true"], "parameters": [{"name": "a", "value": {"$parameter": "b"}}]},
            "/definition/parameters/0/value",
            "document.unknown_parameter",
        ),
    ],
)
def test_it_refuses_what_no_job_could_be(
    author: Api, people: People, definition: dict[str, Any], path: str, code: str
) -> None:
    refused = author.post("/api/algorithms/", _body(people, definition=definition))

    assert refused.status_code == 422
    assert (path, code) in [(each["path"], each["code"]) for each in refused.json()["problems"]]
