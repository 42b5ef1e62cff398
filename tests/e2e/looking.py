"""Looking at a page as different people do: in every language, theme and width, by its layout and by axe; with pictures
and a sheet of all of them, so that a person can look too."""

import html
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tests.harness.browser import RESULTS
from tests.harness.live_stack import REPOSITORY

AXE = REPOSITORY / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
LAYOUT = Path(__file__).with_name("layout.js")
PICTURES = RESULTS / "pictures"
Arrive = Callable[[Page], Any]
PATIENCE = 60_000
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@dataclass(frozen=True)
class Look:
    """`axe`: this look is examined for accessibility too. Its findings differ by theme, hardly by language or width."""

    language: str
    theme: str
    width: int
    height: int
    axe: bool

    def __str__(self) -> str:
        return f"{self.language}-{self.theme}-{self.width}"


# Layout depends on language and width, colours on the theme: four looks show every pair of them.
LOOKS: tuple[Look, ...] = (
    Look("en", "light", 1280, 800, axe=True),
    Look("en", "dark", 1920, 1080, axe=False),
    Look("zh-Hans", "dark", 1280, 800, axe=True),
    Look("zh-Hans", "light", 1920, 1080, axe=False),
)
# For the states of pages that are looked at in all four: every language, theme and width once.
BRIEFLY = (Look("en", "light", 1280, 800, axe=True), Look("zh-Hans", "dark", 1920, 1080, axe=True))


@dataclass
class Looker:
    """`group` is the heading under which the pictures stand."""

    page: Page
    group: str
    looks: tuple[Look, ...] = LOOKS
    faults: list[str] = field(default_factory=list)
    origin: str = ""

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE)
        self.origin = "/".join(self.page.url.split("/", 3)[:3])

    def look(self, name: str, arrive: Arrive, *, busy: bool = False) -> list[str]:
        """Everything that is wrong with what `arrive` leads to. `busy`: it is a page on which something still loads."""
        self.faults = []
        for language in dict.fromkeys(each.language for each in self.looks):
            first = True
            for look in (each for each in self.looks if each.language == language):
                wear(self.page, look, self.origin)
                if first:
                    arrive(self.page)
                settled(self.page, busy=busy, arrived=first)
                first = False
                self._examine(look)
                self._picture(name, look)
        return self.faults

    def _examine(self, look: Look) -> None:
        found = self.page.evaluate(LAYOUT.read_text().split("\n", 1)[1])
        if look.axe:
            found += serious(self.page)
        self.faults += [f"{look}: {each}" for each in found]

    def _picture(self, name: str, look: Look) -> None:
        folder = PICTURES / self.group / named(name)
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"{look}.png", animations="disabled")


def wear(page: Page, look: Look, origin: str) -> None:
    """The theme follows the system's, which can change under an open page; the language is the next page's."""
    chosen = {"pipeloom_theme": "system", "pipeloom_language": look.language}
    page.context.add_cookies([{"name": name, "value": value, "url": origin} for name, value in chosen.items()])
    page.emulate_media(color_scheme="dark" if look.theme == "dark" else "light", reduced_motion="reduce")
    page.set_viewport_size({"width": look.width, "height": look.height})


def settled(page: Page, *, busy: bool = False, arrived: bool = True) -> None:
    """Everything has come, and nothing is on its way any more."""
    if busy:
        page.locator("[aria-busy=true]").first.wait_for()
    else:
        if arrived:
            _quiet(page)
        expect(page.locator("[aria-busy=true]")).to_have_count(0, timeout=PATIENCE)
    page.evaluate("() => document.fonts.ready")
    page.evaluate(TWO_FRAMES)


def _quiet(page: Page) -> None:
    """What follows a log or a run is never quiet for long: everything else of the page has come by then."""
    with suppress(PlaywrightTimeoutError):
        page.wait_for_load_state("networkidle", timeout=5_000)


def until_given_up(page: Page, path: str) -> None:
    """The page asks again a few times, with pauses that its clock need not wait for."""
    page.goto(path)
    deadline = time.monotonic() + 90
    while page.get_by_role("alert").count() == 0:
        assert time.monotonic() < deadline, "nothing says that the server fails"
        page.clock.fast_forward(1_000)


def serious(page: Page) -> list[str]:
    """axe's findings that keep somebody from using the page."""
    if not page.evaluate("() => 'axe' in window"):
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


def named(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


HEAD = """<!doctype html><meta charset="utf-8"><title>Pictures</title><style>
body { margin: 24px; font: 14px/1.5 system-ui, sans-serif; background: #888; color: #111 }
h2 { margin: 32px 0 8px } h3 { margin: 16px 0 4px }
.row { display: grid; grid-template-columns: repeat(4, 1fr); gap: 8px }
figure { margin: 0 } img { width: 100%; border-radius: 4px } figcaption { font-size: 12px } nav a { margin-right: 12px }
</style><h1>Every page and state</h1>
"""


def contact_sheet_write(folder: Path = PICTURES) -> Path:
    """One page with all pictures that lie below the folder; whoever comes last writes it."""
    parts = [HEAD]
    for group in sorted(each for each in folder.iterdir() if each.is_dir()):
        parts.append(f"<h2 id='{group.name}'>{html.escape(group.name)}</h2>")
        states = sorted(each for each in group.iterdir() if each.is_dir())
        parts += [f"<h3>{html.escape(each.name)}</h3><div class='row'>{_row(folder, each)}</div>" for each in states]
    sheet = folder / "index.html"
    sheet.write_text("\n".join(parts))
    return sheet


def _row(folder: Path, state: Path) -> str:
    order = {str(look): number for number, look in enumerate((*LOOKS, *BRIEFLY))}
    pictures = sorted(state.glob("*.png"), key=lambda each: order.get(each.stem, len(order)))
    return "".join(
        f"<figure><a href='{each.relative_to(folder)}'><img loading='lazy' src='{each.relative_to(folder)}' "
        f"alt='{html.escape(state.name)}'></a><figcaption>{each.stem}</figcaption></figure>"
        for each in pictures
    )
