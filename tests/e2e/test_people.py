"""Several people around one project: invited by a link, told live what the others do, and kept to their roles."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from pipeloom.client import Client
from playwright.sync_api import Page, expect

from tests.harness.browser import Visitor
from tests.harness.live_stack import LiveStack

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(400)]
PASSWORD = "correct horse battery"
ASKS = {
    "schema": 1,
    "name": "Asks",
    "parameters": [{"id": "p1", "name": "note", "type": "STR", "delay": True, "description": "What to write"}],
    "data": [],
    "storages": [],
    "steps": [
        {
            "id": "s1",
            "name": "write",
            "kind": "job",
            "title": "Write",
            "inputs": [],
            "outputs": [],
            "properties": {
                "algorithm": {"command": ["true"], "parameters": [{"name": "note", "value": {"$parameter": "note"}}]},
                "spec": {"resource": {"flavor": {"flavor_id": "cpu.1"}, "node_count": 1}},
            },
            "policy": {},
            "depends_on": [],
        }
    ],
    "layout": {"nodes": {"s1": {"x": 0, "y": 0}}},
}


@pytest.fixture
def client(live_stack: LiveStack) -> Client:
    return Client(live_stack.url, live_stack.token)


def shared(client: Client, name: str) -> str:
    made: str = client.api.post("/projects/", {"name": name})["id"]
    return made


def invited(client: Client, project: str, role: str, **more: Any) -> str:
    link: str = client.api.post(f"/projects/{project}/invitations/", {"role": role, **more})["link"]
    return link


def joined(visitor: Visitor, link: str, name: str) -> Page:
    """A browser of its own in which somebody new has accepted the invitation."""
    context, _ = visitor.context()
    page = context.new_page()
    page.goto(link)
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account and join").click()
    expect(page.get_by_test_id("account")).to_be_visible()
    return page


def waiting_run(client: Client, project: str, name: str) -> dict[str, Any]:
    workflow = client.api.post("/workflows/", {"name": name, "project": project, "document": {**ASKS, "name": name}})
    started: dict[str, Any] = client.run_start(workflow["id"])
    return {**started, "workflow": workflow["id"]}


def facts(page: Page) -> list[str]:
    """What the page's sockets say of the run from now on, in order."""
    heard: list[str] = []

    def listen(socket: Any) -> None:
        def frame(payload: Any) -> None:
            found = re.search(r'"type": ?"(step_\w+|run_\w+)"', str(payload))
            if found:
                heard.append(found.group(1))

        socket.on("framereceived", frame)

    page.on("websocket", listen)
    return heard


def test_two_people_see_a_delayed_value_answered_by_one_of_them(
    visitor: Visitor, client: Client, live_stack: LiveStack
) -> None:
    project = shared(client, "Together")
    answers = joined(visitor, invited(client, project, "operator"), "ada")
    watches = joined(visitor, invited(client, project, "operator"), "bob")
    listed = visitor.page("bob")
    run = waiting_run(client, project, "Asks-both")
    heard = facts(watches)
    listed.goto("/todo")
    expect(listed.locator("[data-testid=todo]")).to_have_count(1)
    for page in (answers, watches):
        page.goto(f"/runs/{run['id']}?step=write")
        expect(page.get_by_test_id("answer")).to_be_visible()
    # The other has the question open already.
    watches.get_by_test_id("answer").click()
    expect(watches.get_by_role("dialog")).to_be_visible()
    asked = count_requests(watches, re.compile(rf"/api/runs/{run['id']}/(snapshot|events)/"))
    before = len(heard)

    answers.get_by_test_id("answer").click()
    answers.get_by_role("dialog").get_by_role("textbox").fill("from ada")
    answers.get_by_role("dialog").locator("button[type=submit]").click()

    # Told by the socket: the question closes, the run goes on to its end, and nothing was asked for or reloaded.
    expect(watches.get_by_text("ada answered “Write”")).to_be_visible()
    expect(watches.get_by_role("dialog")).to_have_count(0)
    expect(watches.get_by_test_id("run")).to_have_attribute("data-state", "completed")
    expect(listed.locator("[data-testid=todo]")).to_have_count(0)
    told = heard[before:]
    assert told.index("step_continued") < told.index("step_finished") < told.index("run_finished")
    assert asked() == 0
    facts_stored = client.api.get(f"/runs/{run['id']}/events/?after=0")["events"]
    (continued,) = [each for each in facts_stored if each["type"] == "step_continued"]
    ada = answers.request.get("/api/me/").json()
    assert (continued["data"]["by"], continued["data"]["name"]) == (ada["id"], "ada")
    assert client.api.get(f"/runs/{run['id']}/steps/write/")["step"]["answered"] == {"by": ada["id"], "name": "ada"}


def count_requests(page: Page, pattern: re.Pattern[str]) -> Callable[[], int]:
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url) if pattern.search(request.url) else None)
    return lambda: len(seen)


