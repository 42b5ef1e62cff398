"""From an empty canvas to a registered model, in a real browser: drawn, run, watched, answered, through a reload and
the death of the web process; and nothing of it for anybody else."""

import os
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.drawn import PATIENCE, Picture
from tests.e2e.editor import Editor
from tests.e2e.slow_script import SCRIPT
from tests.e2e.strangers import Trail, assert_hidden
from tests.harness.browser import Visitor
from tests.harness.live_stack import LiveStack

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(900)]
EPOCHS = 2000
IMAGES = "/default/samples/digits/images/"
ARGUMENT = "/properties/algorithm/parameters/0/value"
RATIO = "/outputs/0/config/train_evaluate_sample_ratio"
MODEL_NAME = "/outputs/0/config/model_name"
LABELS = "/properties/import_config/annotation_format_config"
# What a person made, and must not be read by anybody else.
OWN_WORDS = ("By mouse", "by-mouse", "learnt-by-heart", "Learns by heart")


@pytest.fixture
def page(visitor: Visitor) -> Page:
    return visitor.page(viewport={"width": 1600, "height": 960})


def test_it_goes_from_an_empty_canvas_to_a_registered_model(
    page: Page, visitor: Visitor, live_stack: LiveStack, results: Path
) -> None:
    trail = Trail.of(page)
    editor = Editor.new(page, "By mouse")
    expect(page.get_by_test_id("canvas")).to_have_attribute("data-steps", "0")
    draw(editor)
    configure(editor)
    expect(page.get_by_test_id("problems")).to_have_text("No problems")
    assert_as_drawn(editor)

    run = start(editor)
    answer_on_the_node(page, editor)
    watch(page, editor, live_stack)
    visitor.watched(page).forgive(
        "ERR_(CONNECTION_REFUSED|EMPTY_RESPONSE|CONTENT_LENGTH)|WebSocket connection|status of 50"
    )
    page.screenshot(path=results / "after-the-crash.png")
    workflow = editor.id
    answer_from_the_list(page, editor)
    model = open_the_model(page, run)
    page.screenshot(path=results / "model.png")

    dataset = page.request.get("/api/datasets/?search=by-mouse").json()["items"][0]["id"]
    ids = {"workflow": workflow, "run": run, "model": model, "dataset": dataset}
    look_everywhere(page, ids)
    other = visitor.page("eve")
    assert_hidden(other, trail, ids, OWN_WORDS)
    visitor.watched(other).forgive("WebSocket connection")


def draw(editor: Editor) -> None:
    for kind, x, y in (
        ("create_dataset", 60, 180),
        ("release_dataset", 360, 180),
        ("job", 660, 180),
        ("model", 200, 420),
    ):
        editor.drop(kind, x, y)
    editor.wire(editor.port("create_dataset", "out:dataset"), editor.port("release", "in:dataset"))
    editor.wire(editor.port("release", "out:dataset"), editor.step("job"))
    editor.wire(editor.port("job", "out:train_url"), editor.step("register"))
    editor.wire(editor.port("create_dataset", "in:data_url"))
    editor.page.get_by_test_id("quick-search").wait_for()
    editor.page.locator("[data-choice=new-data]").click()


def configure(editor: Editor) -> None:
    page = editor.page
    editor.select("create_dataset")
    editor.fill("/properties/dataset_name", "by-mouse")
    editor.choose("/properties/data_type", "Anything", "Images")
    editor.field(LABELS).get_by_role("button", name="Add").click()
    editor.select("release")
    editor.choose("/outputs/0/config/label_task_type", "Not set", "Image classification")
    editor.fill(RATIO, "0.5")
    editor.ask_at_run(RATIO)

    editor.select("job")
    editor.write_script(SCRIPT)
    page.get_by_test_id("arguments").get_by_role("button", name="Add an argument").click()
    page.get_by_label("Arguments: name 1").fill("epochs")
    page.keyboard.press("Tab")
    editor.field(ARGUMENT).get_by_role("button", name="is: Text").click()
    page.get_by_role("menuitem", name="Number").click()
    editor.field(ARGUMENT).locator("input").first.fill(str(EPOCHS))
    page.keyboard.press("Tab")
    editor.ask_at_run(ARGUMENT)

    editor.select("register")
    editor.fill(MODEL_NAME, "by-mouse")
    editor.ask_at_run(MODEL_NAME)
    editor.deselect()
    for name in ("train_evaluate_sample_ratio", "model_name"):
        entry = page.get_by_test_id(f"entry:{name}")
        entry.get_by_role("button").last.click()
        entry.get_by_text("Ask while the run waits for it").click()


def assert_as_drawn(editor: Editor) -> None:
    """The server has what was done with the mouse: document and script."""
    document = editor.saved()
    assert {step["name"]: step["depends_on"] for step in document["steps"]} == {
        "create_dataset": [],
        "release": ["create_dataset"],
        "job": ["release"],
        "register": ["job"],
    }
    assert [(each["name"], each.get("delay", False)) for each in document["parameters"]] == [
        ("train_evaluate_sample_ratio", True),
        ("epochs", False),
        ("model_name", True),
    ]
    [data] = document["data"]
    assert (data["name"], data["placeholder"]) == ("data_url", True)
    job = next(step for step in document["steps"] if step["name"] == "job")
    algorithm = job["properties"]["algorithm"]
    script = editor.page.request.get(f"/api/storage/file/?path={algorithm['code_dir']}{algorithm['boot_file']}")
    assert script.text() == SCRIPT


