"""The one-time link, the session it makes, and the first page."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from backend.apps.accounts.models import SignInLink, User
from backend.apps.accounts.services import sign_in_link_consume, sign_in_link_create, user_ensure_first
from backend.shared.clock import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return user_ensure_first()


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def _csrf(browser: Client, path: str) -> str:
    page = browser.get(path)
    assert page.status_code == 200
    token: str = page.context["csrf_token"]
    return str(token)


def test_it_signs_in_by_a_post_from_its_own_page(browser: Client, user: User) -> None:
    path = sign_in_link_create(user=user)

    answer = browser.post(path, {"csrfmiddlewaretoken": _csrf(browser, path)})

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert browser.get("/api/me/").json()["username"] == "admin"


def test_it_keeps_the_link_while_people_only_look(browser: Client, user: User) -> None:
    path = sign_in_link_create(user=user)

    for _ in range(3):
        assert browser.get(path).status_code == 200
    browser.head(path)

    assert browser.post(path, {"csrfmiddlewaretoken": _csrf(browser, path)}).status_code == 302


def test_it_signs_in_once_only(browser: Client, user: User) -> None:
    path = sign_in_link_create(user=user)
    csrf = _csrf(browser, path)
    browser.post(path, {"csrfmiddlewaretoken": csrf})

    late = Client()
    answer = late.post(path)

    assert answer.status_code == 404
    assert b"cannot be used" in answer.content
    assert late.get("/api/me/").status_code == 401


def test_it_refuses_a_link_that_is_too_old(browser: Client, user: User) -> None:
    path = sign_in_link_create(user=user)
    SignInLink.objects.update(expires_at=now() - timedelta(seconds=1))

    assert browser.get(path).status_code == 404
    assert sign_in_link_consume(token=path.split("/")[2]) is None


def test_it_refuses_a_post_without_the_page(browser: Client, user: User) -> None:
    path = sign_in_link_create(user=user)

    assert browser.post(path).status_code == 403
    assert SignInLink.objects.get().used_at is None


def test_it_stores_only_the_hash(user: User) -> None:
    token = sign_in_link_create(user=user).split("/")[2]

    assert len(token) >= 43
    assert token not in str(SignInLink.objects.values().get())


def test_it_replaces_an_unused_link_by_a_new_one(user: User) -> None:
    first, second = sign_in_link_create(user=user), sign_in_link_create(user=user)

    assert sign_in_link_consume(token=first.split("/")[2]) is None
    assert sign_in_link_consume(token=second.split("/")[2]) == user


@pytest.mark.django_db(transaction=True)
def test_it_lets_one_of_many_at_the_same_moment_in(user: User) -> None:
    token = sign_in_link_create(user=user).split("/")[2]
    together, let_in = threading.Barrier(6), []

    def knock() -> None:
        together.wait()
        let_in.append(sign_in_link_consume(token=token))
        connection.close()

    threads = [threading.Thread(target=knock) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(each is not None for each in let_in) == [False] * 5 + [True]


def test_it_signs_out_on_the_server(browser: Client, user: User) -> None:
    path = sign_in_link_create(user=user)
    browser.post(path, {"csrfmiddlewaretoken": _csrf(browser, path)})
    stolen = browser.cookies.copy()

    browser.post("/sign-out/", {"csrfmiddlewaretoken": _csrf(browser, "/")})

    thief = Client()
    thief.cookies = stolen
    assert thief.get("/api/me/").status_code == 401


def test_it_gives_a_new_session_at_sign_in(browser: Client, user: User) -> None:
    """Else a session that somebody planted before would be signed in by its victim."""
    path = sign_in_link_create(user=user)
    csrf = _csrf(browser, path)
    session = browser.session
    session["planted"] = True
    session.save()
    planted = session.session_key

    browser.post(path, {"csrfmiddlewaretoken": csrf})

    assert browser.session.session_key != planted


def test_it_refuses_people_who_were_locked_out(browser: Client, user: User) -> None:
    path = sign_in_link_create(user=user)
    User.objects.update(is_active=False)

    assert browser.get(path).status_code == 404
    assert sign_in_link_consume(token=path.split("/")[2]) is None


def test_it_makes_the_first_user_once() -> None:
    assert user_ensure_first() == user_ensure_first()
    assert user_ensure_first().personal_project.memberships.get().role == "manager"
