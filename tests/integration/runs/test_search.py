"""Finding a run in a list: by its number, its name, its labels, its workflow."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from backend.apps.accounts.services import token_create
from backend.apps.runs import services
from backend.apps.workflows.services import version_freeze, workflow_create
from tests.harness.runs import chain, host, person


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", {1, 2, 3}),
        ("2", {2}),
        ("#3", {3}),
        ("baseline", {1}),
        ("NIGHT", {2, 3}),
        ("gpu", {3}),
        ("gp", set()),
        ("numbers gpu", {3}),
        ("99999999999999999999", set()),
        ("%", set()),
    ],
)
def test_it_finds_runs_by_every_word(words: str, found: set[int]) -> None:
    host()
    user = person()
    workflow = workflow_create(project=user.personal_project, user=user, name="Numbers", document=chain(1))
    version = version_freeze(workflow=workflow, user=user)
    for name, labels in (("baseline", []), ("night", []), ("night 2 of it", ["gpu"])):
        services.run_create(version=version, values={}, by=user, name=name, labels=labels)
    api = Client(headers={"authorization": f"Bearer {token_create(user=user, name='test')}"})
    listed: dict[str, Any] = api.get("/api/runs/", {"search": words} if words else {}).json()
    expected = found | ({3} if words == "2" else set())
    assert {each["number"] for each in listed["items"]} == expected


def test_it_shows_the_newest_run_of_each_workflow() -> None:
    host()
    user = person()
    workflows = [
        workflow_create(project=user.personal_project, user=user, name=name, document=chain(1))
        for name in ("One", "Two", "Never run")
    ]
    for workflow in (*workflows[:2], workflows[0]):
        services.run_create(version=version_freeze(workflow=workflow, user=user), values={}, by=user)
    api = Client(headers={"authorization": f"Bearer {token_create(user=user, name='test')}"})

    newest = api.get("/api/runs/", {"latest": True}).json()["items"]
    one = api.get("/api/runs/", {"latest": True, "workflows": f"{workflows[0].pk},{workflows[2].pk}"}).json()["items"]

    assert [(each["workflow"]["name"], each["number"]) for each in newest] == [("One", 2), ("Two", 1)]
    assert [(each["workflow"]["name"], each["number"]) for each in one] == [("One", 2)]
    assert api.get("/api/runs/", {"workflows": "of,nobody"}).status_code == 422
