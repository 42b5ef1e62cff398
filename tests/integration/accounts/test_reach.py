"""Tokens with limits: into one project only, with no more than one role, and never to widen themselves."""

from typing import Any

import pytest
from django.test import Client

from backend.apps.accounts.services import token_make
from tests.harness.people import People, people_create

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> People:
    return people_create()


def _call(people: People, method: str, path: str, body: Any = None, **limits: Any) -> Any:
    """As the manager of the shared project, by a token with these limits."""
    _, plain = token_make(user=people.manager, name="limited", **limits)
    headers = {"Authorization": f"Bearer {plain}"}
    return Client().generic(method, path, data=body or "{}", content_type="application/json", headers=headers)


def test_it_reaches_into_its_project_only(people: People) -> None:
    own = people.manager.personal_project

    listed = _call(people, "GET", "/api/projects/", project=people.project).json()["items"]

    assert [each["name"] for each in listed] == ["Shared"]
    assert _call(people, "GET", f"/api/projects/{own.pk}/", project=people.project).status_code == 404
    me = _call(people, "GET", "/api/me/", project=people.project).json()
    assert [each["name"] for each in me["projects"]] == ["Shared"]


def test_it_begins_things_in_its_project(people: People) -> None:
    """Where a script names no project, the token's is meant and not its person's."""
    made = _call(people, "POST", "/api/workflows/", '{"name": "by script"}', project=people.project)

    assert (made.status_code, made.json()["project"]) == (201, str(people.project.pk))


def test_it_may_no_more_than_its_role(people: People) -> None:
    path = f"/api/projects/{people.project.pk}/"

    assert _call(people, "GET", path, role="viewer").json()["role"] == "viewer"
    refused = _call(people, "PATCH", path, '{"name": "mine"}', role="author")

    assert (refused.status_code, refused.json()["code"]) == (403, "auth.role")
    assert _call(people, "POST", "/api/workflows/", '{"name": "x"}', role="operator").status_code == 403
    assert _call(people, "POST", "/api/workflows/", '{"name": "x"}', role="author").status_code == 201


def test_it_may_no_more_than_its_person(people: People) -> None:
    _, plain = token_make(user=people.viewer, name="hopeful", role="manager")
    answer = Client().patch(
        f"/api/projects/{people.project.pk}/",
        {"name": "mine"},
        content_type="application/json",
        headers={"Authorization": f"Bearer {plain}"},
    )

    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/tokens/", '{"name": "wider"}'),
        ("GET", "/api/tokens/", ""),
        ("DELETE", "/api/tokens/01a1f934-4fa3-7bb2-bb5a-3647c342b440/", ""),
        ("PATCH", "/api/me/", '{"email": "thief@example.org"}'),
        ("POST", "/api/projects/", '{"name": "new"}'),
    ],
)
@pytest.mark.parametrize("limit", ["project", "role"])
def test_it_never_widens_itself(people: People, method: str, path: str, body: str, limit: str) -> None:
    limits = {"project": people.project} if limit == "project" else {"role": "manager"}

    answer = _call(people, method, path, body, **limits)

    assert (answer.status_code, answer.json()["code"]) == (403, "auth.token_reach")


def test_it_is_made_and_shown_with_its_limits(people: People) -> None:
    api = people.api("author")
    body = {"name": "nightly", "project": str(people.project.pk), "role": "operator", "days": 7}

    made = api.post("/api/tokens/", body).json()

    assert (made["project"], made["project_name"], made["role"]) == (str(people.project.pk), "Shared", "operator")
    elsewhere = api.post("/api/tokens/", {"name": "x", "project": str(people.other.personal_project.pk)})
    assert elsewhere.status_code == 404
