"""The language in the browser: versions and merging, files of other programs, scenes and groups, and every construct
that can be drawn. Few stories, each as somebody would live it."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.editor import Editor, middle
from tests.e2e.jobs import document, job
from tests.harness.browser import Visitor
from tests.unit.domain.interop.test_other_programs import ELYRA, KUBEFLOW

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
RUNS = {"algorithm": {"command": ["true"]}}


@pytest.fixture
def page(visitor: Visitor) -> Page:
    return visitor.page(viewport={"width": 1600, "height": 960})


def runnable(name: str, *takes: str, asks: str | None = None) -> dict[str, Any]:
    properties: dict[str, Any] = json.loads(json.dumps(RUNS))
    if asks is not None:
        properties["algorithm"]["parameters"] = [{"name": asks, "value": {"$parameter": asks}}]
    return {**job(name, *takes), "properties": properties}


def chain(name: str, **more: Any) -> dict[str, Any]:
    steps = {
        (0, 0): runnable("load", asks="rows"),
        (340, 0): runnable("train", "load", asks="epochs"),
        (680, 0): runnable("report", "train"),
    }
    asks = [{"id": f"p-{each}", "name": each, "type": "INT", "default": 3} for each in ("rows", "epochs")]
    return document(name, steps, parameters=asks, **more)


def rename(editor: Editor, step: str, title: str) -> None:
    editor.select(step)
    editor.page.keyboard.press("F2")
    dialog = editor.page.get_by_role("dialog")
    dialog.get_by_role("textbox").first.fill(title)
    editor.page.keyboard.press("Enter")
    dialog.wait_for(state="detached")


def titles(editor: Editor) -> list[str]:
    return [step["title"] for step in editor.saved()["steps"]]


def choose_file(page: Page, opener: Locator, path: Path) -> None:
    with page.expect_file_chooser() as chooser:
        opener.click()
    chooser.value.set_files(path)


def release(page: Page, name: str) -> None:
    page.get_by_test_id("release").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").first.fill(name)
    page.keyboard.press("Enter")
    dialog.wait_for(state="detached")


def test_it_releases_compares_and_restores_versions(page: Page) -> None:
    editor = Editor.of(page, chain("Kept"))
    page.get_by_test_id("tab-versions").click()
    page.get_by_test_id("version:draft").wait_for()
    release(page, "First")
    page.get_by_test_id("version:1").wait_for()

    page.get_by_test_id("tab-design").click()
    rename(editor, "train", "Train longer")
    editor.saved()
    page.get_by_test_id("tab-versions").click()
    changed = page.get_by_test_id("diff").locator("[data-what=changed][data-list=steps]")
    expect(changed).to_have_attribute("data-name", "train")
    expect(changed).to_contain_text("Train longer")
    release(page, "Second")
    page.get_by_test_id("version:1").click()
    page.get_by_test_id("restore").click()
    page.get_by_role("dialog").get_by_role("button").last.click()
    expect(editor.step("train")).not_to_contain_text("longer")
    assert titles(editor) == ["Load", "Train", "Report"]
    page.get_by_test_id("undo").click()
    assert titles(editor) == ["Load", "Train longer", "Report"]

    page.get_by_test_id("tab-program").click()
    expect(page.locator(".cm-content")).to_contain_text("from pipeloom import workflow as wf")
    expect(page.locator(".cm-content")).to_contain_text("Train longer")
    expect(page.locator(".cm-content")).to_have_attribute("aria-readonly", "true")
    with page.expect_download() as download:
        page.get_by_test_id("program-download").click()
    assert download.value.suggested_filename == "Kept.py"
    assert "wf.steps.JobStep" in download.value.path().read_text()


def test_it_merges_what_two_people_changed(page: Page) -> None:
    mine = Editor.of(page, chain("Merged"))
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_test_id("canvas").wait_for()
    theirs = Editor(other)
    rename(theirs, "load", "Theirs")
    rename(theirs, "train", "Train theirs")
    theirs.saved()
    page.bring_to_front()
    rename(mine, "train", "Train mine")
    dialog = page.get_by_role("alertdialog")
    expect(dialog.get_by_test_id("merge-summary")).to_have_attribute("data-conflicts", "1")
    merge = page.get_by_test_id("conflict-merge")
    expect(merge).to_be_disabled()
    dialog.get_by_role("radio").first.check()
    merge.click()
    dialog.wait_for(state="detached")
    assert titles(mine) == ["Theirs", "Train mine", "Report"]
    page.get_by_test_id("undo").click()
    assert titles(mine) == ["Load", "Train mine", "Report"]


def test_it_shows_what_becomes_of_a_file_before_it_does(page: Page, tmp_path: Path) -> None:
    elyra, kubeflow = tmp_path / "flowers.pipeline", tmp_path / "flowers.json"
    elyra.write_text(json.dumps(ELYRA))
    kubeflow.write_text(json.dumps(KUBEFLOW))
    editor = Editor.of(page, chain("Taking"))
    page.get_by_test_id("workflow-menu").click()
    choose_file(page, page.get_by_role("menuitem").nth(1), elyra)
    facts = page.get_by_test_id("import-facts")
    expect(facts).to_have_attribute("data-source", "elyra")
    expect(page.get_by_test_id("notes").locator("[data-code='interop.dropped']")).to_have_count(2)
    page.get_by_test_id("drop-replace").click()
    expect(page.locator("article[data-step]")).to_have_count(2)
    page.get_by_test_id("show-report").click()
    report = page.get_by_test_id("import-report")
    report.locator("[data-code='interop.dropped']").first.get_by_role("button").click()
    expect(page.locator("article[data-selected]")).to_have_count(1)
    page.get_by_test_id("undo").click()
    expect(page.locator("article[data-step]")).to_have_count(3)
    editor.saved()

    page.get_by_test_id("workflow-menu").click()
    page.get_by_role("menuitem", name="ModelArts JSON").click()
    expect(page.get_by_role("dialog").get_by_test_id("notes")).to_contain_text("Approximated")
    with page.expect_download() as download:
        page.get_by_role("dialog").get_by_role("button").last.click()
    wire = tmp_path / "wire.json"
    wire.write_text(download.value.path().read_text())

    page.goto("/")
    choose_file(page, page.get_by_role("button", name="Import"), kubeflow)
    expect(facts).to_have_attribute("data-source", "kubeflow")
    page.keyboard.press("Escape")
    choose_file(page, page.get_by_role("button", name="Import"), wire)
    expect(facts).to_have_attribute("data-source", "modelarts")
    page.get_by_test_id("drop-new").click()
    expect(page.locator("article[data-step]")).to_have_count(3)


def _folded_for_another(page: Page) -> None:
    """How a workflow is drawn is the same for everybody, and undone like any other edit."""
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator("[data-group=Prepare]")).to_have_attribute("data-folded", "true")
    other.close()


def test_it_folds_a_group_and_runs_a_scene(page: Page) -> None:
    editor = Editor.of(page, chain("Grouped"))
    editor.select("load")
    editor.step("train").click(modifiers=["Control"])
    page.keyboard.press("Control+g")
    page.get_by_test_id("group-name").get_by_role("textbox").fill("Prepare")
    page.keyboard.press("Tab")
    assert editor.saved()["subgraphs"][0]["steps"] == ["load", "train"]
    group = page.locator("[data-group=Prepare]")
    group.get_by_test_id("fold").click()
    expect(editor.step("load")).to_have_count(0)
    expect(editor.edge("train", "report")).to_have_count(1)
    before = editor.saved()["layout"]["nodes"]
    x, y = middle(group)
    editor.drag((x, y), (x + 64, y + 64))
    after = editor.saved()["layout"]["nodes"]
    assert after["i-load"]["x"] > before["i-load"]["x"]
    assert after["i-train"]["y"] - before["i-train"]["y"] == after["i-load"]["y"] - before["i-load"]["y"]
    page.reload()
    expect(group).to_have_attribute("data-folded", "true")
    _folded_for_another(page)
    group.get_by_test_id("fold").click()
    assert editor.saved()["layout"]["folded"] == {}
    page.get_by_test_id("undo").click()
    expect(group).to_have_attribute("data-folded", "true")
    page.get_by_test_id("redo").click()
    expect(editor.step("load")).to_be_visible()

    editor.select("report")
    editor.step("train").click(modifiers=["Control"])
    page.get_by_test_id("scene-selected").click()
    page.get_by_test_id("run-scene").click()
    asked = page.locator("[data-asked]")
    expect(page.get_by_test_id("plan").locator("[data-step=load]")).to_have_attribute("data-verdict", "not_part")
    expect(page.locator("[data-asked=epochs]")).to_have_count(1)
    expect(page.locator("[data-asked=rows]")).to_have_count(0)
    page.get_by_test_id("scene-choice").get_by_role("button").click()
    page.get_by_role("option").first.click()
    expect(page.locator("[data-asked=rows]")).to_have_count(1)
    expect(asked.first).to_be_visible()
