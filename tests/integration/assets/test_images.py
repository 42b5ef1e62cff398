"""Container images under the names by which jobs say them."""

from __future__ import annotations

from typing import Any

import pytest

from backend.apps.assets.models import Image
from tests.harness.people import Api, People

pytestmark = pytest.mark.django_db
DIGEST = "sha256:" + "0a" * 32


def _body(people: People, **more: Any) -> dict[str, Any]:
    return {"name": "team/resnet:2", "project": str(people.project.pk), **more}


def test_it_registers_changes_and_deletes_an_image(author: Api, people: People) -> None:
    made = author.post("/api/images/", _body(people, description="With 50 layers"))

    assert made.status_code == 201
    key = made.json()["id"]
    shown = people.api("viewer").get(f"/api/images/{key}/").json()
    assert (shown["name"], shown["reference"], shown["digest"]) == ("team/resnet:2", "team/resnet:2", "")
    assert (shown["created_by"], shown["description"]) == ("author", "With 50 layers")
    changed = author.patch(f"/api/images/{key}/", {"reference": "hub.example.org:5000/ml/resnet:9", "digest": DIGEST})
    assert (changed.status_code, changed.json()["description"]) == (200, "With 50 layers")
    assert Image.objects.get(pk=key).pulled == f"hub.example.org:5000/ml/resnet@{DIGEST}"
    assert author.delete(f"/api/images/{key}/").status_code == 204
    assert author.get(f"/api/images/{key}/").status_code == 404


def test_it_takes_a_name_once_in_each_project(author: Api, people: People) -> None:
    first = author.post("/api/images/", _body(people))
    again = author.post("/api/images/", _body(people, reference="team/other:1"))
    elsewhere = author.post("/api/images/", {"name": "team/resnet:2"})

    assert (first.status_code, elsewhere.status_code) == (201, 201)
    assert (again.status_code, again.json()["code"]) == (409, "asset.image_exists")


@pytest.mark.parametrize(
    ("given", "path", "code"),
    [
        ({"name": "--privileged"}, "/name", "asset.image_name"),
        ({"name": "team/res net:2"}, "/name", "asset.image_name"),
        ({"reference": "--volume=/:/host"}, "/reference", "asset.image_reference"),
        ({"reference": "Team/Resnet:2"}, "/reference", "asset.image_reference"),
        ({"reference": "team/resnet:2 --privileged"}, "/reference", "asset.image_reference"),
        ({"digest": "sha256:12"}, "/digest", "asset.image_digest"),
    ],
)
def test_it_refuses_what_no_engine_could_pull(
    author: Api, people: People, given: dict[str, Any], path: str, code: str
) -> None:
    refused = author.post("/api/images/", _body(people, **given))

    assert refused.status_code == 422
    assert (path, code) in [(each["path"], each["code"]) for each in refused.json()["problems"]]
    assert not Image.objects.exists()


def test_it_takes_what_programs_say_with_a_reference_beside_it(author: Api, people: People) -> None:
    """Names of programs need not be such that an engine would take them."""
    made = author.post("/api/images/", _body(people, name="Fake_Image_URL", reference="localhost/fake:1"))

    assert made.status_code == 201, made.content


def test_it_lists_searches_and_orders(author: Api, people: People) -> None:
    for name in "abc":
        author.post("/api/images/", _body(people, name=f"team/{name}:1"))

    listed = author.get("/api/images/?order=name&limit=2").json()
    rest = author.get(f"/api/images/?order=name&limit=2&cursor={listed['next']}").json()

    assert [each["name"] for each in (*listed["items"], *rest["items"])] == ["team/a:1", "team/b:1", "team/c:1"]
    assert [each["name"] for each in author.get("/api/images/?search=b:1").json()["items"]] == ["team/b:1"]
