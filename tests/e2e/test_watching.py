"""Watching a run on the canvas: nothing moves, nothing is lost on the way, and what is old says so."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.drawn import PATIENCE, Picture
from tests.e2e.gated import Gated, decide, job, train
from tests.e2e.network import Network
from tests.harness.browser import Visitor

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(600)]
STILL = Path(__file__).with_name("still.js")
CUT = "ERR_CONNECTION_REFUSED|WebSocket connection"


@pytest.fixture
def page(wide_page: Page) -> Page:
    return wide_page


def step(page: Page, name: str) -> Locator:
    return page.locator(f'article[data-step="{name}"]')


def in_state(page: Page, name: str, state: str) -> None:
    expect(step(page, name)).to_have_attribute("data-state", state, timeout=PATIENCE)


def everything() -> list[dict[str, object]]:
    """Steps that run, wait for a host, wait for a person, are skipped, fail."""
    asking = job("ask", "wait", ["train"])
    asking["properties"]["algorithm"]["parameters"].append({"name": "answer", "value": {"$parameter": "answer"}})
    return [
        train(),
        decide("decide", "flag", ["kept"], ["dropped"]),
        job("kept", "wait", ["decide"]),
        job("dropped", "wait", ["decide"]),
        job("unlucky", "fail", luck="bad"),
        asking,
    ]


PARAMETERS = [
    {"name": "flag", "type": "BOOL", "default": True},
    {"name": "answer", "type": "STR", "delay": True},
]


AT_REST = """() => new Promise((done) => {
    let last = "", same = 0;
    const look = () => {
        const now = document.querySelector(".react-flow__viewport").style.transform;
        same = now === last ? same + 1 : 0;
        last = now;
        if (same > 10) done(); else requestAnimationFrame(look);
    };
    look();
})"""


def test_no_node_handle_or_edge_moves_while_a_run_updates(page: Page, results: Path) -> None:
    made = Gated.made(page, *everything(), parameters=PARAMETERS)
    page.goto(f"/workflows/{made.id}")
    expect(page.get_by_test_id("canvas")).to_have_attribute("data-steps", "6")
    expect(page.get_by_test_id("problems")).to_have_text("No problems")
    # Only what is in sight is drawn; all of it must be, and the view has arrived before anybody looks for movement.
    page.get_by_test_id("fit").click()
    expect(page.locator("article[data-step]")).to_have_count(6)
    page.evaluate(AT_REST)
    page.evaluate(STILL.read_text().split("\n", 2)[2])

    page.get_by_test_id("run").click()
    page.get_by_test_id("start-run").click()
    curve = Picture(page, "curve")
    curve.wait()
    curve.grown(3)
    for name, state in (("unlucky", "failed"), ("dropped", "skipped"), ("kept", "running")):
        in_state(page, name, state)
    page.screenshot(path=results / "running.png")
    for gate, state in (("kept", "completed"), ("train", "completed"), ("ask", "wait_inputs")):
        made.open(gate)
        in_state(page, gate, state)
    step(page, "ask").get_by_test_id("step-reason").get_by_role("button").click()
    page.get_by_role("dialog").get_by_role("textbox").first.fill("yes")
    page.get_by_role("dialog").get_by_role("button").last.click()
    in_state(page, "ask", "completed")
    expect(page.get_by_test_id("run-bar")).to_have_attribute("data-state", "abnormal", timeout=PATIENCE)
    page.screenshot(path=results / "over.png")

    held = page.evaluate("() => still")
    assert held["moved"] == []
    assert held["frames"] > 100
    kinds = {each.split(" ")[0] for each in held["seen"]}
    assert kinds == {"node", "ARTICLE", "FIGURE", "handle", "edge"}
    # It would have been seen.
    page.locator("article[data-step=train]").evaluate("(node) => { node.style.height = `${node.clientHeight + 1}px`; }")
    page.wait_for_function("() => still.moved.length > 0")


def test_no_point_is_lost_where_sockets_are_cut_and_a_second_tab_shows_the_same(page: Page, visitor: Visitor) -> None:
    made = Gated.made(page, train())
    run = made.start()
    network = Network(page)
    page.goto(f"/workflows/{made.id}?run={run}")
    second = page.context.new_page()
    second.goto(f"/runs/{run}")
    tabs = [Picture(page, "curve"), Picture(second, "curve")]
    for tab in tabs:
        tab.wait()
    link = page.get_by_test_id("link")
    expect(link).to_have_attribute("data-via", "socket")

    network.becomes("no sockets")
    expect(link).to_have_attribute("data-via", "poll", timeout=PATIENCE)
    expect(link).to_have_attribute("data-link", "live", timeout=PATIENCE)
    polled = tabs[0].grown(3)
    assert network.refused >= 2
    assert polled == squares(len(polled))

    network.becomes("up")
    expect(link).to_have_attribute("data-via", "socket", timeout=PATIENCE)
    expect(link).to_have_attribute("data-link", "live", timeout=PATIENCE)
    assert tabs[0].grown(3)[: len(polled)] == polled

    made.open("train")
    for tab in (page, second):
        in_state(tab, "train", "completed")
    written = points_written(page, run)
    for picture in tabs:
        picture.has(written)
        assert picture.values() == squares(written)
    visitor.watched(page).forgive(CUT)


def test_it_says_since_when_it_is_stale_and_stops_its_clocks(page: Page, visitor: Visitor) -> None:
    made = Gated.made(page, train())
    run = made.start()
    network = Network(page)
    page.goto(f"/workflows/{made.id}?run={run}")
    curve = Picture(page, "curve")
    curve.wait()
    link, clock, node = page.get_by_test_id("link"), page.get_by_test_id("run-clock"), step(page, "train")
    expect(link).to_have_attribute("data-link", "live")

    network.becomes("away")
    expect(link).to_have_attribute("data-link", "stale", timeout=PATIENCE)
    expect(link).to_contain_text(re.compile(r"Stale since \d+:\d\d:\d\d"))
    expect(clock).to_have_attribute("data-standing", "true")
    expect(node.locator("[data-stale]")).to_be_visible()
    stood = (clock.inner_text(), node.inner_text(), curve.values())
    page.wait_for_function("(then) => performance.now() > then + 2500", arg=page.evaluate("() => performance.now()"))
    assert (clock.inner_text(), node.inner_text(), curve.values()) == stood, "what nobody knows is not counted on"

    network.becomes("up")
    link.click()
    expect(link).to_have_attribute("data-link", "live", timeout=PATIENCE)
    expect(clock).not_to_have_attribute("data-standing", "true")
    expect(clock).not_to_have_text(stood[0])
    now = curve.grown(2)
    assert now == squares(len(now))
    assert len(now) > len(stood[2])
    made.open("train")
    in_state(page, "train", "completed")
    curve.has(points_written(page, run))
    visitor.watched(page).forgive(CUT)


def squares(count: int) -> list[int]:
    return [number * number for number in range(1, count + 1)]


def points_written(page: Page, run: str) -> int:
    """By the step's own word."""
    log = page.request.get(f"/api/runs/{run}/steps/train/logs/").text()
    return int(log.rsplit("points written: ", 1)[1])
