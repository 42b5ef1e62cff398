"""Fixtures of the tests that look at the product through a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, StorageState

from tests.e2e.looking import PICTURES, contact_sheet_write
from tests.e2e.world import World, world_make
from tests.harness.browser import RESULTS, Visitor, chromium_running, sign_in
from tests.harness.live_stack import LiveStack, live_stacks


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """A fixture that closes pages must know how the test went."""
    report: pytest.TestReport = yield  # type: ignore[misc, assignment]
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report  # type: ignore[return-value]


FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with chromium_running() as browser:
        yield browser


@pytest.fixture(scope="session")
def peopled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A product of its own: what other tests leave behind would be in the pictures."""
    with live_stacks(tmp_path_factory) as start:
        stack = start()
        with stack.client() as client:
            yield world_make(stack, client)


@pytest.fixture(scope="module")
def world(peopled: World) -> Iterator[World]:
    with peopled.going_on():
        yield peopled


@pytest.fixture(scope="module")
def visitor_here(chromium: Browser, peopled: World) -> Iterator[Visitor]:
    """Whose pages stay open from one look to the next."""
    visitor = Visitor(chromium, peopled.stack, PICTURES, traced=False)
    yield visitor
    visitor.close(failed=False)
    contact_sheet_write()


@pytest.fixture
def results(request: pytest.FixtureRequest) -> Path:
    """Where this test leaves pictures, for people to look at."""
    name = "".join(each if each.isalnum() or each in "-_" else "-" for each in request.node.name)
    return RESULTS / f"{request.module.__name__.rsplit('.', 1)[-1]}" / name


@pytest.fixture
def visitor(
    chromium: Browser, live_stack: LiveStack, request: pytest.FixtureRequest, results: Path
) -> Iterator[Visitor]:
    """Pages of several people; all are closed here, and whatever they complained about fails the test."""
    found = Visitor(chromium, live_stack, results)
    yield found
    failed = request.node.stash.get(FAILED, True)
    found.close(failed=failed)
    if failed:
        runs_stop(live_stack)


def runs_stop(stack: LiveStack) -> None:
    """What a test that failed left running would keep every later one waiting for its core."""
    with stack.client() as client:
        for run in client.get("/api/runs/", params={"state": "running", "limit": 200}).json()["items"]:
            client.post(f"/api/runs/{run['id']}/actions/", json={"action": "stop"})


@pytest.fixture
def page(visitor: Visitor) -> Page:
    """The first user's, signed in."""
    return visitor.page()


@pytest.fixture(scope="module")
def session(chromium: Browser, live_stack: LiveStack) -> StorageState:
    """The first user's, for modules whose tests need not sign in each by itself; none of them may sign out."""
    context = chromium.new_context(base_url=live_stack.url)
    sign_in(context.new_page(), live_stack)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def wide_page(visitor: Visitor, session: StorageState) -> Page:
    """Signed in, and wide enough for a canvas with its panels."""
    context, _ = visitor.context(viewport={"width": 1600, "height": 900}, storage_state=session)
    page = context.new_page()
    page.goto("/")
    return page
