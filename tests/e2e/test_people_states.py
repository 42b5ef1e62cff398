"""The pages for people in the states that they get into: at the entrance, around a project, with a question open.
Looked at as test_pages.py looks at pages."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from pipeloom.client import Client
from playwright.sync_api import Browser, Page, expect

from tests.e2e.looking import PICTURES, Looker, contact_sheet_write, until_given_up
from tests.e2e.world import LONG_CHINESE, LONG_NAME
from tests.harness.browser import Visitor
from tests.harness.live_stack import LiveStack

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(600)]
PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Around:
    """A project with members of every role, invitations in every state and a history; a lonely one."""

    project: str
    lonely: str
    link: str
    over: str


State = Callable[[Page, Around], Any]
ENTRANCE: dict[str, State] = {}
INSIDE: dict[str, State] = {}
MEMBERS = {
    "vilma": "viewer",
    "otto": "operator",
    "aya": "author",
    "a.rather.long.name.of.somebody@example.org": "manager",
}


def state(states: dict[str, State], name: str) -> Callable[[State], State]:
    def noted(build: State) -> State:
        states[name] = build
        return build

    return noted


@pytest.fixture(scope="module")
def visitor_here(chromium: Browser, live_stack: LiveStack) -> Iterator[Visitor]:
    visitor = Visitor(chromium, live_stack, PICTURES)
    yield visitor
    visitor.close(failed=False)
    contact_sheet_write()


@pytest.fixture(scope="module")
def around(visitor_here: Visitor, live_stack: LiveStack) -> Around:
    api = Client(live_stack.url, live_stack.token).api
    project = api.post("/projects/", {"name": LONG_CHINESE[:20]})["id"]
    lonely = api.post("/projects/", {"name": "Quiet"})["id"]

    def invited(role: str, note: str = "") -> str:
        link: str = api.post(f"/projects/{project}/invitations/", {"role": role, "note": note})["link"]
        return link

    for name, role in MEMBERS.items():
        join(visitor_here.context()[0].new_page(), invited(role, LONG_NAME), name)
    withdrawn = api.post(f"/projects/{project}/invitations/", {"role": "viewer", "note": "withdrawn"})
    api.delete(f"/projects/{project}/invitations/{withdrawn['id']}/")
    for name in (LONG_NAME, LONG_CHINESE):
        api.post("/tokens/", {"name": name, "project": project, "role": "viewer", "days": 30})
    return Around(project, lonely, invited("author", LONG_CHINESE), withdrawn["link"])


def join(page: Page, link: str, name: str) -> None:
    page.goto(link)
    page.locator("#username").fill(name)
    page.locator("#password").fill(PASSWORD)
    page.locator("form.fields button").click()
    expect(page.get_by_test_id("account")).to_be_visible()


@pytest.fixture(scope="module")
def somebody(visitor_here: Visitor) -> Page:
    return visitor_here.page()


@pytest.fixture(scope="module")
def stranger(visitor_here: Visitor, live_stack: LiveStack) -> Page:
    page = visitor_here.context()[0].new_page()
    page.goto(live_stack.url)
    return page


@pytest.fixture(scope="module")
def viewer(visitor_here: Visitor, around: Around) -> Page:
    """Who may only look."""
    page = visitor_here.page("vilma")
    page.goto(f"/projects/{around.project}")
    return page


@state(ENTRANCE, "signing in")
def signing_in(page: Page, around: Around) -> None:
    page.goto("/sign-in/")


@state(ENTRANCE, "wrong password")
def wrong_password(page: Page, around: Around) -> None:
    page.goto("/sign-in/")
    page.locator("#username").fill("vilma")
    page.locator("#password").fill("not this one at all")
    page.locator("form.fields button").click()
    page.get_by_role("alert").wait_for()


@state(ENTRANCE, "invitation")
def invitation(page: Page, around: Around) -> None:
    page.goto(around.link)


@state(ENTRANCE, "wrong name")
def wrong_name(page: Page, around: Around) -> None:
    page.goto(around.link)
    page.locator("#username").fill("vilma")
    page.locator("#password").fill(PASSWORD)
    page.locator("form.fields button").click()
    page.get_by_role("alert").wait_for()


@state(ENTRANCE, "over")
def over(page: Page, around: Around) -> None:
    page.goto(around.over)


@state(INSIDE, "project")
def project(page: Page, around: Around) -> None:
    page.goto(f"/projects/{around.project}")
    page.get_by_test_id("invite").wait_for()
    page.locator("[data-member=aya]").wait_for()


@state(INSIDE, "lonely")
def lonely(page: Page, around: Around) -> None:
    page.goto(f"/projects/{around.lonely}")


def row(page: Page) -> Any:
    return page.get_by_role("row").filter(has=page.locator("[data-member=aya]"))


@state(INSIDE, "roles")
def roles(page: Page, around: Around) -> None:
    project(page, around)
    row(page).get_by_role("button").first.click()
    page.get_by_role("listbox").wait_for()


@state(INSIDE, "actions")
def actions(page: Page, around: Around) -> None:
    project(page, around)
    row(page).get_by_role("button").last.click()
    page.get_by_role("menu").wait_for()


@state(INSIDE, "remove")
def remove(page: Page, around: Around) -> None:
    actions(page, around)
    page.get_by_role("menuitem").click()
    page.get_by_role("alertdialog").wait_for()


@state(INSIDE, "invite")
def invite(page: Page, around: Around) -> None:
    project(page, around)
    page.get_by_test_id("invite").click()
    page.get_by_role("dialog").wait_for()


@state(INSIDE, "link")
def link(page: Page, around: Around) -> None:
    invite(page, around)
    page.get_by_role("dialog").locator("button[type=submit]").click()
    page.get_by_test_id("secret").wait_for()


@state(INSIDE, "rename")
def rename(page: Page, around: Around) -> None:
    project(page, around)
    page.get_by_role("main").get_by_role("button").first.click()
    page.get_by_role("dialog").wait_for()


@state(INSIDE, "switcher")
def switcher(page: Page, around: Around) -> None:
    page.goto("/")
    page.get_by_test_id("project").click()
    page.get_by_role("menu").wait_for()


@state(INSIDE, "new project")
def new_project(page: Page, around: Around) -> None:
    switcher(page, around)
    page.get_by_role("menuitem").last.click()
    page.get_by_role("dialog").wait_for()


@state(INSIDE, "account")
def account(page: Page, around: Around) -> None:
    page.goto("/account")


@state(INSIDE, "password")
def password(page: Page, around: Around) -> None:
    page.goto("/account")
    page.locator("input[autocomplete=new-password]").fill("short")
    page.locator("form").last.locator("button[type=submit]").click()
    page.get_by_role("main").locator("[aria-invalid], [data-invalid]").first.wait_for()


@state(INSIDE, "tokens")
def tokens(page: Page, around: Around) -> None:
    page.goto("/tokens")


@state(INSIDE, "new token")
def new_token(page: Page, around: Around) -> None:
    page.goto("/tokens")
    page.get_by_test_id("new-token").click()
    page.get_by_role("dialog").wait_for()


@state(INSIDE, "secret")
def secret(page: Page, around: Around) -> None:
    new_token(page, around)
    page.get_by_role("dialog").locator("input").first.fill("nightly")
    page.get_by_role("dialog").locator("button[type=submit]").click()
    page.get_by_test_id("secret").wait_for()


@state(INSIDE, "revoke")
def revoke(page: Page, around: Around) -> None:
    page.goto("/tokens")
    page.get_by_role("row").last.get_by_role("button").click()
    page.get_by_role("alertdialog").wait_for()


@pytest.mark.parametrize("name", ENTRANCE)
def test_the_entrance_is_readable(name: str, stranger: Page, around: Around) -> None:
    assert Looker(stranger, "entrance").look(name, lambda page: ENTRANCE[name](page, around)) == []


@pytest.mark.parametrize("name", INSIDE)
def test_it_is_readable_in_every_state(name: str, somebody: Page, around: Around) -> None:
    assert Looker(somebody, "people").look(name, lambda page: INSIDE[name](page, around)) == []


def test_a_viewer_reads_a_project_too(viewer: Page, around: Around) -> None:
    looker = Looker(viewer, "people")
    assert looker.look("viewer project", lambda page: page.goto(f"/projects/{around.project}")) == []
    assert looker.look("viewer home", lambda page: page.goto("/")) == []


def test_an_invitation_is_readable_for_who_has_an_account(viewer: Page, around: Around) -> None:
    assert Looker(viewer, "entrance").look("already member", lambda page: page.goto(around.link)) == []


def test_the_editor_says_that_it_cannot_learn_the_project(visitor_here: Visitor, live_stack: LiveStack) -> None:
    """Only this one request fails; asked again, the page goes on."""
    api = Client(live_stack.url, live_stack.token).api
    document = {"schema": 1, "name": "Of which project", "steps": []}
    workflow = api.post("/workflows/", {"name": "Of which project", "document": document})["id"]
    page = visitor_here.page()
    page.clock.install()
    address = re.compile(rf"/api/workflows/{workflow}/$")
    page.route(address, lambda route: route.fulfill(status=500, content_type="text/html", body="<h1>Bad Gateway</h1>"))
    until_given_up(page, f"/workflows/{workflow}")

    page.unroute(address)
    page.get_by_role("alert").get_by_role("button").click()

    expect(page.get_by_test_id("canvas")).to_be_visible()
    visitor_here.watched(page).forgive("status of 500")
