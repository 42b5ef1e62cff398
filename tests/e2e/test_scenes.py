"""Parts of a workflow in a browser: scenes that stand out on the canvas, steps left out, and the keys for it."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.editor import Editor
from tests.e2e.world import command, placed

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(300)]
STEPS = [command("load", ["true"]), command("train", ["true"], "load"), command("judge", ["true"], "train")]
DOCUMENT = {
    "schema": 1,
    "name": "In parts",
    "steps": STEPS,
    "scenes": [
        {"id": "scene-1", "name": "Judging", "steps": ["judge"]},
        {"id": "scene-2", "name": "First", "steps": ["load"]},
    ],
    "layout": placed(STEPS),
}


def _faint(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('article[data-dimmed]')].map((each) => each.dataset.step)"
    )
    return found


def test_a_scene_stands_out_where_it_is_edited_chosen_and_run(wide_page: Page) -> None:
    page = wide_page
    editor = Editor.of(page, DOCUMENT)
    sign = page.get_by_test_id("spotlight")
    expect(editor.step("judge")).to_be_visible()
    assert _faint(page) == []

    page.get_by_text("Judging", exact=True).first.click()
    expect(sign).to_contain_text("1 of 3 steps")
    assert _faint(page) == ["load", "train"]
    page.get_by_test_id("members").locator("[data-step=train] input").check()
    expect(sign).to_contain_text("2 of 3 steps")
    assert _faint(page) == ["load"]

    page.keyboard.press("Control+Enter")
    form = page.get_by_test_id("run-dialog")
    expect(sign).to_have_count(0)
    form.get_by_test_id("scene-choice").get_by_role("button").click()
    page.get_by_role("option", name="First").click()
    expect(sign).to_contain_text("1 of 3 steps would run")
    assert _faint(page) == ["train", "judge"]
    # The list has the focus, and would take the Enter for itself.
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("run-bar")).to_have_attribute("data-state", "completed")
    expect(sign).to_contain_text("this run is of the scene alone")
    page.get_by_test_id("run-bar").get_by_role("link").click()
    expect(sign).to_contain_text("First")
    assert _faint(page) == ["train", "judge"]


def test_steps_are_left_out_and_found_by_key(wide_page: Page) -> None:
    page = wide_page
    editor = Editor.of(page, {**DOCUMENT, "name": "Left out"})
    train = editor.step("train")
    train.click()
    page.keyboard.press("d")
    expect(train).to_have_attribute("data-out", "true")
    expect(train).to_contain_text("Skipped")
    page.keyboard.press("]")
    expect(page.get_by_test_id("selected")).to_contain_text("2")
    page.keyboard.press("d")
    expect(editor.step("judge")).to_have_attribute("data-out", "true")
    page.keyboard.press("Control+z")
    expect(editor.step("judge")).not_to_have_attribute("data-out", "true")

    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("run-dialog")).to_be_visible()
    expect(train).to_have_attribute("data-state", "will_skip")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("run-bar")).to_have_attribute("data-state", "completed")
    expect(train).to_have_attribute("data-state", "skipped")

    page.get_by_test_id("canvas").locator(".react-flow__pane").click(position={"x": 400, "y": 400})
    page.keyboard.press("Control+f")
    page.get_by_role("searchbox", name="Find a step").fill("jud")
    page.keyboard.press("Enter")
    expect(editor.step("judge")).to_be_focused()
    page.keyboard.press("?")
    keys = page.get_by_test_id("shortcuts")
    for said in ("Leave out of runs", "Select with all behind it", "Steps as a list", "Stop"):
        expect(keys).to_contain_text(said)
