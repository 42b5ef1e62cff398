"""Every page, full, empty, while it loads and when the server fails: in both themes, both languages and two widths
accessible, nothing cut off, nothing over anything else, no request to elsewhere. The pictures and a sheet of them are
left in test-results/pictures/ for people to look at."""

import re

import pytest
from playwright.sync_api import Page

from tests.e2e.looking import BRIEFLY, Looker, until_given_up
from tests.e2e.world import NOTES, World
from tests.harness.browser import Visitor

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(900)]
FULL = {
    "workflows": "/",
    "editor": "/workflows/{workflow}",
    "editor with a run": "/workflows/{workflow}?run={run}",
    "editor runs": "/workflows/{workflow}?tab=runs",
    "editor program": "/workflows/{workflow}?tab=program",
    "editor versions": "/workflows/{workflow}?tab=versions",
    "runs": "/runs",
    "run": "/runs/{run}",
    "run step": "/runs/{run}?step=train",
    "run metrics": "/runs/{run}?tab=metrics",
    "run timeline": "/runs/{run}?tab=timeline",
    "run logs": "/runs/{run}?tab=logs&step=train",
    "run outputs": "/runs/{run}?tab=outputs&step=train",
    "run values": "/runs/{run}?tab=values",
    "schedules": "/schedules",
    "todo": "/todo",
    "notifications": "/notifications",
    "topics": "/topics",
    "storage": "/storage",
    "storage folder": f"/storage?path={NOTES}",
    "datasets": "/datasets",
    "dataset": "/datasets/{dataset}",
    "models": "/models",
    "model": "/models/{model}",
    "hosts": "/hosts",
    "images": "/images",
    "gallery": "/gallery",
    "gallery offer": "/gallery/{offer}",
    "parts": "/parts",
    "project": "/projects/{project}",
    "account": "/account",
    "tokens": "/tokens",
}
# What somebody sees who has just come, and has nothing.
EMPTY = {
    "workflows": "/",
    "runs": "/runs",
    "schedules": "/schedules",
    "todo": "/todo",
    "notifications": "/notifications",
    "topics": "/topics",
    "storage": "/storage?path=/default/",
    "datasets": "/datasets",
    "models": "/models",
    "images": "/images",
    "tokens": "/tokens",
}
# Pages that ask the server for something before they can show anything.
ALONE = (
    "dataset",
    "datasets",
    "editor",
    "gallery",
    "gallery offer",
    "hosts",
    "images",
    "model",
    "models",
    "notifications",
    "project",
    "run",
    "runs",
    "schedules",
    "storage folder",
    "todo",
    "topics",
    "tokens",
    "workflows",
)
ASKING = {name: FULL[name] for name in ALONE}
NOT_THE_FRAME = re.compile(r"/api/(?!me/|todo/$)|/api/todo/")
NOBODY = "018f0000-0000-7000-8000-000000000000"
MISSING = {name: f"/{name}s/{NOBODY}" for name in ("workflow", "run", "dataset", "model", "project")}
MISSING["gallery offer"] = f"/gallery/{NOBODY}"
MISSING["address"] = "/workflows/of/nobody/at/all"
ANSWER_500 = {"status": 500, "content_type": "text/html", "body": "<h1>502 Bad Gateway</h1>"}


@pytest.fixture(scope="module")
def somebody(visitor_here: Visitor, world: World) -> Page:
    """Who has done everything that there is to see."""
    return visitor_here.page()


@pytest.fixture(scope="module")
def newcomer(visitor_here: Visitor) -> Page:
    return visitor_here.page("newcomer")


@pytest.fixture(scope="module")
def unanswered(visitor_here: Visitor) -> Page:
    """To whom the server says nothing."""
    page = visitor_here.page()
    page.route(NOT_THE_FRAME, lambda _: None)
    return page


@pytest.fixture(scope="module")
def refused(visitor_here: Visitor) -> Page:
    """Whom only a broken proxy answers."""
    page = visitor_here.page()
    page.clock.install()
    page.route(NOT_THE_FRAME, lambda route: route.fulfill(**ANSWER_500))
    visitor_here.watched(page).forgive("status of 500")
    return page


@pytest.mark.parametrize("name", FULL)
def test_it_is_readable_for_everybody(name: str, somebody: Page, world: World) -> None:
    assert Looker(somebody, "pages").look(name, lambda page: page.goto(FULL[name].format(**world.ids))) == []


@pytest.mark.parametrize("name", EMPTY)
def test_it_says_what_to_do_where_there_is_nothing(name: str, newcomer: Page) -> None:
    assert Looker(newcomer, "empty").look(name, lambda page: page.goto(EMPTY[name])) == []
    assert newcomer.get_by_role("row").count() == 0


@pytest.mark.parametrize("name", ASKING)
def test_it_shows_that_it_loads(name: str, unanswered: Page, world: World) -> None:
    def ask(page: Page) -> None:
        """The frame has come, and what is on the page is asked for."""
        with page.expect_request(NOT_THE_FRAME):
            page.goto(ASKING[name].format(**world.ids))

    assert Looker(unanswered, "loading", BRIEFLY).look(name, ask, busy=True) == []


@pytest.mark.parametrize("name", ASKING)
def test_it_says_that_the_server_fails(name: str, refused: Page, world: World) -> None:
    path = ASKING[name].format(**world.ids)
    assert Looker(refused, "failing", BRIEFLY).look(name, lambda page: until_given_up(page, path)) == []


@pytest.mark.parametrize("name", MISSING)
def test_it_says_that_something_is_not_there(name: str, somebody: Page) -> None:
    assert Looker(somebody, "missing").look(name, lambda page: page.goto(MISSING[name])) == []
