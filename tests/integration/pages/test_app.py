"""The page that loads the browser application."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from backend.apps.accounts.models import User
from backend.apps.accounts.services import user_ensure_first
from backend.config import browser

MANIFEST = {
    "index.html": {"file": "assets/index-aaaaaaaa.js", "css": ["assets/index-bbbbbbbb.css"], "imports": ["_parts.js"]},
    "_parts.js": {"file": "assets/parts-cccccccc.js", "css": ["assets/parts-dddddddd.css"], "imports": ["_parts.js"]},
    "lazy.tsx": {"file": "assets/lazy-eeeeeeee.js", "isDynamicEntry": True},
}


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A build, whether or not this machine has made one."""
    (tmp_path / ".vite").mkdir()
    (tmp_path / ".vite" / "manifest.json").write_text(json.dumps(MANIFEST))
    monkeypatch.setattr(browser, "BUILD", tmp_path)
    browser.build.cache_clear()
    yield tmp_path
    browser.build.cache_clear()


@pytest.fixture
def admin(db: None) -> User:
    return user_ensure_first()


def test_it_names_what_the_page_loads_at_once_and_nothing_that_can_wait(built: Path) -> None:
    found = browser.build()
    assert found is not None
    assert found.script == "/static/app/assets/index-aaaaaaaa.js"
    assert found.styles == ("/static/app/assets/index-bbbbbbbb.css", "/static/app/assets/parts-dddddddd.css")
    assert found.modules == ("/static/app/assets/parts-cccccccc.js",)


@pytest.mark.parametrize("path", ["/", "/workflows/1/", "/runs", "/runs/", "/datasets/x/y"])
def test_it_answers_every_address_of_the_application_with_its_page(built: Path, admin: User, path: str) -> None:
    browser_of_admin = Client()
    browser_of_admin.force_login(admin)
    answer = browser_of_admin.get(path)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'src="/static/app/assets/index-aaaaaaaa.js"' in page
    assert "<script>" not in page
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    assert any(name.startswith("pipeloom_csrf_") for name in answer.cookies)


@pytest.mark.django_db
def test_it_tells_strangers_how_to_sign_in_and_nothing_else(built: Path) -> None:
    answer = Client().get("/workflows/1/")
    assert b"make up" in answer.content
    assert b"<script" not in answer.content


def test_it_has_a_first_page_without_a_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, admin: User) -> None:
    monkeypatch.setattr(browser, "BUILD", tmp_path)
    browser.build.cache_clear()
    signed_in = Client()
    signed_in.force_login(admin)
    assert b"Pipeloom is running" in signed_in.get("/").content
    browser.build.cache_clear()


def test_it_leaves_other_addresses_alone(built: Path, admin: User) -> None:
    signed_in = Client()
    signed_in.force_login(admin)
    assert signed_in.get("/nothing/").status_code == 404
    assert signed_in.get("/api/nothing/").json()["code"] == "request.no_route"


@pytest.mark.parametrize(
    ("cookies", "header", "language", "theme"),
    [
        ({}, "", "en", ""),
        ({}, "de-DE,zh-CN;q=0.8,en;q=0.5", "zh-Hans", ""),
        ({}, "zh-TW,en;q=0.5", "en", ""),
        ({"pipeloom_language": "en"}, "zh-CN", "en", ""),
        ({"pipeloom_language": "zh-Hans", "pipeloom_theme": "dark"}, "en", "zh-Hans", "dark"),
        ({"pipeloom_language": '"><script>', "pipeloom_theme": '"><script>'}, "en", "en", ""),
    ],
)
def test_it_looks_as_the_person_chose(cookies: dict[str, str], header: str, language: str, theme: str) -> None:
    assert browser.appearance(cookies, header) == {"language": language, "theme": theme}


@pytest.mark.django_db
def test_it_greets_in_chinese(built: Path) -> None:
    page = Client().get("/", headers={"accept-language": "zh-CN"}).content.decode()
    assert 'lang="zh-Hans"' in page
    assert "登录" in page
