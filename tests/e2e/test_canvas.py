"""From an empty canvas to a registered model, in a real browser: drawn, run, watched, answered, through a reload and
the death of the web process; and nothing of it for anybody else."""

import os
import signal
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.editor import Editor
from tests.e2e.slow_script import SCRIPT
from tests.harness.browser import Visitor
from tests.harness.live_stack import LiveStack

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(900)]
EPOCHS = 60
PATIENCE = 120_000
ARGUMENT = "/properties/algorithm/parameters/0/value"
MODEL_NAME = "/outputs/0/config/model_name"
LABELS = "/properties/import_config/annotation_format_config"
CURVE = '[data-testid="node-metrics"] [data-testid="chart"][data-chart-key="curve"]'
PLACES = """() => [...document.querySelectorAll(".react-flow__node")].map((node) =>
    `${node.dataset.id} ${node.style.transform} ${node.clientWidth}×${node.clientHeight}`).sort()"""


@pytest.fixture
def page(visitor: Visitor) -> Page:
    return visitor.page(viewport={"width": 1600, "height": 960})


def test_it_goes_from_an_empty_canvas_to_a_registered_model(
    page: Page, visitor: Visitor, live_stack: LiveStack, results: Any
) -> None:
    editor = Editor.new(page, "By mouse")
    expect(page.get_by_test_id("canvas")).to_have_attribute("data-steps", "0")
    draw(editor)
    configure(editor)
    expect(page.get_by_test_id("problems")).to_have_text("No problems")
    document, workflow = editor.saved(), editor.id
    assert {step["name"]: step["depends_on"] for step in document["steps"]} == {
        "create_dataset": [],
        "release": ["create_dataset"],
        "job": ["release"],
        "register": ["job"],
    }
    assert [(each["name"], each.get("delay", False)) for each in document["parameters"]] == [
        ("epochs", False),
        ("model_name", True),
    ]

    run = start(editor)
    watch(page, editor, live_stack)
    visitor.watched(page).forgive("ERR_CONNECTION_REFUSED|WebSocket connection|ERR_EMPTY_RESPONSE|status of 50")
    page.screenshot(path=results / "after-the-crash.png")
    answer(page, editor)
    model = open_the_model(page, run)
    page.screenshot(path=results / "model.png")
    assert_nothing_for_others(visitor, live_stack, {"workflow": workflow, "run": run, "model": model})


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
    editor.fill("/outputs/0/config/train_evaluate_sample_ratio", "0.8")

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
    entry = page.get_by_test_id("entry:model_name")
    entry.get_by_role("button").last.click()
    entry.get_by_text("Ask while the run waits for it").click()


def start(editor: Editor) -> str:
    """The form refuses to start without the folder; with it, the run begins."""
    page = editor.page
    page.get_by_test_id("run").click()
    dialog = page.get_by_test_id("run-dialog")
    expect(dialog.get_by_test_id("asked:epochs").get_by_role("textbox")).to_have_value(str(EPOCHS))
    expect(dialog.locator("[data-testid=plan] [data-step=register]")).to_have_attribute(
        "data-verdict", "waits_for_input"
    )
    dialog.get_by_test_id("start-run").click()
    expect(dialog.get_by_test_id("asked:data_url")).to_have_attribute("data-invalid", "true")
    assert page.request.get(f"/api/workflows/{editor.id}/runs/").json()["items"] == []

    dialog.get_by_test_id("asked:data_url").get_by_role("textbox").fill("/default/samples/digits/images/")
    page.keyboard.press("Tab")
    dialog.get_by_test_id("start-run").click()
    dialog.wait_for(state="detached")
    page.get_by_test_id("run-bar").wait_for()
    run: str = page.request.get(f"/api/workflows/{editor.id}/runs/").json()["items"][0]["id"]
    return run


def watch(page: Page, editor: Editor, live_stack: LiveStack) -> None:
    """Drawn points grow while the step runs: before and after a reload, before and after the web process is killed."""
    page.locator(f"{CURVE}[data-points]").first.wait_for(timeout=PATIENCE)
    places = page.evaluate(PLACES)
    seen = grown(page, 2)
    expect(editor.step("job")).to_have_attribute("data-state", "running")
    assert page.evaluate(PLACES) == places, "no node moves while the run goes on"

    page.reload()
    page.locator(f"{CURVE}[data-points]").first.wait_for(timeout=PATIENCE)
    assert points(page) >= seen, "a reload loses no point"
    seen = grown(page, 2)

    web = live_stack.pids["web"]
    os.kill(web, signal.SIGKILL)
    page.locator("[data-testid=link]:not([data-link=live])").wait_for(timeout=PATIENCE)
    live_stack.until(lambda: live_stack.pids.get("web", web) != web, "a new web process")
    page.locator("[data-testid=link][data-link=live]").wait_for(timeout=PATIENCE)
    expect(editor.step("job")).to_have_attribute("data-state", "running")
    assert grown(page, 2) > seen, "it goes on by itself"

    expect(page.locator(CURVE).first).to_have_attribute("data-points", str(EPOCHS), timeout=PATIENCE)
    expect(editor.step("job")).to_have_attribute("data-state", "completed", timeout=PATIENCE)


def answer(page: Page, editor: Editor) -> None:
    """The step waits and says so; the question is opened from the list of things to do."""
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


def assert_nothing_for_others(visitor: Visitor, live_stack: LiveStack, ids: dict[str, str]) -> None:
    """A second user cannot see any of it, whatever address they know."""
    other = visitor.page("eve")
    visitor.watched(other)
    for kind, key in ids.items():
        assert other.request.get(f"/api/{kind}s/{key}/").status == 404
        other.goto(f"/{kind}s/{key}")
        expect(other.get_by_role("main")).to_be_visible()
        expect(other.get_by_text("By mouse")).to_have_count(0)
        expect(other.get_by_text("learnt-by-heart")).to_have_count(0)
    for listed in ("workflows", "runs", "models", "datasets", "todo"):
        assert other.request.get(f"/api/{listed}/").json()["items"] == []
    script = other.request.get("/api/storage/file/?path=/default/code/job/main.py")
    assert script.status == 404
    closed = other.evaluate(
        """(run) => new Promise((resolve) => {
            const socket = new WebSocket(`${location.origin.replace("http", "ws")}/ws/runs/${run}/?after=0`);
            socket.onmessage = () => resolve("a frame");
            socket.onclose = () => resolve("closed");
        })""",
        ids["run"],
    )
    assert closed == "closed"
    visitor.watched(other).forgive("WebSocket connection")


def points(page: Page) -> int:
    return int(curve(page).get_attribute("data-points") or 0)


def curve(page: Page) -> Locator:
    return page.locator(CURVE).first


def grown(page: Page, times: int) -> int:
    """Wait until other numbers of points were drawn that many times; never fewer. The last number."""
    last = points(page)
    for _ in range(times):
        expect(curve(page)).not_to_have_attribute("data-points", str(last), timeout=PATIENCE)
        now = points(page)
        assert now > last, f"drawn points never become fewer ({last}, then {now})"
        last = now
    return last
