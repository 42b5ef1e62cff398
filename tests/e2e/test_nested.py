"""A workflow that runs another one, in a browser: from the step to its run and back, and stopping both by one press."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.editor import Editor
from tests.e2e.gated import Gated, job

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(300)]


def test_a_step_leads_to_the_run_that_it_is_and_stop_reaches_it(wide_page: Page) -> None:
    page = wide_page
    inner = Gated.made(page, job("quick", "wait"), job("slow", "wait", ["quick"]))
    page.goto(f"/workflows/{inner.id}?tab=versions")
    page.get_by_test_id("release").click()
    page.get_by_role("dialog").get_by_role("button", name="Release").click()
    expect(page.get_by_test_id("offer")).to_be_visible()
    fit = {
        "id": "s-fit",
        "name": "fit",
        "kind": "workflow",
        "title": "Fit",
        "properties": {"release": {"workflow": inner.name, "version": 1}, "parameters": []},
    }
    editor = Editor.of(page, {"schema": 1, "name": f"Around {inner.name}", "steps": [fit]})
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("run-dialog").get_by_test_id("plan")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(editor.step("fit")).to_have_attribute("data-state", "running")
    page.get_by_test_id("run-bar").get_by_role("link").click()

    page.locator("article[data-step=fit]").click()
    page.get_by_test_id("nested-run").click()
    expect(page.get_by_test_id("parent-run")).to_contain_text("fit")
    quick = page.locator("article[data-step=quick]")
    expect(quick).to_have_attribute("data-state", "running")
    inner.open("quick")
    expect(quick).to_have_attribute("data-state", "completed")
    expect(page.locator("article[data-step=slow]")).to_have_attribute("data-state", "running")
    page.get_by_test_id("parent-run").click()
    nested = page.get_by_test_id("nested-run")
    expect(nested).to_contain_text(inner.name)
    page.get_by_test_id("stop-run").click()
    expect(page.locator("article[data-step=fit]")).to_have_attribute("data-state", "stopped")
    expect(nested).to_contain_text(re.compile("stopped", re.IGNORECASE))
    nested.click()
    expect(page.locator("article[data-step=slow]")).to_have_attribute("data-state", "stopped")
