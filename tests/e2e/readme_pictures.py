"""`make pictures`: the pictures of README.md, taken of the product while the sample trains."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.e2e.looking import settled
from tests.harness.browser import Visitor, chromium_running
from tests.harness.live_stack import REPOSITORY, LiveStack, stack_start

FOLDER = REPOSITORY / ".readme"
SIZE = {"width": 1600, "height": 960}
EPOCHS = 400
SEEN = "epoch 24/"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="pipeloom-pictures-") as folder, chromium_running() as browser:
        stack = stack_start(Path(folder) / "home")
        try:
            take(stack, browser)
        finally:
            stack.end()


def take(stack: LiveStack, browser: Browser) -> None:
    visitor = Visitor(browser, stack, FOLDER)
    page = visitor.page(viewport=SIZE)
    with stack.client() as client:
        listed = client.get("/api/workflows/", params={"search": "Handwritten"}).json()["items"]
        started = client.post(f"/api/workflows/{listed[-1]['id']}/runs/", json={"values": {"epochs": EPOCHS}})
        run = started.json()["id"]
        try:
            page.goto(f"/workflows/{listed[-1]['id']}?run={run}")
            log = f"/api/runs/{run}/steps/train/logs/"
            stack.until(lambda: SEEN in client.get(log).text, "two dozen epochs", 180)
            _opened(page)
            for theme in ("light", "dark"):
                page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
                settled(page, arrived=False)
                page.screenshot(path=FOLDER / f"canvas-{theme}.png", animations="disabled")
        finally:
            client.post(f"/api/runs/{run}/actions/", json={"action": "stop"})
    visitor.close(failed=False)


def _opened(page: Page) -> None:
    """The step that trains is chosen, its charts have something to show on the node and beside it."""
    page.locator("article[data-step=train]").click()
    inspector = page.get_by_test_id("inspector")
    inspector.get_by_role("tab").nth(1).click()
    inspector.locator("[data-testid=chart]").first.wait_for(timeout=120_000)
    expect(page.get_by_text("previous run")).to_have_count(0)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    main()
