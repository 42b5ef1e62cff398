"""Projects and their members: always a manager, a history, and nothing left for those who have gone."""

import threading
from contextlib import nullcontext
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.apps.accounts.models import ApiToken, Membership, Project, ProjectEvent, Role, User
from backend.apps.accounts.services import (
    member_remove,
    member_set,
    project_create,
    project_rename,
    token_make,
    user_create,
)
from backend.shared.errors import ProductError
from tests.harness.people import Api, People, people_create

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> People:
    return people_create()


def _members(people: People) -> str:
    return f"/api/projects/{people.project.pk}/members/"


def test_it_makes_a_project_whose_maker_manages_it(people: People) -> None:
    api = people.api("other")

    made = api.post("/api/projects/", {"name": "Digits"}).json()

    assert (made["name"], made["role"], made["members"], made["owner"]) == ("Digits", "manager", 1, None)
    listed = api.get("/api/projects/").json()["items"]
    assert [(each["name"], each["owner"]) for each in listed] == [("Digits", None), ("other", "other")]


def test_it_renames(people: People) -> None:
    api = people.api("manager")

    assert api.patch(f"/api/projects/{people.project.pk}/", {"name": "Letters"}).json()["name"] == "Letters"

    note = api.get(f"/api/projects/{people.project.pk}/history/").json()["items"][0]
    assert (note["kind"], note["by"], note["details"]) == (
        "renamed",
        "manager",
        {"before": "Shared", "after": "Letters"},
    )


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, None, "a\x00b"])
def test_it_refuses_a_name_that_is_none(people: People, name: Any) -> None:
    assert people.api("other").post("/api/projects/", {"name": name}).status_code in {400, 422}


def test_it_changes_a_role_at_once(people: People) -> None:
    changed = people.api("manager").patch(f"{_members(people)}{people.viewer.pk}/", {"role": "author"})

    assert changed.status_code == 204
    made = people.api("viewer").post("/api/workflows/", {"name": "mine", "project": str(people.project.pk)})
    assert made.status_code == 201


def test_it_says_who_cannot_be_changed_and_why(people: People) -> None:
    api = people.api("viewer")
    found = {each["username"]: each["fixed"] for each in api.get(_members(people)).json()["items"]}
    own = api.get(f"/api/projects/{people.viewer.personal_project.pk}/members/").json()["items"]

    assert found == {"author": None, "manager": "project.last_manager", "operator": None, "viewer": None}
    assert [each["fixed"] for each in own] == ["project.owner_stays"]


@pytest.mark.parametrize("way", ["leave", "remove", "demote"])
def test_it_keeps_the_last_manager(people: People, way: str) -> None:
    api, path = people.api("manager"), f"{_members(people)}{people.manager.pk}/"
    ways = {
        "leave": lambda: api.post(f"/api/projects/{people.project.pk}/leave/"),
        "remove": lambda: api.delete(path),
        "demote": lambda: api.patch(path, {"role": "author"}),
    }

    answer = ways[way]()

    assert (answer.status_code, answer.json()["code"]) == (409, "project.last_manager")
    member_set(project=people.project, user=people.author, role="manager")
    assert ways[way]().status_code == 204


@pytest.mark.parametrize("way", ["leave", "remove", "demote"])
def test_it_keeps_a_person_in_their_own_project(people: People, way: str) -> None:
    own = people.viewer.personal_project
    member_set(project=own, user=people.manager, role="manager")
    path = f"/api/projects/{own.pk}/members/{people.viewer.pk}/"
    ways = {
        "leave": lambda: people.api("viewer").post(f"/api/projects/{own.pk}/leave/"),
        "remove": lambda: people.api("manager").delete(path),
        "demote": lambda: people.api("manager").patch(path, {"role": "viewer"}),
    }

    answer = ways[way]()

    assert (answer.status_code, answer.json()["code"]) == (409, "project.owner_stays")


def test_it_leaves_nothing_to_somebody_removed(people: People) -> None:
    """Their sessions and tokens see nothing of the project any more; tokens for it alone end."""
    token_make(user=people.author, name="only here", project=people.project)
    everywhere = people.api("author")
    begun = everywhere.post(
        f"/api/storage/uploads/?project={people.project.pk}", {"path": "/default/big.bin", "size": 3}
    ).json()

    assert people.api("manager").delete(f"{_members(people)}{people.author.pk}/").status_code == 204

    assert list(ApiToken.objects.filter(user=people.author).values_list("name", flat=True)) == ["test"]
    assert everywhere.get(f"/api/projects/{people.project.pk}/").status_code == 404
    late = everywhere.patch(
        f"/api/storage/uploads/{begun['id']}/?offset=0", data=b"abc", content_type="application/octet-stream"
    )
    assert late.status_code == 404
    assert everywhere.get("/api/me/").json()["projects"] == [
        {"project": str(people.author.personal_project.pk), "name": "author", "role": "manager", "personal": True}
    ]


