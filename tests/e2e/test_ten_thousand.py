"""G05: a document of ten thousand steps in the editor. All of it is one picture, what is near is a few elements, and
edits are taken, saved and undone. That going far away makes no elements on its way is counted, not timed."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.editor import Editor
from tests.e2e.jobs import lattice

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(900)]
STEPS = 10_000
PATIENCE = 180_000
"""For a machine that has much else to do."""
ELEMENTS = 3_000
MADE = """() => {
    window.__made = 0;
    new MutationObserver((all) => { for (const each of all) window.__made += each.addedNodes.length; })
        .observe(document.querySelector(".react-flow"), { childList: true, subtree: true });
}"""


def test_g05_it_opens_and_edits_ten_thousand_steps(page: Page) -> None:
    page.set_default_timeout(PATIENCE)
    editor = Editor.of(page, lattice("Ten thousand", STEPS, high=100))
    expect(page.get_by_test_id("canvas")).to_have_attribute("data-steps", str(STEPS), timeout=PATIENCE)
    nodes = page.locator(".react-flow__node")
    nodes.first.wait_for()
    assert page.locator("*").count() < ELEMENTS

    page.evaluate(MADE)
    page.get_by_test_id("fit").click()
    expect(page.get_by_test_id("overview")).to_have_attribute("data-drawn", str(STEPS), timeout=PATIENCE)
    assert page.evaluate("() => window.__made") < ELEMENTS
    assert nodes.count() <= 2

    page.get_by_test_id("zoom").click()
    page.get_by_test_id("overview").wait_for(state="detached")
    nodes.first.wait_for()
    assert nodes.count() < 100
    assert page.locator("*").count() < ELEMENTS
    removed = removed_step(page)
    assert removed not in names(editor.saved())
    page.get_by_test_id("undo").click()
    editor.step(removed).wait_for()
    page.locator("[data-testid=save-state][data-state=saved]").wait_for()
    expect(page.get_by_test_id("canvas")).to_have_attribute("data-steps", str(STEPS))
    assert removed in names(editor.saved())


def removed_step(page: Page) -> str:
    found = page.locator("article[data-step]").first
    name = found.get_attribute("data-step")
    assert name is not None
    found.click()
    page.get_by_test_id("inspector").get_by_role("textbox").first.wait_for()
    page.keyboard.press("Delete")
    expect(page.locator(f'article[data-step="{name}"]')).to_have_count(0, timeout=PATIENCE)
    page.locator("[data-testid=save-state][data-state=saved]").wait_for()
    return name


def names(document: dict[str, Any]) -> set[str]:
    return {step["name"] for step in document["steps"]}