def start(editor: Editor) -> str:
    """The form refuses to start without the folder; with it, the run begins."""
    page = editor.page
    page.get_by_test_id("run").click()
    dialog = page.get_by_test_id("run-dialog")
    expect(dialog.get_by_test_id("asked:epochs").get_by_role("textbox")).to_have_value(str(EPOCHS))
    for step in ("release", "register"):
        planned = dialog.locator(f"[data-testid=plan] [data-step={step}]")
        expect(planned).to_have_attribute("data-verdict", "waits_for_input")
    dialog.get_by_test_id("start-run").click()
    expect(dialog.get_by_test_id("asked:data_url")).to_have_attribute("data-invalid", "true")
    assert page.request.get(f"/api/workflows/{editor.id}/runs/").json()["items"] == []

    dialog.get_by_test_id("asked:data_url").get_by_role("textbox").fill(IMAGES)
    page.keyboard.press("Tab")
    dialog.get_by_test_id("start-run").click()
    dialog.wait_for(state="detached")
    page.get_by_test_id("run-bar").wait_for()
    run: str = page.request.get(f"/api/workflows/{editor.id}/runs/").json()["items"][0]["id"]
    return run


def answer_on_the_node(page: Page, editor: Editor) -> None:
    """A step says on the canvas what it waits for; what was asked for is offered, and is changed."""
    expect(editor.step("release")).to_have_attribute("data-state", "wait_inputs", timeout=PATIENCE)
    note = editor.step("release").get_by_test_id("step-reason")
    expect(note).to_contain_text("train_evaluate_sample_ratio")
    note.get_by_role("button").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("textbox").first).to_have_attribute("placeholder", "0.5 by default")
    dialog.get_by_role("textbox").first.fill("0.8")
    dialog.get_by_role("button").last.click()
    dialog.wait_for(state="detached")
    expect(editor.step("release")).not_to_have_attribute("data-state", "wait_inputs")


def watch(page: Page, editor: Editor, live_stack: LiveStack) -> None:
    """What is drawn changes while the step runs: before and after a reload, before and after the death of the web."""
    curve, others = Picture(page, "curve"), [Picture(page, key) for key in ("bars", "confusion")]
    for each in (curve, *others):
        each.wait()
    before = [each.look() for each in others]
    seen = curve.grown(2)
    for picture, was in zip(others, before, strict=True):
        assert picture.changed(was)["shapes"] != was["shapes"], picture.key
    expect(editor.step("job")).to_have_attribute("data-state", "running")

    page.reload()
    curve.wait()
    assert curve.values()[: len(seen)] == seen, "a reload loses no point"
    seen = curve.grown(2)
    expect(editor.step("job")).to_have_attribute("data-state", "running")

    web = live_stack.pids["web"]
    os.kill(web, signal.SIGKILL)
    page.locator("[data-testid=link]:not([data-link=live])").wait_for(timeout=PATIENCE)
    live_stack.until(lambda: live_stack.pids.get("web", web) != web, "a new web process")
    page.locator("[data-testid=link][data-link=live]").wait_for(timeout=PATIENCE)
    expect(editor.step("job")).to_have_attribute("data-state", "running")
    assert curve.grown(2)[: len(seen)] == seen, "it goes on by itself"

    enough = "/api/storage/file/?path=/default/samples/digits/enough"
    with live_stack.client() as client:
        assert client.put(enough, content=b"").is_success
    expect(editor.step("job")).to_have_attribute("data-state", "completed", timeout=PATIENCE)
    run = page.url.split("run=")[1]
    epochs = int(page.request.get(f"/api/runs/{run}/steps/job/logs/").text().rsplit("epoch ", 1)[1])
    curve.has(epochs)
    assert curve.values() == [1 / epoch for epoch in range(1, epochs + 1)]
    with live_stack.client() as client:
        assert client.delete(enough.replace("file", "entries")).is_success


def answer_from_the_list(page: Page, editor: Editor) -> None:
    """The last step waits too; its question is opened from the list of things to do."""
    expect(editor.step("register")).to_have_attribute("data-state", "wait_inputs", timeout=PATIENCE)
    page.goto("/todo")
    todo = page.locator("[data-testid=todo][data-step=register]").filter(has_text="By mouse")
    todo.get_by_role("button").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").first.fill("learnt-by-heart")
    dialog.get_by_role("button").last.click()
    todo.wait_for(state="detached")


def open_the_model(page: Page, run: str) -> str:
    page.goto(f"/runs/{run}?step=register")
    expect(page.get_by_test_id("run")).to_have_attribute("data-state", "completed", timeout=PATIENCE)
    page.get_by_role("tab", name="Output").click()
    page.get_by_test_id("model-link").click()
    expect(page.get_by_role("heading", name="learnt-by-heart")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("By mouse")
    return page.url.split("/models/")[1].split("?")[0].strip("/")


def look_everywhere(page: Page, ids: dict[str, str]) -> None:
    """The owner's own look at all that there is of it, so that its addresses are known."""
    for path in (
        "/",
        "/runs",
        "/todo",
        "/datasets",
        "/models",
        "/hosts",
        f"/datasets/{ids['dataset']}",
        "/storage?path=/default/code/job/",
        f"/runs/{ids['run']}?step=job&panel=logs",
        f"/runs/{ids['run']}?tab=metrics",
        f"/runs/{ids['run']}?tab=outputs",
        f"/runs/{ids['run']}?tab=values",
    ):
        page.goto(path)
        page.get_by_role("main").wait_for()
        page.wait_for_load_state("networkidle")
