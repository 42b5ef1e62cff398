"""The gallery in a browser: offering a version to named people, taking it, a version more, and taking people off it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.editor import Editor
from tests.e2e.world import command
from tests.harness.browser import Visitor

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(300)]
NAME = "Lent to others"
DOCUMENT = {"schema": 1, "name": NAME, "steps": [command("greet", ["echo", "hello"], title="Greet everybody")]}


def _release(page: Page, name: str) -> None:
    page.get_by_test_id("release").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").first.fill(name)
    dialog.get_by_role("button", name="Release").click()
    expect(page.get_by_test_id("offer")).to_be_visible()


def _take(reader: Page) -> None:
    """What a borrower sees of it, with the keyboard."""
    reader.goto("/gallery")
    reader.get_by_role("searchbox").fill("lent to OTHERS")
    row = reader.get_by_role("row").filter(has_text=NAME)
    expect(row).to_contain_text("1.0.0")
    row.press("Enter")
    expect(reader.get_by_test_id("offer-version:1.0.0")).to_be_visible()
    expect(reader.get_by_test_id("offer-version:1.0.1")).to_have_count(0)
    expect(reader.get_by_test_id("withdraw")).to_have_count(0)
    reader.get_by_test_id("subscribe").press("Enter")
    expect(Editor(reader).step("greet")).to_be_visible()


def test_it_lends_a_workflow_to_named_people_version_by_version(visitor: Visitor) -> None:
    reader = visitor.page("borrower")
    author = visitor.page()
    editor = Editor.of(author, DOCUMENT)
    author.goto(f"/workflows/{editor.id}?tab=versions")
    _release(author, "First")

    author.get_by_test_id("offer").click()
    dialog = author.get_by_role("dialog")
    dialog.get_by_test_id("offer-sharing").get_by_role("button").click()
    author.get_by_role("option", name="Named people").click()
    dialog.get_by_test_id("offer-people").get_by_role("textbox").fill("borrower, somebody")
    dialog.get_by_test_id("offer-number").get_by_role("textbox").fill("one")
    expect(dialog.get_by_role("button", name="Offer")).to_be_disabled()
    dialog.get_by_test_id("offer-number").get_by_role("textbox").fill("")
    dialog.get_by_role("button", name="Offer").click()
    expect(dialog).to_be_hidden()

    # Once more it is the next version of the same, which those who saw the newest see, too.
    author.get_by_test_id("offer").click()
    expect(dialog).to_contain_text("the next version after 1.0.0")
    dialog.get_by_role("button", name="Offer").click()
    author.get_by_role("button", name="Open").last.click()
    expect(author).to_have_url(re.compile("/gallery/"))
    expect(author.get_by_test_id("offer-version:1.0.1")).to_be_visible()
    author.locator("[data-person=borrower]").get_by_role("button").click()
    expect(author.locator("[data-person=borrower]")).to_have_count(0)

    _take(reader)

    author.get_by_test_id("withdraw").click()
    author.get_by_role("alertdialog").get_by_role("button", name="Take out").click()
    expect(author).to_have_url(re.compile("/gallery$"))
    reader.reload()
    expect(Editor(reader).step("greet")).to_be_visible()
    reader.goto("/gallery")
    expect(reader.get_by_test_id("template").first).to_be_visible()
    expect(reader.get_by_role("row").filter(has_text=NAME)).to_have_count(0)


def test_it_begins_with_a_template(page: Page) -> None:
    page.goto("/gallery")
    page.get_by_role("searchbox").fill("digits")
    page.get_by_test_id("template").get_by_role("button", name="Use template").press("Enter")
    expect(page.locator("article[data-step]")).to_have_count(4)
