"""The keyboard alone: from an empty canvas to a run of two steps, without touching the mouse once."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.editor import Editor
from tests.harness.browser import Visitor

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

FOCUSED = """() => {
    const on = document.activeElement;
    const said = on.getAttribute("aria-label") ?? (on.tagName === "BUTTON" ? on.textContent : "");
    return [on.dataset.step ?? "", on.dataset.testid ?? "", said].join("|");
}"""


@pytest.fixture
def page(visitor: Visitor) -> Page:
    return visitor.page(viewport={"width": 1600, "height": 960})


def tab_to(page: Page, wanted: str, *, back: bool = False, most: int = 80) -> None:
    """Press Tab until something with that step, test id or name has the focus."""
    seen = []
    for _ in range(most):
        seen.append(page.evaluate(FOCUSED))
        if wanted in seen[-1]:
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"Tab never came to {wanted}: {seen}")


def add(page: Page, kind: str, name: str) -> None:
    page.keyboard.press("/")
    page.keyboard.type(kind)
    page.keyboard.press("Enter")
    expect(page.locator(f'article[data-step="{name}"]')).to_be_focused()


def test_it_builds_connects_configures_and_runs_by_keys_alone(page: Page) -> None:
    page.goto("/")
    page.get_by_test_id("new").wait_for()
    tab_to(page, "|new|")
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_test_id("name").wait_for()
    page.keyboard.type("By keys")
    page.keyboard.press("Enter")
    page.get_by_test_id("canvas").wait_for()
    page.get_by_role("dialog").wait_for(state="detached")
    editor = Editor(page)

    add(page, "Create dataset", "create_dataset")
    add(page, "Release", "release")
    connect(page, "Release")
    expect(editor.edge("create_dataset", "release")).to_have_attribute("data-role", "data")

    page.keyboard.press("ArrowLeft")
    expect(editor.step("create_dataset")).to_be_focused()
    configure(page)
    document = editor.saved()
    (first, second) = document["steps"]
    assert first["properties"]["dataset_name"] == "by-keys"
    assert second["depends_on"] == [first["name"]]

    page.keyboard.press("Control+Enter")
    form = page.get_by_test_id("run-dialog")
    expect(form).to_be_focused()
    page.keyboard.press("Control+Enter")
    form.wait_for()
    expect(form.get_by_role("alert").first).to_be_visible()
    page.keyboard.press("Escape")
    form.wait_for(state="detached")


def connect(page: Page, step: str) -> None:
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    tab_to(page, f"dataset{step}")
    page.keyboard.press("Enter")
    dialog.wait_for(state="detached")


def configure(page: Page) -> None:
    page.keyboard.press("Enter")
    field = page.get_by_test_id("field:/properties/dataset_name").get_by_role("textbox")
    field.wait_for()
    for _ in range(60):
        if field.evaluate("(each) => each === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.type("by-keys")
    page.keyboard.press("Tab")
