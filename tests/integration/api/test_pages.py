"""Headers on everything, the first page, the documentation and the health address."""

import re
from typing import Any

import pytest
from django.db import OperationalError, connections
from django.test import Client

from tests.harness.people import People

pytestmark = pytest.mark.django_db
PATHS = ["/", "/healthz", "/api/schema/", "/api/docs/", "/api/workflows/", "/nothing/", "/api/nothing/", "/sign-in/x/"]


@pytest.fixture
def browser(people: People) -> Client:
    browser = Client()
    browser.force_login(people.author)
    return browser


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("signed_in", [True, False])
def test_it_protects_every_answer(browser: Client, path: str, signed_in: bool) -> None:
    answer = (browser if signed_in else Client()).get(path)

    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/api/docs/", "/nothing/", "/sign-in/x/"])
def test_it_needs_nothing_from_elsewhere(browser: Client, path: str) -> None:
    """No script inside a page, no address of another server in anything that loads."""
    page = browser.get(path).content.decode()

    assert not re.search(r"<script(?![^>]*\ssrc=)", page)
    assert not re.search(r"\son\w+=", page)
    loaded = re.findall(r"<(?:script|link|img|iframe|form)[^>]*(?:src|href|action)=\"([^\"]*)\"", page)
    assert all((each.startswith("/") and not each.startswith("//")) or each.startswith("?") for each in loaded)


def test_it_serves_what_the_documentation_loads(browser: Client) -> None:
    page = browser.get("/api/docs/").content.decode()
    loaded = re.findall(r"(?:src|href)=\"([^\"]+)\"", page)

    assert any("swagger-ui" in each for each in loaded)
    for each in loaded:
        answer = browser.get(each if each.startswith("/") else "/api/docs/" + each)
        assert answer.status_code == 200, each


def test_it_has_no_other_server_in_the_documentations_settings(browser: Client) -> None:
    script = browser.get("/api/docs/?script=").content.decode()

    assert '"validatorUrl": null' in script
    assert not re.search(r"https?://", script)


def test_it_tells_others_how_to_sign_in() -> None:
    page = Client().get("/").content.decode()

    assert "sign-in link" in page
    assert "/api/datasets/" not in page


def test_it_is_healthy(redis_url: str) -> None:
    answer = Client().get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "database": "ok", "redis": "ok"})


@pytest.mark.parametrize("path", ["/healthz/", "/api/healthz", "/api/workflows/healthz", "/x/healthz", "/healthz%2f"])
def test_it_exempts_the_exact_health_address_only(path: str) -> None:
    assert Client().get(path).status_code in {401, 404}


def test_it_says_when_the_database_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise OperationalError("no connection")

    monkeypatch.setattr(connections["default"], "cursor", away)

    answer = Client().get("/healthz")

    assert (answer.status_code, answer.json()["status"]) == (503, "unavailable")
