"""The editor as a person uses it: with the mouse on the canvas, and by the labels of fields."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect


@dataclass(frozen=True)
class Editor:
    page: Page

    @classmethod
    def new(cls, page: Page, name: str) -> "Editor":
        """From the first page, as somebody begins."""
        page.goto("/")
        page.get_by_test_id("new").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("textbox").first.fill(name)
        dialog.get_by_role("button").last.click()
        page.get_by_test_id("canvas").wait_for()
        return cls(page)

    @classmethod
    def of(cls, page: Page, document: dict[str, Any]) -> "Editor":
        """Of a document that is there already."""
        token = next(each["value"] for each in page.context.cookies() if "csrf" in str(each["name"]))
        made = page.request.post(
            "/api/workflows/",
            data={"name": document["name"], "document": document},
            headers={"X-CSRFToken": token, "Referer": page.url},
        )
        assert made.ok, made.text()
        page.goto(f"/workflows/{made.json()['id']}")
        page.get_by_test_id("canvas").wait_for()
        return cls(page)

    @property
    def id(self) -> str:
        return self.page.url.split("/workflows/")[1].split("?")[0].strip("/")

    def step(self, name: str) -> Locator:
        return self.page.locator(f'article[data-step="{name}"]')

    def port(self, name: str, handle: str) -> Locator:
        node = self.page.locator(".react-flow__node", has=self.step(name))
        return node.locator(f'[data-port="{handle}"]')

    def field(self, pointer: str) -> Locator:
        return self.page.get_by_test_id(f"field:{pointer}")

    def drop(self, kind: str, x: float, y: float) -> None:
        """Out of the palette onto the canvas."""
        before = self.page.locator("article[data-step]").count()
        at_x, at_y = middle(self.page.locator(f"[data-testid=palette-item][data-kind={kind}]"))
        canvas = box(self.page.get_by_test_id("canvas"))
        self._drag((at_x, at_y), (at_x + 30, at_y + 10), (canvas["x"] + x, canvas["y"] + y))
        self.page.locator("article[data-step]").nth(before).wait_for()

    def wire(self, start: Locator, end: Locator | None = None) -> None:
        """From a port to a port or a step; to nothing, which asks what it should lead to."""
        x, y = middle(start)
        target = (x - 20, y + 220) if end is None else middle(end)
        self.drag((x, y), target)

    def drag(self, start: tuple[float, float], end: tuple[float, float], *, key: str | None = None) -> None:
        if key is not None:
            self.page.keyboard.down(key)
        self._drag(start, (start[0] + 12, start[1] + 8), end)
        if key is not None:
            self.page.keyboard.up(key)

    def edge(self, start: str, end: str) -> Locator:
        return self.page.locator(f'[data-edge][data-from="{start}"][data-to="{end}"]')

    def edges(self) -> list[str]:
        """Every wire that is drawn, as role and ends."""
        found: list[str] = self.page.evaluate(
            """() => [...document.querySelectorAll('[data-edge]')].map(
                ({ dataset: each }) => `${each.role} ${each.from} ${each.to}`).sort()"""
        )
        return found

    def steps(self) -> list[str]:
        found: list[str] = self.page.evaluate(
            "() => [...document.querySelectorAll('article[data-step]')].map((each) => each.dataset.step).sort()"
        )
        return found

    def _drag(self, start: tuple[float, float], begin: tuple[float, float], end: tuple[float, float]) -> None:
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move(*begin, steps=3)
        mouse.move(*end, steps=8)
        mouse.up()

    def select(self, name: str) -> None:
        self.step(name).click()
        expect(self.step(name)).to_have_attribute("data-step", name)

    def deselect(self) -> None:
        self.page.locator(".react-flow__pane").click(position={"x": 20, "y": 640})

    def fill(self, pointer: str, text: str) -> None:
        self.field(pointer).get_by_role("textbox").fill(text)
        self.page.keyboard.press("Tab")

    def choose(self, pointer: str, now: str, wanted: str) -> None:
        self.field(pointer).get_by_role("button").filter(has_text=now).first.click()
        self.page.get_by_role("option", name=wanted, exact=True).click()

    def ask_at_run(self, pointer: str) -> None:
        """The field becomes a placeholder."""
        self.field(pointer).get_by_test_id("make-placeholder").click()

    def write_script(self, text: str) -> None:
        self.page.get_by_role("tab", name="Code").click()
        self.page.get_by_test_id("place-script").click()
        self.page.get_by_test_id("make-script").click()
        self.page.locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)
        self.page.get_by_test_id("save-script").click()
        self.page.locator("[data-testid=code-tab][data-save=same]").wait_for()
        self.page.get_by_role("tab", name="Settings").click()

    def saved(self) -> dict[str, Any]:
        """The document as the server has it, once the editor says that it is there."""
        self.page.locator("[data-testid=save-state][data-state=saved]").wait_for()
        found: dict[str, Any] = self.page.request.get(f"/api/workflows/{self.id}/draft/").json()["document"]
        return found


def middle(of: Locator) -> tuple[float, float]:
    found = box(of)
    return found["x"] + found["width"] / 2, found["y"] + found["height"] / 2


def box(of: Locator) -> Any:
    found = of.bounding_box()
    assert found is not None, f"not on the screen: {of}"
    return found
