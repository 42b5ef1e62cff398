"""The browser application as such: signing in and out, its addresses, its policy, its files."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.harness.browser import Visitor
from tests.harness.live_stack import LiveStack

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(600)]
PLACES = ("workflows", "runs", "todo", "storage", "datasets", "models", "hosts")


def test_it_opens_after_a_click_on_the_link(page: Page) -> None:
    expect(page.get_by_role("navigation").first).to_be_visible()
    expect(page).to_have_title(re.compile("Pipeloom"))


def test_it_tells_strangers_how_to_sign_in(visitor: Visitor) -> None:
    context, _ = visitor.context()
    page = context.new_page()

    page.goto("/workflows/018f0000-0000-7000-8000-000000000000")

    expect(page.get_by_text("sign-in link")).to_be_visible()
    assert page.locator("script").count() == 0


@pytest.mark.parametrize("place", PLACES)
def test_it_can_be_reloaded_anywhere(page: Page, place: str) -> None:
    page.goto(f"/{place}")
    expect(page.get_by_role("main")).to_be_visible()

    page.reload()

    expect(page.get_by_role("main")).to_be_visible()
    assert urlsplit(page.url).path.strip("/").startswith(place)


def test_it_lets_no_inline_script_run(page: Page, visitor: Visitor) -> None:
    page.evaluate(
        """() => { const made = document.createElement("script"); made.textContent = "window.ran = true";
                   document.body.append(made); }"""
    )

    assert page.evaluate("() => window.ran") is None
    watched = visitor.watched(page)
    assert any("Content Security Policy" in each for each in watched.errors)
    watched.forgive("Content Security Policy")


def test_it_asks_for_its_files_only_once(page: Page) -> None:
    sent: list[str] = []
    # What the sign-in's page has not got yet it cannot have kept.
    page.wait_for_load_state("networkidle")
    page.context.on("response", lambda answer: sent.append(answer.url) if "/assets/" in answer.url else None)
    page.goto("/")
    expect(page.get_by_role("main")).to_be_visible()
    first = [url for url in sent if url.endswith((".js", ".css"))]
    entries = "() => performance.getEntriesByType('resource').map((each) => [each.name, each.transferSize])"
    fetched = {name: size for name, size in page.evaluate(entries) if "/assets/" in name}

    assert first
    assert all(size == 0 for size in fetched.values()), "the browser has them from the sign-in's first page"


def test_it_signs_out(page: Page, live_stack: LiveStack) -> None:
    answer = page.request.get("/api/me/")
    assert answer.status == 200

    token = page.context.cookies(live_stack.url)
    csrf = next(each["value"] for each in token if each["name"].startswith("pipeloom_csrf"))
    out = page.request.post("/sign-out/", headers={"X-CSRFToken": csrf, "Referer": live_stack.url + "/"})

    assert out.status == 200
    assert page.request.get("/api/me/").status == 401
