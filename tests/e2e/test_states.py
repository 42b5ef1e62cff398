"""The states that a page gets into while somebody works: dialogs, panels, previews, and runs that go every way.
Looked at as test_pages.py looks at pages."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.looking import BRIEFLY, Looker
from tests.e2e.network import Network
from tests.e2e.world import FILES, LAST_IN_LINE, NOTES, World
from tests.harness.browser import Visitor

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(900)]
State = Callable[[Page, World], Any]
STATES: dict[str, State] = {}


def state(name: str) -> Callable[[State], State]:
    def noted(build: State) -> State:
        STATES[name] = build
        return build

    return noted


@pytest.fixture(scope="module")
def somebody(visitor_here: Visitor, world: World) -> Page:
    page = visitor_here.page()
    visitor_here.watched(page).forgive("ERR_INTERNET_DISCONNECTED|WebSocket|status of 50")
    return page


@pytest.mark.parametrize("name", STATES)
def test_it_is_readable_in_every_state(name: str, somebody: Page, world: World) -> None:
    group, _, what = name.partition(": ")
    try:
        assert Looker(somebody, group, BRIEFLY).look(what, lambda page: STATES[name](page, world)) == []
    finally:
        somebody.unroute_all(behavior="ignoreErrors")
        somebody.context.set_offline(False)


def test_it_tells_strangers_how_to_sign_in(visitor_here: Visitor, world: World) -> None:
    context, _ = visitor_here.context()
    page = context.new_page()
    page.goto(world.stack.url)
    link = world.stack.sign_in_link()
    places = {"stranger": "/", "link": link, "link of no use": "/sign-in/used/", "nothing here": "/no/such/page/"}

    for name, place in places.items():
        assert Looker(page, "sign-in").look(name, lambda page, place=place: page.goto(place)) == []


def test_it_is_readable_where_the_server_is_out_of_reach(visitor_here: Visitor, world: World) -> None:
    page = visitor_here.page()
    visitor_here.watched(page).forgive("ERR_|WebSocket")
    network = Network(page)
    names = iter(("Nothing said", "Nothing said by anybody"))

    def stale(page: Page) -> None:
        network.becomes("up")
        go(page, world, "/runs/{live}?step=train")
        link = page.get_by_test_id("link")
        expect(link).to_have_attribute("data-link", "live")
        network.becomes("away")
        expect(link).to_have_attribute("data-link", "stale", timeout=60_000)

    def unsaved(page: Page) -> None:
        network.becomes("up")
        editor(page, world, "empty")
        expect(page.get_by_test_id("save-state")).to_have_attribute("data-state", "saved")
        network.becomes("away")
        page.get_by_test_id("workflow-name").click()
        page.locator("header input").fill(next(names))
        page.keyboard.press("Enter")
        expect(page.get_by_test_id("save-state")).to_have_attribute("data-state", "offline", timeout=60_000)

    assert Looker(page, "run", BRIEFLY).look("stale", stale) == []
    assert Looker(page, "editor", BRIEFLY).look("offline", unsaved) == []


def go(page: Page, world: World, path: str) -> None:
    page.context.set_offline(False)
    page.goto(path.format(**world.ids))
    page.get_by_role("main").wait_for()


def editor(page: Page, world: World, which: str = "workflow", query: str = "") -> None:
    go(page, world, f"/workflows/{{{which}}}{query}")
    page.get_by_test_id("canvas").wait_for()


def step_opened(page: Page, name: str) -> None:
    page.locator(f"article[data-step={name}]").click()
    expect(page.get_by_test_id("inspector").get_by_role("tab").first).to_be_visible()


@state("editor: empty")
def _(page: Page, world: World) -> None:
    editor(page, world, "empty")


@state("editor: step")
def _(page: Page, world: World) -> None:
    editor(page, world)
    step_opened(page, "train")


@state("editor: code")
def _(page: Page, world: World) -> None:
    editor(page, world)
    step_opened(page, "train")
    page.get_by_test_id("inspector").get_by_role("tab").nth(3).click()
    page.locator(".cm-content").wait_for()


@state("editor: chart in the inspector")
def _(page: Page, world: World) -> None:
    editor(page, world, query="?run={run}")
    step_opened(page, "train")
    page.get_by_test_id("inspector").get_by_role("tab").nth(1).click()
    page.get_by_test_id("inspector").locator("[data-testid=chart]").first.wait_for()


@state("editor: log in the inspector")
def _(page: Page, world: World) -> None:
    editor(page, world, query="?run={run}")
    step_opened(page, "train")
    page.get_by_test_id("inspector").get_by_role("tab").nth(2).click()
    page.get_by_test_id("inspector").get_by_test_id("log").wait_for()


@state("editor: failed run")
def _(page: Page, world: World) -> None:
    editor(page, world, "troubled", "?run={failed}")
    page.locator("article[data-step=evaluate][data-state=failed]").wait_for()


@state("editor: live run")
def _(page: Page, world: World) -> None:
    editor(page, world, "crowded", "?run={live}")
    page.locator("article[data-step=train][data-state=running]").wait_for()


@state("editor: placeholder")
def _(page: Page, world: World) -> None:
    editor(page, world)
    page.get_by_test_id("entry:epochs").get_by_role("button").last.click()
    page.get_by_test_id("entry-name").first.wait_for()


@state("editor: problems")
def _(page: Page, world: World) -> None:
    editor(page, world, "wrong")
    page.get_by_test_id("problems").click()
    page.get_by_test_id("problems-panel").wait_for()


@state("editor: run form")
def _(page: Page, world: World) -> None:
    editor(page, world)
    page.get_by_test_id("run").click()
    page.get_by_test_id("run-dialog").locator("[data-testid=plan] [data-verdict]").first.wait_for()


@state("editor: run form refused")
def _(page: Page, world: World) -> None:
    editor(page, world)
    page.get_by_test_id("run").click()
    dialog = page.get_by_test_id("run-dialog")
    dialog.get_by_test_id("asked:epochs").get_by_role("textbox").fill("0")
    page.keyboard.press("Tab")
    dialog.get_by_test_id("start-run").click()
    dialog.locator("[data-invalid=true]").first.wait_for()


@state("editor: quick search")
def _(page: Page, world: World) -> None:
    editor(page, world)
    page.locator(".react-flow__pane").dblclick(position={"x": 380, "y": 420})
    page.get_by_test_id("quick-search").wait_for()


@state("editor: shortcuts")
def _(page: Page, world: World) -> None:
    editor(page, world)
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()


@state("editor: conflict")
def _(page: Page, world: World) -> None:
    """Somebody else saves while this page has another change; opened again, it still has that."""
    editor(page, world, "empty")
    page.locator("[data-testid=conflict], [data-testid=save-state][data-state=saved]").first.wait_for()
    if page.get_by_test_id("conflict").count() > 0:
        return
    draft = world.client.get(f"/api/workflows/{world.ids['empty']}/draft/").json()
    document = {**draft["document"], "description": f"changed elsewhere after {draft['revision']}"}
    body = {"document": document, "revision": draft["revision"]}
    saved = world.client.put(f"/api/workflows/{world.ids['empty']}/draft/", json=body)
    assert saved.status_code == 200, saved.text
    page.get_by_test_id("workflow-name").click()
    page.locator("header input").fill(f"Nothing at all {draft['revision']}")
    page.keyboard.press("Enter")
    page.get_by_test_id("conflict").wait_for()


@state("workflows: new")
def _(page: Page, world: World) -> None:
    go(page, world, "/")
    page.get_by_test_id("new").first.click()
    page.get_by_role("dialog").wait_for()


@state("workflows: from a sample")
def _(page: Page, world: World) -> None:
    go(page, world, "/")
    page.get_by_test_id("from-sample").first.click()
    page.get_by_test_id("sample").first.wait_for()


@state("workflows: no file of ours")
def _(page: Page, world: World) -> None:
    go(page, world, "/")
    file = {"name": "notes.json", "mimeType": "application/json", "buffer": b"{not json"}
    page.locator("input[type=file]").first.set_input_files(files=[file])  # type: ignore[list-item]
    page.get_by_role("alertdialog").first.wait_for()


@state("workflows: nothing found")
def _(page: Page, world: World) -> None:
    go(page, world, "/")
    page.get_by_role("searchbox").fill("zzzz")
    page.get_by_test_id("row").first.wait_for(state="detached")


@state("workflows: delete")
def _(page: Page, world: World) -> None:
    go(page, world, "/")
    page.get_by_test_id("row").last.get_by_role("button").last.click()
    page.get_by_role("menuitem").last.click()
    page.get_by_role("alertdialog").wait_for()


@state("frame: account")
def _(page: Page, world: World) -> None:
    go(page, world, "/")
    page.get_by_test_id("account").click()
    page.get_by_role("menu").wait_for()


@state("frame: appearance")
def _(page: Page, world: World) -> None:
    go(page, world, "/")
    page.get_by_test_id("appearance").click()
    page.get_by_role("menu").wait_for()


@state("run: failed")
def _(page: Page, world: World) -> None:
    go(page, world, "/runs/{failed}?step=evaluate")
    page.locator("article[data-step=evaluate][data-state=failed]").wait_for()


@state("run: skipped branch")
def _(page: Page, world: World) -> None:
    go(page, world, "/runs/{failed}?step=extra")
    page.get_by_test_id("step-panel").wait_for()


@state("run: stopped")
def _(page: Page, world: World) -> None:
    go(page, world, "/runs/{stopped}?step=train")
    page.get_by_test_id("step-panel").wait_for()


@state("run: live")
def _(page: Page, world: World) -> None:
    go(page, world, "/runs/{live}?step=train")
    page.locator("[data-testid=link][data-link=live]").wait_for()
    page.get_by_test_id("step-panel").locator("[data-testid=chart]").first.wait_for()


@state("run: live metrics")
def _(page: Page, world: World) -> None:
    go(page, world, "/runs/{live}?tab=metrics")
    page.locator("[data-testid=chart][data-points]").first.wait_for()


@state("run: live log")
def _(page: Page, world: World) -> None:
    go(page, world, "/runs/{live}?tab=logs&step=train")
    page.get_by_test_id("log").wait_for()


@state("run: waits for a machine")
def _(page: Page, world: World) -> None:
    go(page, world, f"/runs/{{live}}?step={LAST_IN_LINE}")
    page.locator(f"article[data-step={LAST_IN_LINE}][data-state=pending]").wait_for()
    page.locator(f"article[data-step={LAST_IN_LINE}]").get_by_test_id("step-reason").wait_for()


@state("run: waits for a person")
def _(page: Page, world: World) -> None:
    go(page, world, "/runs/{live}?step=publish")
    page.get_by_test_id("step-panel").get_by_test_id("answer").wait_for()


@state("run: question")
def _(page: Page, world: World) -> None:
    go(page, world, "/runs/{live}?step=publish")
    page.get_by_test_id("step-panel").get_by_test_id("answer").click()
    page.get_by_role("dialog").wait_for()


@state("run: again")
def _(page: Page, world: World) -> None:
    go(page, world, "/runs/{run}")
    page.get_by_test_id("rerun").click()
    page.get_by_role("dialog").wait_for()


@state("run: output opened")
def _(page: Page, world: World) -> None:
    go(page, world, "/runs/{run}?tab=outputs&step=train")
    page.get_by_test_id("outputs").get_by_role("button", name="metrics.json").first.click()
    page.get_by_test_id("preview").wait_for()


@state("hosts: a line")
def _(page: Page, world: World) -> None:
    go(page, world, "/hosts")
    page.get_by_test_id("row").first.wait_for()


@state("storage: empty folder")
def _(page: Page, world: World) -> None:
    go(page, world, f"/storage?path={NOTES}empty/")


def _preview(file: str) -> State:
    def build(page: Page, world: World) -> None:
        go(page, world, f"/storage?path={NOTES}&file={file}")
        page.get_by_test_id("preview").wait_for()

    return build


for each in ("readme.md", "scores.csv", "lines.jsonl", "settings.json", "weights.bin", "empty.txt"):
    assert each in FILES
    STATES[f"storage: {each}"] = _preview(each)


@state("storage: picture")
def _(page: Page, world: World) -> None:
    folder = "/default/samples/digits/images/3/"
    listed = world.client.get("/api/storage/entries/", params={"path": folder, "limit": 1}).json()["items"]
    go(page, world, f"/storage?path={folder}&file={listed[0]['name']}")
    page.get_by_test_id("preview").locator("img").wait_for()


@state("storage: selected")
def _(page: Page, world: World) -> None:
    go(page, world, f"/storage?path={NOTES}")
    page.get_by_test_id("entry").nth(1).locator("label").first.click()
    page.get_by_test_id("entry").nth(2).locator("label").first.click()
    page.get_by_test_id("selected").wait_for()


@state("storage: delete")
def _(page: Page, world: World) -> None:
    go(page, world, f"/storage?path={NOTES}")
    page.get_by_test_id("entry").nth(1).locator("label").first.click()
    page.get_by_test_id("selected").wait_for()
    page.locator("footer", has=page.get_by_test_id("selected")).get_by_role("button").first.click()
    page.get_by_role("alertdialog").wait_for()


@state("storage: uploads")
def _(page: Page, world: World) -> None:
    """One has arrived, one is refused."""
    page.route("**/*refused*", lambda route: route.fulfill(status=500, body="no"))
    go(page, world, f"/storage?path={NOTES}empty/")
    names = ("arrived.txt", "refused-because-the-disk-has-no-room-any-more-and-the-name-is-long.csv")
    files = [{"name": name, "mimeType": "text/plain", "buffer": b"some text"} for name in names]
    page.locator("input[type=file]").last.set_input_files(files=files)  # type: ignore[arg-type]
    page.get_by_test_id("uploads").wait_for()
    page.get_by_test_id("uploads").locator("[data-state=failed], [data-state=waiting]").first.wait_for()
    world.client.delete("/api/storage/entries/", params={"path": NOTES + "empty/arrived.txt"})