def test_a_person_is_invited_promoted_and_removed(visitor: Visitor, client: Client, page: Page) -> None:
    """With the mouse, as a manager; the other's page follows."""
    page.get_by_test_id("project").click()
    page.get_by_role("menuitem", name="New project…").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Digits")
    page.get_by_role("dialog").get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="Digits", level=1)).to_be_visible()
    page.get_by_test_id("quota-change").click()
    page.get_by_role("dialog").get_by_role("textbox", name="Steps at once").fill("2")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_role("meter", name="Steps at once")).to_have_attribute("aria-valuetext", "0 of 2 in use")
    expect(page.get_by_test_id("quota")).to_contain_text("0 in use, no limit")
    page.get_by_test_id("invite").click()
    page.get_by_role("dialog").get_by_label("For whom").fill("Cai from the lab")
    page.get_by_role("dialog").get_by_role("button", name="Make link").click()
    link = page.get_by_test_id("secret").inner_text()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    expect(page.locator("[data-invitation=open]")).to_have_count(1)

    guest = joined(visitor, link, "cai")

    expect(guest.get_by_test_id("project")).to_have_text("Digits")
    expect(guest.get_by_test_id("role-note")).to_have_attribute("data-needed", "author")
    expect(guest.get_by_test_id("new")).to_have_count(0)
    page.reload()
    row = page.get_by_role("row").filter(has=page.locator("[data-member=cai]"))
    row.get_by_role("button", name="Role of cai").click()
    page.get_by_role("option", name="Author").click()
    expect(row.locator("[data-role=author]")).to_be_visible()
    guest.reload()
    expect(guest.get_by_test_id("new").first).to_be_visible()
    row.get_by_role("button", name="Actions for cai").click()
    page.get_by_role("menuitem", name="Remove…").click()
    expect(page.get_by_role("alertdialog", name="Remove cai")).to_contain_text("Runs that cai started go on")
    page.get_by_role("alertdialog", name="Remove cai").get_by_role("button", name="Remove", exact=True).click()
    expect(row).to_have_count(0)
    expect(page.locator("[data-note=removed]")).to_contain_text("admin removed cai, who was Author")
    guest.reload()
    expect(guest.get_by_test_id("project")).to_have_text("cai")


def test_a_viewer_sees_everything_and_is_offered_nothing(visitor: Visitor, client: Client) -> None:
    project = shared(client, "Looked at")
    viewer = joined(visitor, invited(client, project, "viewer"), "vera")
    run = waiting_run(client, project, "Asks-seen")

    viewer.goto(f"/workflows/{run['workflow']}")
    expect(viewer.get_by_test_id("read-only")).to_contain_text("Read only: you are Viewer in Looked at")
    expect(viewer.get_by_test_id("run")).to_have_count(0)
    # One's own news is one's own; what is everybody's says which role it needs.
    viewer.get_by_test_id("workflow-bell").click()
    expect(viewer.get_by_test_id("subscribe-why")).to_contain_text("role operator")
    expect(viewer.get_by_role("switch")).to_be_disabled()
    viewer.get_by_test_id("subscribe-add").click()
    expect(viewer.get_by_test_id("subscription")).to_have_count(1)
    viewer.keyboard.press("Escape")
    viewer.goto(f"/runs/{run['id']}?step=write")
    expect(viewer.get_by_test_id("role-note")).to_contain_text("You are Viewer in Looked at")
    for name in ("rerun", "stop-run", "answer", "run-more"):
        expect(viewer.get_by_test_id(name)).to_have_count(0)
    viewer.goto("/todo")
    expect(viewer.get_by_role("heading", name="Nothing waits for you")).to_be_visible()
    viewer.goto(f"/projects/{project}")
    expect(viewer.get_by_test_id("invite")).to_have_count(0)
    expect(viewer.get_by_test_id("role-note")).to_have_attribute("data-needed", "manager")
    expect(viewer.get_by_test_id("quota")).to_be_visible()
    expect(viewer.get_by_test_id("quota-change")).to_have_count(0)


def test_a_password_is_set_signs_in_and_ends_other_sessions(visitor: Visitor, live_stack: LiveStack) -> None:
    here, there = visitor.page("dee"), visitor.page("dee")
    here.goto("/account")
    here.get_by_label("New password").fill("short")
    here.get_by_role("button", name="Set password").click()
    expect(here.get_by_text("fewer than 12 characters")).to_be_visible()
    here.get_by_label("New password").fill(PASSWORD)
    here.get_by_role("button", name="Set password").click()
    expect(here.get_by_label("Current password")).to_be_visible()
    there.goto("/runs")
    expect(there.get_by_role("heading", name="Sign in to Pipeloom")).to_be_visible()

    there.get_by_label("Name", exact=True).fill("dee")
    there.get_by_label("Password").fill("not this one at all")
    there.get_by_role("button", name="Sign in").click()
    expect(there.get_by_role("alert")).to_contain_text("not right")
    there.get_by_label("Password").fill(PASSWORD)
    there.get_by_role("button", name="Sign in").click()

    expect(there).to_have_url(f"{live_stack.url}/runs")
    expect(there.get_by_test_id("account")).to_be_visible()


def test_a_token_is_shown_once_and_revoked(page: Page, live_stack: LiveStack) -> None:
    live_stack.manage("createtoken", "admin", "--name", "from the command line")
    page.goto("/tokens")
    expect(page.locator("[data-token='from the command line']")).to_be_visible()
    page.get_by_test_id("new-token").click()
    page.get_by_role("dialog").get_by_label("What it is for").fill("nightly")
    page.get_by_role("dialog").get_by_role("button", name="Make token").click()
    secret = page.get_by_test_id("secret").inner_text()
    me = page.request.get("/api/me/", headers={"Authorization": f"Bearer {secret}"})
    assert me.json()["username"] == "admin"
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    expect(page.locator("[data-token=nightly]")).to_be_visible()
    assert secret not in page.content()

    page.get_by_role("button", name="Revoke nightly").click()
    page.get_by_role("alertdialog", name="nightly").get_by_role("button", name="Revoke").click()

    expect(page.locator("[data-token=nightly]")).to_have_count(0)
    late = page.request.get("/api/me/", headers={"Authorization": f"Bearer {secret}"})
    assert late.status == 401
