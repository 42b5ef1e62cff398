"""Name and password: who comes in, how often one may guess, and what a change ends."""

import threading
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from backend.apps.accounts.models import SignInTry, User
from backend.apps.accounts.services import sign_in_link_create, token_create, user_create
from backend.apps.accounts.services.guard import TRIES_OF_BOTH, guarded
from backend.config.entrance_words import EN, PROBLEMS_ZH, ROLES_EN, ROLES_ZH, ZH
from backend.domain.problems import CATALOGUE
from backend.shared.clock import now
from backend.shared.errors import ProductError

pytestmark = pytest.mark.django_db
PASSWORD, NEW = "correct horse battery", "a different long one"


@pytest.fixture
def user() -> User:
    return user_create(username="Ada", password=PASSWORD)


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def _sign_in(browser: Client, name: str, password: str, **more: str) -> Any:
    page = browser.get("/sign-in/")
    token = str(page.context["csrf_token"])
    return browser.post("/sign-in/", {"csrfmiddlewaretoken": token, "username": name, "password": password, **more})


def _change(browser: Client, **body: str) -> Any:
    browser.get("/")
    token = next(value.value for name, value in browser.cookies.items() if "csrf" in name)
    return browser.post("/api/me/password/", body, content_type="application/json", headers={"X-CSRFToken": token})


@pytest.mark.parametrize("name", ["Ada", "ada", " Ada "])
def test_it_signs_in_by_name_and_password(browser: Client, user: User, name: str) -> None:
    answer = _sign_in(browser, name, PASSWORD, next="/runs?state=running")

    assert (answer.status_code, answer["Location"]) == (302, "/runs?state=running")
    assert browser.get("/api/me/").json()["username"] == "Ada"


@pytest.mark.parametrize("wanted", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "\\\\evil", "x"])
def test_it_leads_nowhere_else(browser: Client, user: User, wanted: str) -> None:
    assert _sign_in(browser, "Ada", PASSWORD, next=wanted)["Location"] == "/"


@pytest.mark.parametrize(("name", "password"), [("Ada", "wrong"), ("nobody", PASSWORD), ("Ada", ""), ("", "")])
def test_it_says_the_same_of_a_wrong_name_and_a_wrong_password(
    browser: Client, user: User, name: str, password: str
) -> None:
    answer = _sign_in(browser, name, password)

    assert answer.status_code == 403
    assert "The name or the password is not right" in answer.content.decode()
    assert browser.get("/api/me/").status_code == 401


def test_it_refuses_people_without_a_password_and_people_locked_out(browser: Client, user: User) -> None:
    user_create(username="linked")
    User.objects.filter(pk=user.pk).update(is_active=False)

    for name in ("linked", "Ada"):
        assert _sign_in(browser, name, PASSWORD).status_code == 403


def test_it_refuses_more_guesses_also_the_right_one(browser: Client, user: User) -> None:
    for _ in range(TRIES_OF_BOTH):
        assert _sign_in(browser, "Ada", "wrong").status_code == 403

    answer = _sign_in(browser, "Ada", PASSWORD)

    assert answer.status_code == 429
    assert "Wait 15 minutes" in answer.content.decode()
    SignInTry.objects.update(at=now() - timedelta(minutes=16))
    assert _sign_in(browser, "Ada", PASSWORD).status_code == 302


def test_it_locks_nobody_out_who_has_a_link(browser: Client, user: User) -> None:
    for _ in range(TRIES_OF_BOTH + 1):
        _sign_in(browser, "Ada", "wrong")
    path = sign_in_link_create(user=user)

    page = browser.get(path)

    assert browser.post(path, {"csrfmiddlewaretoken": str(page.context["csrf_token"])}).status_code == 302


def test_it_forgets_wrong_guesses_after_a_right_one(browser: Client, user: User) -> None:
    for _ in range(TRIES_OF_BOTH - 1):
        _sign_in(browser, "Ada", "wrong")
    assert _sign_in(browser, "Ada", PASSWORD).status_code == 302

    for _ in range(TRIES_OF_BOTH):
        assert _sign_in(Client(enforce_csrf_checks=True), "Ada", "wrong").status_code == 403


