"""Nothing is lost: two tabs on one workflow, no network, files that are dropped, values that look alike."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.editor import Editor, box
from tests.e2e.jobs import document, job
from tests.harness.browser import Visitor

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

DROP = """([name, text, x, y]) => {
    const files = new DataTransfer();
    files.items.add(new File([text], name, { type: "application/json" }));
    const on = document.querySelector("[data-testid=canvas]");
    const how = { dataTransfer: files, bubbles: true, cancelable: true, clientX: x, clientY: y };
    for (const type of ["dragover", "drop"]) on.dispatchEvent(new DragEvent(type, how));
}"""


@pytest.fixture
def page(visitor: Visitor) -> Page:
    return visitor.page(viewport={"width": 1600, "height": 960})


def rename(editor: Editor, step: str, title: str) -> None:
    editor.select(step)
    editor.page.keyboard.press("F2")
    dialog = editor.page.get_by_role("dialog")
    dialog.get_by_role("textbox").first.fill(title)
    editor.page.keyboard.press("Enter")
    dialog.wait_for(state="detached")


def titles(editor: Editor) -> set[str]:
    return {step["title"] for step in editor.saved()["steps"]}


def two_tabs(page: Page, name: str) -> tuple[Editor, Editor]:
    """The second saved after the first had opened, so the first has a conflict."""
    mine = Editor.of(page, document(name, {(0, 0): job("a"), (340, 0): job("b", "a")}))
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_test_id("canvas").wait_for()
    theirs = Editor(other)
    rename(theirs, "a", "Theirs")
    assert titles(theirs) == {"Theirs", "B"}
    page.bring_to_front()
    rename(mine, "b", "Mine")
    page.get_by_role("alertdialog").wait_for()
    expect(page.get_by_test_id("save-state")).to_have_attribute("data-state", "conflict")
    return mine, theirs


def test_it_takes_the_other_side_and_undo_brings_mine_back(page: Page) -> None:
    mine, _ = two_tabs(page, "Taken")
    page.get_by_test_id("conflict-theirs").click()
    page.get_by_role("alertdialog").wait_for(state="detached")
    expect(mine.step("a")).to_contain_text("Theirs")
    assert titles(mine) == {"Theirs", "B"}
    page.get_by_test_id("undo").click()
    expect(mine.step("b")).to_contain_text("Mine")
    assert titles(mine) == {"A", "Mine"}


def test_it_keeps_mine_as_a_copy(page: Page) -> None:
    mine, theirs = two_tabs(page, "Forked")
    page.get_by_test_id("conflict-copy").click()
    page.get_by_role("alertdialog").wait_for(state="detached")
    expect(mine.step("a")).to_contain_text("Theirs")
    listed = page.request.get("/api/workflows/?search=Forked").json()["items"]
    assert len(listed) == 2
    (copy,) = [each for each in listed if each["id"] != mine.id]
    held: dict[str, Any] = page.request.get(f"/api/workflows/{copy['id']}/draft/").json()["document"]
    assert {step["title"] for step in held["steps"]} == {"A", "Mine"}
    assert titles(theirs) == {"Theirs", "B"}


def test_it_loses_nothing_without_a_network(page: Page, visitor: Visitor) -> None:
    editor = Editor.of(page, document("Away", {(0, 0): job("a")}))
    page.context.set_offline(True)
    rename(editor, "a", "Offline")
    state = page.get_by_test_id("save-state")
    expect(state).to_have_attribute("data-state", "offline")
    page.context.set_offline(False)
    expect(state).to_have_attribute("data-state", "saved", timeout=30_000)
    assert titles(editor) == {"Offline"}

    page.route("**/draft/", lambda route: route.abort() if route.request.method == "PUT" else route.fallback())
    rename(editor, "a", "Reloaded")
    expect(state).to_have_attribute("data-state", "offline")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(editor.step("a")).to_contain_text("Reloaded")
    page.unroute("**/draft/")
    expect(state).to_have_attribute("data-state", "saved", timeout=30_000)
    assert titles(editor) == {"Reloaded"}
    visitor.watched(page).forgive("ERR_INTERNET_DISCONNECTED|ERR_FAILED|WebSocket")


def drop(editor: Editor, name: str, content: Any) -> None:
    canvas = box(editor.page.get_by_test_id("canvas"))
    text = content if isinstance(content, str) else json.dumps(content)
    editor.page.evaluate(DROP, [name, text, canvas["x"] + 500, canvas["y"] + 500])


def test_it_takes_a_file_that_is_dropped_on_the_canvas(page: Page) -> None:
    editor = Editor.of(page, document("Empty", {}))
    asks = {"id": "p1", "name": "rounds", "type": "INT", "default": 3}
    dropped = document("Dropped", {(0, 0): job("a"), (340, 0): job("b", "a")}, parameters=[asks])
    drop(editor, "two.json", dropped)
    expect(page.locator("article[data-step]")).to_have_count(2)
    assert editor.saved()["parameters"] == [asks]
    assert editor.saved()["name"] == "Empty", "the name in the list stays"
    page.get_by_test_id("undo").click()
    expect(page.locator("article[data-step]")).to_have_count(0)
    page.get_by_test_id("redo").click()
    expect(page.locator("article[data-step]")).to_have_count(2)

    drop(editor, "two.json", dropped)
    page.get_by_test_id("drop-add").click()
    expect(page.locator("article[data-step]")).to_have_count(4)
    assert len({step["name"] for step in editor.saved()["steps"]}) == 4

    drop(editor, "half.json", {**dropped, "steps": [{**job("c"), "kind": "job", "outputs": []}]})
    page.get_by_test_id("drop-replace").click()
    expect(page.locator("article[data-step]")).to_have_count(1)
    expect(page.get_by_test_id("problems")).not_to_have_attribute("data-count", "0")
    page.get_by_test_id("undo").click()
    expect(page.locator("article[data-step]")).to_have_count(4)

    drop(editor, "notes.json", "not JSON at all")
    expect(page.get_by_text("“notes.json” is not a JSON file.")).to_be_visible()
    drop(editor, "two.json", dropped)
    page.get_by_test_id("drop-new").click()
    page.get_by_test_id("workflow-name").filter(has_text="Dropped").wait_for()


def test_it_tells_values_apart_that_look_alike(page: Page) -> None:
    """0, empty text, false, null and nothing at all, typed and sent."""
    names = {"number": "INT", "words": "STR", "truth": "BOOL", "free": "JSON", "unset": "STR"}
    asks = [{"id": f"p-{name}", "name": name, "type": kind, "required": False} for name, kind in names.items()]
    step = job("a")
    used = [{"name": name, "value": {"$parameter": name}} for name in names]
    step["properties"] = {"algorithm": {"command": "true", "parameters": used}}
    editor = Editor.of(page, document("Alike", {(0, 0): step}, parameters=asks))
    page.get_by_test_id("run").click()
    with page.expect_request(
        lambda sent: sent.url.endswith("/plan/") and '"free":null' in (sent.post_data or "")
    ) as sent:
        page.get_by_test_id("asked:number").get_by_role("textbox").fill("0")
        words = page.get_by_test_id("asked:words").get_by_role("textbox")
        words.fill("x")
        words.fill("")
        for _ in ("on", "off"):
            page.get_by_test_id("asked:truth").locator("label").first.click()
        free = page.get_by_test_id("asked:free").locator(".cm-content")
        free.click()
        page.keyboard.type('{"a": ')
        expect(page.get_by_test_id("asked:free").get_by_role("alert")).to_contain_text("not JSON")
        page.keyboard.press("Control+a")
        page.keyboard.type("null")
    values = json.loads(sent.value.post_data or "{}")["values"]
    assert values == {"number": 0, "words": "", "truth": False, "free": None}
    assert editor.id
