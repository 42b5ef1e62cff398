"""The page that loads the browser application, its files, and which addresses are its own."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from backend.config import browser as application
from backend.config.urls import APP_PAGES
from tests.harness.people import People

pytestmark = pytest.mark.django_db
DEEP = "workflows/018f0000-0000-7000-8000-000000000000/runs/3"


@pytest.fixture
def browser(people: People) -> Client:
    browser = Client()
    browser.force_login(people.author)
    return browser


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A build: a script that imports another, which brings styles."""
    manifest = {
        "index.html": {"file": "assets/index-aaaaaaaa.js", "imports": ["_shared.js"], "css": ["assets/index.css"]},
        "_shared.js": {"file": "assets/shared-bbbbbbbb.js", "css": ["assets/shared.css"]},
        "lazy.tsx": {"file": "assets/lazy-cccccccc.js", "css": ["assets/lazy.css"]},
    }
    (tmp_path / ".vite").mkdir()
    (tmp_path / ".vite" / "manifest.json").write_text(json.dumps(manifest))
    monkeypatch.setattr(application, "BUILD", tmp_path)
    application.build.cache_clear()
    yield tmp_path
    application.build.cache_clear()


@pytest.mark.usefixtures("made")
def test_it_names_what_the_application_loads_at_once_and_nothing_else(browser: Client) -> None:
    page = browser.get("/").content.decode()

    assert '<script type="module" src="/static/app/assets/index-aaaaaaaa.js"></script>' in page
    assert '<link rel="modulepreload" href="/static/app/assets/shared-bbbbbbbb.js">' in page
    for style in ("index", "shared"):
        assert f'<link rel="stylesheet" href="/static/app/assets/{style}.css">' in page
    assert "lazy" not in page
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\son\w+=", page)


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("path", ["", *APP_PAGES, *(f"{page}/" for page in APP_PAGES), DEEP])
def test_it_leaves_its_own_addresses_to_the_application(browser: Client, path: str) -> None:
    answer = browser.get(f"/{path}")

    assert answer.status_code == 200
    assert b'id="root"' in answer.content
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("path", ["", "workflows/", DEEP])
def test_it_gives_strangers_no_application(path: str) -> None:
    page = Client().get(f"/{path}").content.decode()

    assert "sign-in link" in page
    assert "<script" not in page


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("path", ["/nothing/", "/workflowsx/", "/api/nothing/", "/api/", "/ws/nothing/", "/healthz/x"])
def test_it_does_not_answer_for_anything_else(browser: Client, path: str) -> None:
    answer = browser.get(path)

    assert answer.status_code == 404
    assert b'id="root"' not in answer.content


def test_it_has_a_plain_page_where_nothing_was_built(
    browser: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "BUILD", tmp_path)
    application.build.cache_clear()

    page = browser.get("/").content.decode()
    application.build.cache_clear()

    assert "/api/docs/" in page
    assert "Shared: author" in page


def test_it_lets_browsers_keep_what_was_built_for_ever(browser: Client) -> None:
    application.build.cache_clear()
    built = application.build()
    assert built is not None, "the browser's part is not built: make frontend"

    for name in (built.script, *built.styles, *built.modules):
        answer = browser.get(name)
        assert answer.status_code == 200, name
        assert "immutable" in answer["Cache-Control"], name
        assert answer["X-Content-Type-Options"] == "nosniff"
    assert "immutable" not in browser.get("/static/app/mark.svg")["Cache-Control"]


def test_it_sends_what_was_compressed_when_it_was_built(browser: Client) -> None:
    built = application.build()
    assert built is not None, "the browser's part is not built: make frontend"

    answer = browser.get(built.script, headers={"Accept-Encoding": "br, gzip"})

    assert answer["Content-Encoding"] == "br"
    assert "Accept-Encoding" in answer["Vary"]