def test_it_keeps_no_name_of_those_who_tried(browser: Client) -> None:
    _sign_in(browser, "my secret typed into the wrong field", "wrong")

    assert "secret" not in str(list(SignInTry.objects.values()))


@pytest.mark.django_db(transaction=True)
def test_it_judges_no_more_guesses_at_the_same_moment_than_one_after_the_other() -> None:
    judged, together = [], threading.Barrier(12)

    def guess() -> None:
        together.wait()
        with suppress(ProductError):
            guarded(person="ada", place="here", knows=lambda: judged.append(1))
        connection.close()

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(judged) <= TRIES_OF_BOTH


def test_it_refuses_a_post_from_elsewhere(browser: Client, user: User) -> None:
    """Else another site could sign a visitor in as somebody else, and read what they then write."""
    assert browser.post("/sign-in/", {"username": "Ada", "password": PASSWORD}).status_code == 403


def test_it_gives_a_new_session_at_sign_in(browser: Client, user: User) -> None:
    browser.get("/sign-in/")
    session = browser.session
    session["planted"] = True
    session.save()
    planted = session.session_key

    _sign_in(browser, "Ada", PASSWORD)

    assert browser.session.session_key != planted
    assert "planted" not in browser.session or browser.session.session_key != planted


def test_it_ends_every_other_session_when_the_password_changes(browser: Client, user: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(user)
    browser.force_login(user)
    token = token_create(user=user, name="script")

    assert _change(browser, current=PASSWORD, new=NEW).status_code == 204

    assert browser.get("/api/me/").status_code == 200
    assert elsewhere.get("/api/me/").status_code == 401
    assert Client().get("/api/me/", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    assert _sign_in(Client(enforce_csrf_checks=True), "Ada", PASSWORD).status_code == 403
    assert _sign_in(Client(enforce_csrf_checks=True), "Ada", NEW).status_code == 302


def test_it_changes_the_session_key_with_the_password(browser: Client, user: User) -> None:
    browser.force_login(user)
    before = browser.session.session_key

    _change(browser, current=PASSWORD, new=NEW)

    assert browser.session.session_key != before


@pytest.mark.parametrize(
    ("body", "code", "path"),
    [
        ({"current": "wrong", "new": NEW}, "auth.password_wrong", "/current"),
        ({"new": NEW}, "auth.password_wrong", "/current"),
        ({"current": PASSWORD, "new": "short"}, "auth.password_short", "/new"),
        ({"current": PASSWORD, "new": "q1w2e3r4t5y6"}, "auth.password_common", "/new"),
    ],
)
def test_it_changes_no_password_without_reason(
    browser: Client, user: User, body: dict[str, str], code: str, path: str
) -> None:
    browser.force_login(user)

    answer = _change(browser, **body)

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["problems"][0]["path"] == path
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_it_sets_a_first_password_without_one_before(browser: Client) -> None:
    browser.force_login(user_create(username="linked"))

    assert browser.get("/api/me/").json()["has_password"] is False
    assert _change(browser, new=NEW).status_code == 204
    assert browser.get("/api/me/").json()["has_password"] is True


def test_it_lets_nobody_guess_the_password_in_an_open_browser(browser: Client, user: User) -> None:
    browser.force_login(user)
    for _ in range(TRIES_OF_BOTH):
        _change(browser, current="wrong", new=NEW)

    assert _change(browser, current=PASSWORD, new=NEW).status_code == 429


def test_it_changes_no_password_for_a_token(user: User) -> None:
    token = token_create(user=user, name="stolen")

    answer = Client().post(
        "/api/me/password/",
        {"current": PASSWORD, "new": NEW},
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "auth.session_needed")


def test_it_says_everything_at_the_entrance_in_both_languages() -> None:
    assert EN.keys() == ZH.keys()
    assert ROLES_EN.keys() == ROLES_ZH.keys()
    assert {*PROBLEMS_ZH} <= {*CATALOGUE}
    mine = {code for code in CATALOGUE if code.startswith(("auth.name", "auth.password", "auth.sign_in", "auth.too"))}
    assert mine - {"auth.password_wrong"} <= {*PROBLEMS_ZH}
