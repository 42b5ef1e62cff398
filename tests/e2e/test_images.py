"""Container images in the browser: registered, refused, changed, chosen for a job, deleted; and only looked at."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.editor import Editor
from tests.harness.browser import Visitor

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(300)]
PERSON = "image-author"


def test_it_registers_changes_chooses_and_deletes_an_image(visitor: Visitor) -> None:
    page = visitor.page(PERSON)
    page.goto("/hosts")
    page.get_by_test_id("to-images").click()
    expect(page.get_by_text("No image yet")).to_be_visible()

    # A name that no engine could pull needs a reference beside it, and the server says so.
    page.get_by_test_id("register-image").click()
    page.get_by_test_id("image-name").get_by_role("textbox").fill("Team/ResNet:2")
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_role("dialog").get_by_text("not what a container engine could pull")).to_be_visible()
    page.get_by_role("dialog").get_by_label("Image to pull").fill("registry.example.org/team/resnet:2")
    page.get_by_role("button", name="Register", exact=True).click()
    row = page.get_by_role("row", name="Team/ResNet:2")
    expect(row).to_contain_text("registry.example.org/team/resnet:2")
    expect(row).to_contain_text(PERSON)

    row.get_by_role("button", name="Change “Team/ResNet:2”").click()
    page.get_by_role("dialog").get_by_label("Digest").fill("sha256:" + "ab" * 32)
    page.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("sha256:abab")

    step = {"id": "s1", "name": "train", "kind": "job", "properties": {"algorithm": {"command": ["true"]}}}
    editor = Editor.of(page, {"schema": 1, "name": "in a box", "steps": [step]})
    editor.step("train").click()
    engine = editor.field("/properties/algorithm/engine")
    engine.get_by_role("button").filter(has_text="Not set").click()
    page.get_by_role("option", name="Team/ResNet:2").click()
    expect(engine).to_contain_text("Team/ResNet:2")
    expect(page.get_by_test_id("save-state")).to_have_attribute("data-state", "saved")

    page.goto("/images")
    row.get_by_role("button", name="Delete “Team/ResNet:2”").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No image yet")).to_be_visible()
