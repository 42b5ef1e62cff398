"""Being told, in a real browser: subscribed at the bell of a step, told live in another tab, straight to the step."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.looking import serious
from tests.harness.browser import Visitor
from tests.harness.live_stack import LiveStack
from tests.harness.notices import asking
from tests.harness.receivers import hook_server

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(600)]
PATIENCE = 60_000


@pytest.fixture
def workflow(live_stack: LiveStack) -> Iterator[str]:
    raw = asking("ask", "then", after={"then": ["ask"]})
    raw["steps"][0]["title"] = "Ask somebody"
    raw["steps"][1]["properties"]["algorithm"]["parameters"] = []
    raw["parameters"] = raw["parameters"][:1]
    with live_stack.client() as client:
        made = client.post("/api/workflows/", json={"name": "Being told", "document": raw})
        assert made.status_code == 201, made.text
        identity = str(made.json()["id"])
        yield identity
        client.delete(f"/api/workflows/{identity}/")


def step(page: Page, name: str) -> Locator:
    return page.locator(f'article[data-step="{name}"]')


def picture(page: Page, results: Path, name: str) -> None:
    results.mkdir(parents=True, exist_ok=True)
    for theme in ("light", "dark"):
        page.evaluate("(theme) => document.documentElement.setAttribute('data-theme', theme)", theme)
        page.screenshot(path=results / f"{name}-{theme}.png", animations="disabled")
        assert serious(page) == [], f"{name} in {theme}"
    page.evaluate("() => document.documentElement.setAttribute('data-theme', 'light')")


def test_it_tells_live_in_another_tab_what_a_bell_asked_for(
    page: Page, workflow: str, live_stack: LiveStack, results: Path
) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    other = page.context.new_page()
    other.set_viewport_size({"width": 1440, "height": 900})
    other.goto("/")
    expect(other.get_by_test_id("bell")).to_be_visible()

    page.goto(f"/workflows/{workflow}")
    step(page, "ask").click()
    subscribe_by_keyboard(page, results)
    run = start(page, results)

    expect(other.get_by_test_id("unread")).to_have_text("1", timeout=PATIENCE)
    other.get_by_test_id("bell").click()
    row = other.get_by_test_id("notification")
    expect(row).to_have_attribute("data-step", "ask")
    expect(row).to_contain_text("“Ask somebody” waits for you")
    picture(other, results, "inbox")
    row.get_by_role("link").click()
    expect(other).to_have_url(f"{live_stack.url}/runs/{run}?step=ask")
    expect(other.get_by_test_id("inbox")).to_have_count(0)

    with live_stack.client() as client:
        answer = {"action": "continue", "values": {"value_ask": "yes"}}
        assert client.post(f"/api/runs/{run}/steps/ask/actions/", json=answer).status_code == 200
    # Who answered knows it; the end of the run is what the form asked to be told.
    expect(other.get_by_test_id("unread")).to_have_text("1", timeout=PATIENCE)
    other.get_by_test_id("bell").click()
    expect(other.get_by_test_id("notification")).to_contain_text("Run 1 is done")
    other.get_by_test_id("tick").click()
    expect(other.get_by_test_id("unread")).to_have_count(0)
    expect(other.get_by_role("dialog")).to_contain_text("Nothing new")
    other.get_by_role("tab", name="Done").click()
    expect(other.get_by_test_id("notification")).to_have_count(2)
    expect(other.locator("[data-testid=notification][data-occasion=waiting]")).to_contain_text("Answered by admin")
    # And in the first tab, which did nothing, the bell is empty again, too.
    expect(page.get_by_test_id("unread")).to_have_count(0)


def subscribe_by_keyboard(page: Page, results: Path) -> None:
    """Everything in the popover is reached by Tab, and Escape gives the focus back to the bell."""
    bell = page.get_by_test_id("step-bell")
    bell.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_test_id("subscribe")
    expect(dialog).to_be_visible()
    picture(page, results, "step-bell")
    success = dialog.locator("[data-event=success]")
    for _ in range(12):
        page.keyboard.press("Tab")
        if success.evaluate("(node) => node === document.activeElement"):
            break
    page.keyboard.press("Space")
    expect(success).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Space")
    dialog.get_by_test_id("subscribe-add").focus()
    page.keyboard.press("Enter")
    expect(dialog.get_by_test_id("subscription")).to_have_count(1)
    expect(dialog.get_by_test_id("subscription").locator("[aria-pressed=true]")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(bell).to_have_attribute("data-rings", "true")


def start(page: Page, results: Path) -> str:
    page.get_by_test_id("run").click()
    dialog = page.get_by_test_id("run-dialog")
    dialog.get_by_test_id("tell-me").locator("label").click()
    picture(page, results, "run-form")
    with page.expect_response(lambda answer: answer.url.endswith("/api/subscriptions/")) as told:
        dialog.get_by_test_id("start-run").click()
    body: dict[str, Any] = told.value.json()
    assert told.value.status == 201
    return str(body["run"])


def test_it_makes_a_topic_on_the_spot_and_shows_what_it_sent(
    page: Page, workflow: str, live_stack: LiveStack, results: Path
) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"/workflows/{workflow}")
    page.get_by_test_id("workflow-bell").click()
    dialog = page.get_by_test_id("subscribe")
    dialog.get_by_test_id("subscribe-who").get_by_role("button").click()
    page.get_by_role("option", name="New topic").click()
    dialog.get_by_test_id("topic-name").get_by_role("textbox").fill("night shift")
    dialog.get_by_test_id("topic-make").click()
    expect(dialog.get_by_test_id("subscribe-who")).to_contain_text("night shift")
    dialog.get_by_test_id("subscribe-add").click()
    expect(dialog.get_by_test_id("subscription")).to_contain_text("night shift")
    picture(page, results, "workflow-bell")

    page.goto("/topics")
    expect(page.get_by_test_id("channel")).to_contain_text("admin")
    page.get_by_test_id("add-webhook").click()
    with hook_server() as hooks:
        page.get_by_test_id("channel-address").get_by_role("textbox").fill(f"http://127.0.0.1:{hooks.port}/hook")
        page.get_by_test_id("channel-add").click()
        expect(page.get_by_test_id("secret")).to_contain_text("whsec_")
        picture(page, results, "secret")
        page.keyboard.press("Escape")
        page.get_by_test_id("send-test").click()
        # This server does not send to private addresses; that is what the log says, and to the inbox it went.
        refused = page.locator("[data-testid=delivery][data-kind=webhook]")
        expect(refused).to_have_attribute("data-state", "given_up", timeout=PATIENCE)
        expect(refused).to_contain_text("leads to a private address")
        assert hooks.received == []
    expect(page.locator("[data-testid=delivery][data-kind=inbox]")).to_have_attribute("data-state", "sent")
    expect(page.get_by_test_id("unread")).to_have_text("1", timeout=PATIENCE)
    picture(page, results, "topics")
    refused.get_by_test_id("redeliver").click()
    expect(refused).to_contain_text("Given up", timeout=PATIENCE)

    page.goto("/notifications")
    expect(page.get_by_test_id("notification")).to_contain_text("Test message of “night shift”")
    picture(page, results, "notifications")


def test_it_follows_without_sockets(visitor: Visitor, live_stack: LiveStack) -> None:
    """Where sockets do not get through, the bell asks again and again, and hears as much."""
    context, watched = visitor.context()
    page = context.new_page()
    context.route_web_socket("**/ws/me/**", lambda socket: socket.close(code=1011))
    page.goto(live_stack.sign_in_link("quiet"))
    page.get_by_role("button").first.click()
    page.wait_for_url("**/")
    expect(page.get_by_test_id("bell")).to_be_visible()
    with page.expect_response(lambda answer: "/api/notifications/changes/" in answer.url, timeout=PATIENCE):
        made = page.evaluate(SEND_TEST)
    assert made == 202
    expect(page.get_by_test_id("unread")).to_have_text("1", timeout=PATIENCE)
    watched.forgive("WebSocket")


SEND_TEST = """async () => {
  const cookie = document.cookie.split("; ").find((each) => each.startsWith("pipeloom_csrf_")) ?? "=";
  const headers = {"content-type": "application/json", "x-csrftoken": cookie.slice(cookie.indexOf("=") + 1)};
  const post = (path, body) => fetch(path, {method: "POST", headers, body: JSON.stringify(body)});
  const topic = await (await post("/api/topics/", {name: "quiet"})).json();
  return (await post(`/api/topics/${topic.id}/test/`, {})).status;
}"""
