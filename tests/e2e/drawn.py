"""What is drawn on a canvas: by Plotly's own account, and as it stands in the page."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, expect

PATIENCE = 120_000
# Curves: the path that is stroked, and the values that it was made of. Bars and matrices: the values.
LOOK = """(node) => node.calcdata === undefined ? null : {
    path: node.querySelector("path.js-line")?.getAttribute("d") ?? "",
    shapes: [...node.querySelectorAll(".bars .point path, .heatmap-label text")]
        .map((each) => each.textContent || each.getAttribute("d")),
    y: node._fullData[0].type === "heatmap"
        ? node._fullData[0].z.flat() : [...node.calcdata[0]].map((each) => each.s ?? each.y),
}"""
CHANGED = f"""([selector, before]) => {{
    const node = document.querySelector(selector);
    const seen = node === null ? null : ({LOOK})(node);
    return seen !== null && JSON.stringify(seen) !== before;
}}"""


@dataclass(frozen=True)
class Picture:
    """One chart on a chart node of the canvas."""

    page: Page
    key: str

    @property
    def selector(self) -> str:
        return f'[data-testid="node-metrics"] [data-testid="chart"][data-chart-key="{self.key}"]'

    def wait(self) -> None:
        self.page.locator(f"{self.selector}[data-points]").first.wait_for(timeout=PATIENCE)

    def look(self) -> dict[str, Any]:
        found: dict[str, Any] | None = self.page.locator(self.selector).first.evaluate(LOOK)
        assert found is not None, f"{self.key} is not drawn"
        return found

    def values(self) -> list[float]:
        drawn: list[float] = self.look()["y"]
        return drawn

    def changed(self, before: dict[str, Any]) -> dict[str, Any]:
        """Waits for another drawing than that."""
        told = self.page.evaluate("(value) => JSON.stringify(value)", before)
        self.page.wait_for_function(CHANGED, arg=[self.selector, told], timeout=PATIENCE)
        return self.look()

    def grown(self, times: int) -> list[float]:
        """Waits until the curve was drawn that often with more points; it never has fewer. What is drawn at last."""
        before = self.look()
        for _ in range(times):
            after = self.changed(before)
            assert len(after["y"]) >= len(before["y"]), "drawn points never become fewer"
            assert after["y"][: len(before["y"])] == before["y"], "what was drawn stays as it was"
            before = after
        values: list[float] = before["y"]
        return values

    def has(self, points: int) -> None:
        expect(self.page.locator(self.selector).first).to_have_attribute("data-points", str(points), timeout=PATIENCE)
