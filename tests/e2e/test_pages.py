"""Every page, in both themes, both languages and two widths: accessible, nothing cut off, nothing over anything
else, no request to elsewhere. The pictures are left in test-results/ for people to look at."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.harness.browser import RESULTS, Visitor
from tests.harness.live_stack import REPOSITORY, LiveStack

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(900)]
AXE = REPOSITORY / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
LAYOUT = Path(__file__).with_name("layout.js")
WIDTHS = {1280: 800, 1920: 1080}
LANGUAGES = {"en": "Workflows", "zh-Hans": "工作流"}
PAGES = (
    "/",
    "/workflows/{workflow}",
    "/workflows/{workflow}?run={run}",
    "/runs",
    "/runs/{run}",
    "/runs/{run}?step=train",
    "/runs/{run}?tab=metrics",
    "/runs/{run}?tab=timeline",
    "/todo",
    "/notifications",
    "/topics",
    "/storage",
    "/storage?path=/default/samples/digits/code/",
    "/datasets",
    "/datasets/{dataset}",
    "/models",
    "/models/{model}",
    "/hosts",
)


@pytest.fixture(scope="module")
def known(live_stack: LiveStack) -> dict[str, str]:
    """The sample has run once, so that every page has something to show."""
    with live_stack.client() as client:
        workflow = client.get("/api/workflows/", params={"search": "Handwritten"}).json()["items"][-1]["id"]
        started = client.post(f"/api/workflows/{workflow}/runs/", json={"values": {"epochs": 6, "min_accuracy": 0}})
        run = started.json()["id"]
        over = {"completed", "stopped", "abnormal"}
        live_stack.until(lambda: client.get(f"/api/runs/{run}/").json()["state"] in over, "the sample's run", 300)
        assert client.get(f"/api/runs/{run}/").json()["state"] == "completed"
        dataset = client.get("/api/datasets/").json()["items"][0]["id"]
        model = client.get("/api/models/").json()["items"][0]["id"]
    return {"workflow": workflow, "run": run, "dataset": dataset, "model": model}


@pytest.fixture(scope="module", params=[(language, theme) for language in LANGUAGES for theme in ("light", "dark")])
def look(
    request: pytest.FixtureRequest, chromium: Browser, live_stack: LiveStack
) -> Iterator[tuple[Page, str, Visitor]]:
    """One signed-in page that wears a theme and speaks a language, as chosen in the application."""
    language, theme = request.param
    visitor = Visitor(chromium, live_stack, RESULTS / "pages")
    page = visitor.page()
    chosen = {"pipeloom_theme": theme, "pipeloom_language": language}
    page.context.add_cookies([{"name": name, "value": value, "url": live_stack.url} for name, value in chosen.items()])
    page.goto("/")
    expect(page.get_by_role("main")).to_contain_text(LANGUAGES[language])
    yield page, f"{language}-{theme}", visitor
    visitor.close(failed=False)


@pytest.mark.parametrize("path", PAGES)
def test_it_is_readable_for_everybody(path: str, look: tuple[Page, str, Visitor], known: dict[str, str]) -> None:
    page, name, _ = look
    faults: list[str] = []
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        page.goto(path.format(**known))
        settled(page)
        faults += [f"{width} px: {each}" for each in page.evaluate(LAYOUT.read_text().split("\n", 1)[1])]
        picture(page, path, f"{name}-{width}")
    assert faults == []
    assert serious(page) == []


def settled(page: Page) -> None:
    """Everything has come, and nothing is on its way any more."""
    page.get_by_role("main").wait_for()
    page.wait_for_load_state("networkidle")
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    page.evaluate("() => document.fonts.ready")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def serious(page: Page) -> list[str]:
    """axe's findings that keep somebody from using the page."""
    page.evaluate(AXE.read_text())
    found: dict[str, Any] = page.evaluate(
        # What React Aria reads aloud names parts that may be gone by now; nobody can reach it.
        "() => axe.run({exclude: [['[data-live-announcer]']]}, {resultTypes: ['violations']})"
    )
    return [
        f"{each['id']}: {each['help']}: {node['target']} {node['html'][:120]}"
        for each in found["violations"]
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"][:3]
    ]


def picture(page: Page, path: str, name: str) -> None:
    place = "-".join(part for part in path.replace("?", "/").replace("=", "/").split("/") if part) or "home"
    folder = RESULTS / "pages" / "".join(each for each in place if each not in "{}")
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png", animations="disabled")
