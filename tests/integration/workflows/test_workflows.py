"""Workflows as a whole: made, found, renamed, copied, deleted."""

from typing import Any

import pytest

from backend.apps.workflows.models import Workflow, WorkflowVersion
from tests.harness.people import Api, People

pytestmark = pytest.mark.django_db


def test_it_begins_with_an_empty_valid_draft(author: Api) -> None:
    made = author.post("/api/workflows/", {"name": "Empty one"}).json()

    draft = author.get(f"/api/workflows/{made['id']}/draft/").json()

    assert (draft["revision"], draft["base_version"], draft["document"]["steps"]) == (1, 0, [])
    codes = [each["code"] for each in author.post("/api/workflows/check/", draft["document"]).json()["problems"]]
    assert not [code for code in codes if code.startswith("json.")]


def test_it_puts_workflows_into_the_own_project_by_default(author: Api, people: People) -> None:
    made = author.post("/api/workflows/", {"name": "mine"}).json()

    assert made["project"] == str(people.author.personal_project.pk)


def test_it_takes_a_name_once_a_project(author: Api, workflow: str, people: People) -> None:
    project = str(people.project.pk)

    again = author.post("/api/workflows/", {"name": "greet", "project": project})
    elsewhere = author.post("/api/workflows/", {"name": "greet"})
    other = author.post("/api/workflows/", {"name": "other", "project": project}).json()
    renamed = author.patch(f"/api/workflows/{other['id']}/", {"name": "greet"})

    assert (again.status_code, again.json()["code"]) == (409, "workflow.name_taken")
    assert again.json()["problems"][0]["path"] == "/name"
    assert (elsewhere.status_code, renamed.status_code) == (201, 409)


def test_it_renames(author: Api, workflow: str) -> None:
    answer = author.patch(workflow, {"name": "hello there", "description": "says hello"})

    assert answer.status_code == 200
    found = author.get(workflow).json()
    assert (found["name"], found["description"]) == ("hello there", "says hello")


@pytest.mark.parametrize("name", ["", " x", "1x", "a" * 65, "a/b", "a\nb", None, 5, ["a"], "a\u202eb"])
def test_it_refuses_names_that_cannot_be_shown(author: Api, name: Any) -> None:
    answer = author.post("/api/workflows/", {"name": name})

    assert answer.status_code == 422
    assert answer.json()["problems"][0]["path"] == "/name"


def test_it_searches_and_orders(author: Api) -> None:
    for name, description in (("beta", "trains"), ("alpha", "trains digits"), ("gamma", "")):
        author.post("/api/workflows/", {"name": name, "description": description})

    def names(query: str) -> list[str]:
        return [each["name"] for each in author.get(f"/api/workflows/?{query}").json()["items"]]

    assert names("search=TRAINS&order=name") == ["alpha", "beta"]
    assert names("search=trains+digits") == ["alpha"]
    assert names("search=100%25") == []
    assert names("order=-created_at") == ["gamma", "alpha", "beta"]


def test_it_pages_without_gap_or_double(author: Api) -> None:
    wanted = [f"w{number:02}" for number in range(23)]
    for name in wanted:
        author.post("/api/workflows/", {"name": name})

    found, cursor = [], ""
    while True:
        page = author.get(f"/api/workflows/?order=name&limit=5{cursor}").json()
        found += [each["name"] for each in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"

    assert found == wanted


def test_it_deletes_from_lists_but_not_from_history(author: Api, workflow: str, people: People) -> None:
    author.post(workflow + "release/")

    assert author.delete(workflow).status_code == 204

    for path in ("", "draft/", "versions/", "versions/1/", "export/"):
        assert author.get(workflow + path).status_code == 404
    assert author.get("/api/workflows/").json()["items"] == []
    assert WorkflowVersion.objects.count() == 1
    again = author.post("/api/workflows/", {"name": "greet", "project": str(people.project.pk)})
    assert again.status_code == 201


def test_it_copies_the_draft_only(author: Api, workflow: str) -> None:
    author.post(workflow + "release/")

    copy = author.post(workflow + "copy/").json()

    assert (copy["name"], copy["last_version"]) == ("greet 2", 0)
    theirs = author.get(f"/api/workflows/{copy['id']}/draft/").json()
    assert theirs["document"] == author.get(workflow + "draft/").json()["document"]
    assert (theirs["revision"], theirs["base_version"]) == (1, 0)


def test_it_makes_copies_where_the_asker_may_write(people: People, workflow: str) -> None:
    """A viewer may read the original, so a copy in their own project is fine; in the shared one it is not."""
    viewer = people.api("viewer")

    assert viewer.post(workflow + "copy/").status_code == 403
    mine = {"project": str(people.viewer.personal_project.pk)}
    assert viewer.post(workflow + "copy/", mine).status_code == 201
    assert people.api("other").post(workflow + "copy/", {}).status_code == 404


def test_it_copies_at_creation_too(author: Api, workflow: str, document: dict[str, Any]) -> None:
    original = workflow.split("/")[3]

    made = author.post("/api/workflows/", {"name": "twin", "copy_of": original})
    both = author.post("/api/workflows/", {"name": "both", "copy_of": original, "document": document})

    assert made.status_code == 201
    assert (both.status_code, both.json()["code"]) == (422, "workflow.two_sources")


def test_it_resolves_ids_in_bodies_for_the_asker(people: People, workflow: str) -> None:
    """The id of another's workflow or project in a body is as unknown as in an address."""
    other = people.api("other")

    stolen = other.post("/api/workflows/", {"name": "stolen", "copy_of": workflow.split("/")[3]})
    planted = other.post("/api/workflows/", {"name": "planted", "project": str(people.project.pk)})

    assert (stolen.status_code, planted.status_code) == (404, 404)
    assert Workflow.objects.filter(name__in=("stolen", "planted")).count() == 0


def test_it_lists_the_kinds_of_step_with_their_schemas(author: Api) -> None:
    items = author.get("/api/step-kinds/").json()["items"]

    assert {each["name"] for each in items} >= {"create_dataset", "release_dataset", "job", "condition", "model"}
    assert all(each["properties"]["type"] == "object" for each in items)
