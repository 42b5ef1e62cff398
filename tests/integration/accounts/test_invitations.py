"""Invitations: shown before they are accepted, used as often as they say, and gone when withdrawn."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from backend.apps.accounts.models import Invitation, Membership, ProjectEvent, User
from backend.apps.accounts.services import invitation_accept, invitation_create, user_create
from backend.shared.clock import now
from backend.shared.errors import ProductError
from tests.harness.people import People, people_create

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture
def people() -> People:
    return people_create()


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def _invite(people: People, **more: Any) -> str:
    body = {"role": "operator", **more}
    made = people.api("manager").post(f"/api/projects/{people.project.pk}/invitations/", body)
    assert made.status_code == 201
    link: str = made.json()["link"]
    return "/" + link.split("/", 3)[3]


def _post(browser: Client, path: str, **fields: str) -> Any:
    page = browser.get(path)
    assert page.status_code == 200
    return browser.post(path, {"csrfmiddlewaretoken": str(page.context["csrf_token"]), **fields})


def _role(people: People, username: str) -> str | None:
    return (
        Membership.objects.filter(project=people.project, user__username=username)
        .values_list("role", flat=True)
        .first()
    )


def test_it_shows_project_role_and_inviter_before_anything_is_accepted(people: People, browser: Client) -> None:
    path = _invite(people)

    page = browser.get(path)

    assert all(word in page.content.decode() for word in ("Shared", "Operator", "manager"))
    assert browser.head(path).status_code == 200
    assert Invitation.objects.get().uses == 0


def test_it_says_it_in_chinese(people: People) -> None:
    page = Client(headers={"Accept-Language": "zh-CN"}).get(_invite(people)).content.decode()

    assert "操作员" in page
    assert "邀请您加入项目 Shared" in page


def test_it_makes_a_new_person_a_member(people: People, browser: Client) -> None:
    answer = _post(browser, _invite(people), username="newcomer", password=PASSWORD)

    assert (answer.status_code, answer["Location"]) == (302, f"/?project={people.project.pk}")
    assert _role(people, "newcomer") == "operator"
    assert browser.get("/api/me/").json()["username"] == "newcomer"
    note = ProjectEvent.objects.order_by("-at").first()
    assert note is not None
    assert (note.kind, note.by, note.whom, note.details) == ("joined", "manager", "newcomer", {"role": "operator"})


def test_it_makes_somebody_who_is_known_a_member(people: People, browser: Client) -> None:
    browser.force_login(people.other)

    assert _post(browser, _invite(people)).status_code == 302

    assert _role(people, "other") == "operator"
    assert User.objects.count() == 5


def test_it_neither_lowers_a_member_nor_is_used_by_one(people: People, browser: Client) -> None:
    browser.force_login(people.author)

    assert _post(browser, _invite(people)).status_code == 302

    assert _role(people, "author") == "author"
    assert Invitation.objects.get().uses == 0


def test_it_is_used_up(people: People) -> None:
    path = _invite(people, max_uses=2)
    for number in range(2):
        assert (
            _post(Client(enforce_csrf_checks=True), path, username=f"n{number}", password=PASSWORD).status_code == 302
        )

    late = Client().get(path)

    assert late.status_code == 404
    assert b"cannot be used" in late.content
    assert Client().post(path, {"username": "late", "password": PASSWORD}).status_code == 404
    assert not User.objects.filter(username="late").exists()


@pytest.mark.parametrize("how", ["revoked", "expired", "misspelt"])
def test_it_is_over(people: People, browser: Client, how: str) -> None:
    path = _invite(people)
    key = Invitation.objects.get().pk
    if how == "revoked":
        gone = people.api("manager").delete(f"/api/projects/{people.project.pk}/invitations/{key}/")
        assert gone.status_code == 204
    elif how == "expired":
        Invitation.objects.update(expires_at=now() - timedelta(seconds=1))
    else:
        path = path[:-2] + "/"
    browser.force_login(people.other)

    assert browser.get(path).status_code == 404
    with pytest.raises(ProductError, match="invitation"):
        invitation_accept(token=path.split("/")[2], user=people.other)
    assert _role(people, "other") is None


def test_it_keeps_only_the_hash(people: People) -> None:
    token = _invite(people).split("/")[2]

    assert len(token) >= 43
    assert token not in str(Invitation.objects.values().get())
    listed = people.api("manager").get(f"/api/projects/{people.project.pk}/invitations/").json()
    assert token not in str(listed)
    assert [each["state"] for each in listed["items"]] == ["open"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"username": "newcomer", "password": "short"}, "fewer than 12"),
        ({"username": "newcomer", "password": "q1w2e3r4t5y6"}, "Many people"),
        ({"username": "AUTHOR", "password": PASSWORD}, "Somebody has the name"),
        ({"username": "x", "password": PASSWORD}, "cannot be used"),
        ({"username": "<script>alert(1)</script>", "password": PASSWORD}, "cannot be used"),
        ({"username": "", "password": ""}, "cannot be used"),
    ],
)
def test_it_says_what_is_wrong_and_uses_nothing_up(
    people: People, browser: Client, fields: dict[str, str], code: str
) -> None:
    answer = _post(browser, _invite(people), **fields)
    page = answer.content.decode()

    assert answer.status_code in {409, 422}
    assert code in page
    assert "<script>alert" not in page
    assert fields["password"] == "" or fields["password"] not in page
    assert Invitation.objects.get().uses == 0
    assert User.objects.count() == 5


def test_it_refuses_a_post_from_elsewhere(people: People, browser: Client) -> None:
    path = _invite(people)
    browser.force_login(people.other)

    assert browser.post(path).status_code == 403
    assert _role(people, "other") is None


def test_it_gives_a_new_person_a_session_of_their_own(people: People, browser: Client) -> None:
    path = _invite(people)
    browser.get(path)
    session = browser.session
    session["planted"] = True
    session.save()
    planted = session.session_key

    _post(browser, path, username="newcomer", password=PASSWORD)

    assert browser.session.session_key != planted


@pytest.mark.django_db(transaction=True)
def test_it_lets_no_more_in_at_the_same_moment_than_it_says() -> None:
    people = people_create()
    invitation, path = invitation_create(project=people.project, role="viewer", by=people.manager, max_uses=2)
    users = [user_create(username=f"guest{number}") for number in range(6)]
    together, refused = threading.Barrier(len(users)), []

    def knock(user: User) -> None:
        together.wait()
        try:
            invitation_accept(token=path.split("/")[2], user=user)
        except ProductError as error:
            refused.append(error.code)
        connection.close()

    threads = [threading.Thread(target=knock, args=[user]) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert refused == ["project.invitation_over"] * 4
    assert Membership.objects.filter(project=people.project, user__in=users).count() == 2
    assert Invitation.objects.get(pk=invitation.pk).uses == 2