def test_it_shows_managers_who_did_what(people: People) -> None:
    manager = people.api("manager")
    manager.patch(f"{_members(people)}{people.viewer.pk}/", {"role": "operator"})
    manager.delete(f"{_members(people)}{people.operator.pk}/")
    people.api("author").post(f"/api/projects/{people.project.pk}/leave/")

    notes = manager.get(f"/api/projects/{people.project.pk}/history/?limit=3").json()["items"]

    assert [(each["kind"], each["by"], each["whom"]) for each in notes] == [
        ("left", "author", "author"),
        ("removed", "manager", "operator"),
        ("role_changed", "manager", "viewer"),
    ]
    assert notes[2]["details"] == {"before": "viewer", "after": "operator"}


@pytest.mark.django_db(transaction=True)
def test_it_lets_only_one_of_two_managers_go_at_the_same_moment() -> None:
    ada, bob = user_create(username="ada"), user_create(username="bob")
    project = project_create(name="Two", by=ada)
    member_set(project=project, user=bob, role="manager")
    together, refused = threading.Barrier(2), []

    def leave(user: User) -> None:
        together.wait()
        try:
            member_remove(project=project, user=user, by=user)
        except ProductError as error:
            refused.append(error.code)
        connection.close()

    threads = [threading.Thread(target=leave, args=[user]) for user in (ada, bob)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert refused == ["project.last_manager"]
    assert Membership.objects.get(project=project).role == "manager"


NAMES = ("ada", "bob", "cai", "dee")
MOVES = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from([*Role.values, "gone"])), max_size=25)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(personal=st.booleans(), moves=MOVES)
def test_it_has_a_manager_whatever_happens(personal: bool, moves: list[tuple[str, str]]) -> None:
    """Members as a model would have them: a refused change changes nothing, an accepted one is noted."""
    tag = str(User.objects.count())
    users = {name: user_create(username=name + tag) for name in NAMES}
    ada = users["ada"]
    project = ada.personal_project if personal else project_create(name="Model", by=ada)
    model = {"ada": "manager"}

    for name, wanted in moves:
        others_manage = any(role == "manager" for each, role in model.items() if each != name)
        bound = not others_manage or (personal and name == "ada")
        stays = model.get(name) == "manager" and wanted != "manager" and bound
        refused = stays or (wanted == "gone" and name not in model)
        notes = ProjectEvent.objects.filter(project=project).count()
        with pytest.raises(ProductError) if refused else nullcontext():
            if wanted == "gone":
                member_remove(project=project, user=users[name], by=ada)
            else:
                member_set(project=project, user=users[name], role=wanted, by=ada)
        changed = not refused and model.get(name) != wanted
        assert ProjectEvent.objects.filter(project=project).count() == notes + changed
        if not refused:
            model[name] = wanted
        if wanted == "gone" and not refused:
            del model[name]

    found = Membership.objects.filter(project=project).values_list("user__username", "role")
    assert dict(found) == {name + tag: role for name, role in model.items()}


def test_it_notes_no_rename_to_the_same_name(people: People) -> None:
    before = ProjectEvent.objects.count()

    assert project_rename(project=people.project, name="Shared", by=people.manager).name == "Shared"

    assert ProjectEvent.objects.count() == before


def test_it_hides_members_of_other_projects(people: People) -> None:
    """An id of somebody who is no member is nobody, also for a manager."""
    answer = people.api("manager").patch(f"{_members(people)}{people.other.pk}/", {"role": "viewer"})

    assert (answer.status_code, answer.json()["code"]) == (404, "request.not_found")
    assert Project.objects.for_user(people.other).get() == people.other.personal_project


def test_it_tells_people_apart_whatever_the_case(people: People) -> None:
    assert Api(people.other).patch("/api/me/", {"display_name": "Ada Lovelace", "language": "zh-Hans"}).json()[
        "display_name"
    ] == ("Ada Lovelace")
    with pytest.raises(Exception, match="username_once"):
        user_create(username="OTHER")
