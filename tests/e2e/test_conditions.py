"""Conditions as they are drawn: every operator by the pointer, and a nested one by the keyboard alone."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.editor import Editor
from tests.e2e.gated import decide
from tests.e2e.world import command

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(300)]
METRICS = {"name": "metrics", "type": "metrics", "config": {"metric_files": ["/default/m.json"]}}
JUDGE = decide("judge", "sure", [], [], ["train"])
DOCUMENT = {
    "schema": 1,
    "name": "Judged",
    "parameters": [
        {"id": "p-limit", "name": "limit", "type": "FLOAT", "default": 0.9},
        {"id": "p-sure", "name": "sure", "type": "BOOL", "default": True},
    ],
    "steps": [
        {**command("train", ["true"]), "outputs": [METRICS]},
        {**JUDGE, "properties": {**JUDGE["properties"], "conditions": []}},
    ],
}
SIDES = {
    "is": "EQ",
    "is not": "NOT",
    "is more than": "GT",
    "is at least": "GTE",
    "is less than": "LT",
    "is at most": "LTE",
}
METRIC = {"$metric": {"step": "train", "output": "metrics", "key": "accuracy"}}


def _saved(editor: Editor) -> list[object]:
    found: list[object] = next(each for each in editor.saved()["steps"] if each["name"] == "judge")["properties"][
        "conditions"
    ]
    return found


def _choose(page: Page, opener: Locator, option: str) -> None:
    opener.click()
    page.get_by_role("option").filter(has_text=re.compile(rf"{option}$")).click()


def _operand(page: Page, opener: Locator, kind: str) -> None:
    opener.click()
    page.get_by_role("menuitem", name=kind).or_(page.get_by_role("menuitemcheckbox", name=kind)).or_(
        page.get_by_role("menuitemradio", name=kind)
    ).click()


def test_every_operator_is_drawn_and_what_cannot_be_compared_is_said_at_once(wide_page: Page) -> None:
    page = wide_page
    editor = Editor.of(page, {**DOCUMENT, "name": "Judged by pointer"})
    editor.step("judge").click()
    page.get_by_test_id("add-condition").click()
    first = page.get_by_test_id("condition").first
    expect(first.get_by_role("combobox").first).to_have_attribute("placeholder", "Which metric?")
    first.get_by_role("combobox").first.fill("accuracy")
    page.keyboard.press("Tab")
    operator = first.get_by_role("button", name=re.compile("comparison"))
    for words, name in SIDES.items():
        _choose(page, operator, words)
        assert _saved(editor) == [{"type": name, "left": METRIC, "right": 0}]
    _choose(page, operator, "is one of")
    assert _saved(editor) == [{"type": "IN", "left": METRIC, "right": [0]}]

    _choose(page, operator, "is at least")
    _operand(page, first.get_by_role("button", name=re.compile("right side is")), "Text")
    expect(first.get_by_role("alert")).to_contain_text("cannot compare a number with a text")
    _operand(page, first.get_by_role("button", name=re.compile("right side is")), "Placeholder")
    expect(first.get_by_role("alert")).to_have_count(0)
    held = {"type": "GTE", "left": METRIC, "right": {"$parameter": "limit"}}
    assert _saved(editor) == [held]
    _choose(page, operator, "or")
    nested = page.get_by_test_id("condition").nth(1)
    expect(nested).to_have_attribute("data-nested", "true")
    assert _saved(editor)[0]["type"] == "OR"  # type: ignore[index]
    # A side of it is taken away, and the other is left.
    page.get_by_role("button", name=re.compile("^Remove .*right side")).click()
    assert _saved(editor) == [held]


def test_conditions_three_deep_are_drawn_by_the_keyboard_alone(wide_page: Page) -> None:
    page = wide_page
    editor = Editor.of(page, {**DOCUMENT, "name": "Judged by key"})
    editor.step("judge").click()
    page.get_by_test_id("add-condition").focus()
    page.keyboard.press("Enter")
    expect(page.locator(":focus")).to_have_attribute("aria-label", re.compile("left side is: Metric"))
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("accuracy")
    page.keyboard.press("Tab")
    conditions = page.get_by_test_id("condition")
    for deep in (1, 2):
        conditions.nth(2 * deep - 2).get_by_role("button", name="or …").last.focus()
        page.keyboard.press("Enter")
        expect(conditions).to_have_count(2 * deep + 1)
        expect(page.locator(":focus")).to_have_attribute("aria-label", re.compile("right side, left side is"))
    page.get_by_test_id("add-condition").focus()
    page.keyboard.press("Enter")
    expect(conditions).to_have_count(6)
    saved = _saved(editor)
    assert len(saved) == 2, "a list of conditions that must all hold"
    assert str(saved[0]).count("'OR'") == 2
