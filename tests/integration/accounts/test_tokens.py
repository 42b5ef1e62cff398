"""Bearer tokens: shown once, kept as a hash, and gone when revoked."""

from datetime import timedelta

import pytest
from django.test import Client

from backend.apps.accounts.models import ApiToken, User
from backend.apps.accounts.selectors import user_of_token
from backend.apps.accounts.services import token_create, user_create
from backend.shared.clock import now
from tests.harness.people import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return user_create(username="ada")


def _me(token: str) -> int:
    return int(Client().get("/api/me/", headers={"Authorization": f"Bearer {token}"}).status_code)


def test_it_shows_the_token_once(user: User) -> None:
    api = Api(user)

    made = api.post("/api/tokens/", {"name": "notebook"}).json()

    assert _me(made["token"]) == 200
    listed = api.get("/api/tokens/?order=name").json()["items"]
    assert [each["name"] for each in listed] == ["notebook", "test"]
    assert made["token"] not in str(listed)
    assert made["token"] not in str(list(ApiToken.objects.values()))


def test_it_revokes(user: User) -> None:
    api = Api(user)
    made = api.post("/api/tokens/", {"name": "notebook"}).json()

    assert api.delete(f"/api/tokens/{made['id']}/").status_code == 204

    assert _me(made["token"]) == 401


def test_it_hides_tokens_of_others(user: User) -> None:
    made = Api(user).post("/api/tokens/", {"name": "notebook"}).json()
    other = Api(user_create(username="bob"))

    assert other.delete(f"/api/tokens/{made['id']}/").status_code == 404
    assert [each["name"] for each in other.get("/api/tokens/").json()["items"]] == ["test"]


def test_it_lets_tokens_expire(user: User) -> None:
    token = token_create(user=user, name="short", days=1)
    assert _me(token) == 200

    ApiToken.objects.update(expires_at=now() - timedelta(seconds=1))

    assert _me(token) == 401


def test_it_notes_when_a_token_was_used(user: User) -> None:
    token = token_create(user=user, name="watched")
    assert ApiToken.objects.get().last_used_at is None

    assert user_of_token(token) == user
    first = ApiToken.objects.get().last_used_at
    user_of_token(token)

    assert first is not None
    assert ApiToken.objects.get().last_used_at == first


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Bearer nothing", "Basic YTpi", "Bearer " + "x" * 5_000, "Bearer é", "Token x", "bearer\tx"],
)
def test_it_refuses_a_header_that_is_no_token(user: User, header: str) -> None:
    answer = Client().get("/api/me/", headers={"Authorization": header})

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["code"] == "auth.refused"


def test_it_refuses_tokens_of_people_who_were_locked_out(user: User) -> None:
    token = token_create(user=user, name="left")
    User.objects.update(is_active=False)

    assert _me(token) == 401
