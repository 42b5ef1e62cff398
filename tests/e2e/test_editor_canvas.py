"""What hands do on the canvas, in a real browser: every gesture, what it leaves in the document, and its undo."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.editor import Editor, box, middle
from tests.e2e.jobs import document, job, lattice
from tests.harness.browser import Visitor
from tests.harness.live_stack import REPOSITORY

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

# A wire's points that lie in a node which is neither of its ends.
BEHIND = """() => {
    const rects = [...document.querySelectorAll(".react-flow__node")].map((node) => [
        node.querySelector("article, figure"), node.getBoundingClientRect()]);
    return [...document.querySelectorAll("[data-edge]:not([data-role=chart])")].flatMap((wire) => {
        const path = wire.querySelector("path:last-of-type"), matrix = path.getScreenCTM();
        const points = Array.from({ length: 60 }, (_, at) =>
            path.getPointAtLength((path.getTotalLength() * at) / 59).matrixTransform(matrix));
        return rects.filter(([node, box]) => ![wire.dataset.from, wire.dataset.to].includes(node.dataset.step)
            && points.some(({ x, y }) =>
                x > box.left + 2 && x < box.right - 2 && y > box.top + 2 && y < box.bottom - 2))
            .map(([node]) => `${wire.dataset.from} ${wire.dataset.to} behind ${node.dataset.step}`);
    });
}"""


@pytest.fixture
def page(visitor: Visitor) -> Page:
    return visitor.page(viewport={"width": 1600, "height": 960})


def chain(name: str) -> dict[str, Any]:
    return document(name, {(0, 0): job("a"), (340, 0): job("b", "a"), (680, 0): job("c", "b")})


def there_and_back(editor: Editor, changed: Callable[[], Any]) -> None:
    """What `changed` sees is gone after one undo, and there again after one redo."""
    after = changed()
    editor.page.get_by_test_id("undo").click()
    expect_other(editor, changed, after)
    before = changed()
    editor.page.get_by_test_id("redo").click()
    expect_other(editor, changed, before)
    assert changed() == after


def expect_other(editor: Editor, look: Callable[[], Any], old: Any) -> None:
    for _ in range(200):
        if look() != old:
            return
        editor.page.evaluate("() => new Promise(requestAnimationFrame)")
    raise AssertionError(f"it is still {old}")


def middle_of_wire(editor: Editor, start: str, end: str) -> tuple[float, float]:
    found: list[float] = (
        editor.edge(start, end)
        .first.locator("path")
        .last.evaluate(
            """(path) => {
                const { x, y } = path.getPointAtLength(path.getTotalLength() / 2).matrixTransform(path.getScreenCTM());
                return [x, y];
            }"""
        )
    )
    return found[0], found[1]


def test_it_draws_the_plan_on_the_canvas_before_the_run(page: Page) -> None:
    text = (REPOSITORY / "workers" / "samples" / "digits" / "workflow.json").read_text()
    sample = {**json.loads(text), "name": "Planned"}
    editor = Editor.of(page, sample)
    page.get_by_test_id("run").click()
    form = page.get_by_test_id("run-dialog")
    for step, state in {"create_dataset": "will_run", "train": "will_run", "register": "undecided"}.items():
        expect(editor.step(step)).to_have_attribute("data-state", state)
    expect(editor.step("register").get_by_test_id("step-reason")).to_contain_text("train")
    assert box(form)["x"] >= box(page.get_by_test_id("canvas"))["x"] + box(page.get_by_test_id("canvas"))["width"]

    page.keyboard.press("Escape")
    form.wait_for(state="detached")
    expect(page.get_by_test_id("run")).to_be_focused()
    expect(editor.step("train")).not_to_have_attribute("data-state", "will_run")

    editor.select("create_dataset")
    editor.step("train").click()
    page.get_by_test_id("run-only").click()
    expect(editor.step("train")).to_have_attribute("data-state", "blocked")
    expect(editor.step("train").get_by_test_id("step-reason")).not_to_be_empty()
    expect(editor.step("register")).to_have_attribute("data-state", "left_out")


def test_it_keeps_what_was_typed_while_the_form_is_closed(page: Page) -> None:
    asks = {"id": "p1", "name": "rounds", "type": "INT", "default": 3}
    step = job("a")
    step["properties"]["algorithm"]["parameters"] = [{"name": "n", "value": {"$parameter": "rounds"}}]
    Editor.of(page, document("Kept values", {(0, 0): step}, parameters=[asks]))
    page.get_by_test_id("run").click()
    field = page.get_by_test_id("asked:rounds").get_by_role("textbox")
    field.fill("0")
    page.get_by_test_id("close-run-form").click()
    page.get_by_test_id("run").click()
    expect(field).to_have_value("0")


def test_it_copies_with_alt_and_a_drag(page: Page) -> None:
    editor = Editor.of(page, chain("Copied"))
    x, y = middle(editor.step("b"))
    editor.drag((x, y - 20), (x, y + 180), key="Alt")
    expect(page.locator("article[data-step]")).to_have_count(4)
    (made,) = set(editor.steps()) - {"a", "b", "c"}
    expect(editor.edge("a", made)).to_have_count(1)
    assert middle(editor.step("b")) == (x, y), "the original stays where it is"
    assert abs(middle(editor.step(made))[1] - y - 200) < 12
    there_and_back(editor, editor.steps)


def test_it_cuts_wires_with_alt_and_a_drag(page: Page) -> None:
    fan = {(0, 0): job("a"), (400, -120): job("b", "a"), (400, 120): job("c", "a"), (400, 360): job("d", after=["a"])}
    editor = Editor.of(page, document("Cut", fan))
    assert editor.edges() == ["data a b", "data a c", "order a d"]
    at = box(editor.step("b"))
    right = box(editor.step("a"))["x"] + box(editor.step("a"))["width"]
    x = (right + at["x"]) / 2
    editor.drag((x, at["y"] - 30), (x, at["y"] + 420), key="Alt")
    expect(page.locator("[data-edge]")).to_have_count(0)
    there_and_back(editor, editor.edges)
    assert {step["name"]: step["depends_on"] for step in editor.saved()["steps"]} == {each: [] for each in "abcd"}


def test_it_takes_a_wire_to_another_port_and_pulls_it_out(page: Page) -> None:
    editor = Editor.of(page, document("Rewired", {(0, 0): job("a"), (0, 200): job("b"), (420, 0): job("c", "a")}))
    x, y = middle(editor.port("a", "out:out"))
    editor.drag((x + 24, y), middle(editor.port("b", "out:out")))
    expect(editor.edge("b", "c")).to_have_count(1)
    there_and_back(editor, editor.edges)
    x, y = middle(editor.port("c", "in:in0"))
    editor.drag((x - 24, y), (x - 60, y + 300))
    expect(page.locator("[data-edge]")).to_have_count(0)


def test_it_offers_what_fits_where_a_wire_is_let_go(page: Page) -> None:
    editor = Editor.of(page, document("Let go", {(0, 0): job("a")}))
    x, y = middle(editor.port("a", "out:out"))
    editor.drag((x, y), (x + 220, y + 120))
    search = page.get_by_test_id("quick-search")
    offered = search.get_by_test_id("quick-option")
    expect(offered.first).to_be_visible()
    kinds = set(offered.evaluate_all("(all) => all.map((each) => each.dataset.choice)"))
    assert kinds >= {"create_dataset", "job", "model"}, "what takes files"
    assert kinds.isdisjoint({"release_dataset", "condition"}), "and nothing else"
    page.keyboard.type("job")
    page.keyboard.press("Enter")
    search.wait_for(state="detached")
    expect(page.locator("[data-edge][data-role=data]")).to_have_count(1)
    there_and_back(editor, editor.steps)


def test_it_puts_a_step_into_a_wire_and_takes_it_out_again(page: Page) -> None:
    loose = {(0, 0): job("a"), (640, 0): job("c", "a"), (300, 300): {**job("b"), "inputs": []}}
    editor = Editor.of(page, document("Between", loose))
    x, y = middle(editor.step("b"))
    editor.drag((x, y - 20), middle_of_wire(editor, "a", "c"))
    expect(editor.edge("a", "b")).to_have_count(1)
    expect(editor.edge("b", "c")).to_have_count(1)
    expect(editor.edge("a", "c")).to_have_count(0)
    there_and_back(editor, editor.edges)
    editor.select("b")
    page.keyboard.press("Control+Delete")
    expect(editor.step("b")).to_have_count(0)
    assert editor.edges() == ["data a c"]
    there_and_back(editor, editor.edges)


def test_it_refuses_a_second_wire_for_order_and_says_why(page: Page) -> None:
    editor = Editor.of(page, chain("Ordered"))
    editor.step("a").hover()
    page.mouse.move(*middle(editor.port("a", "order:out")))
    page.mouse.down()
    page.mouse.move(*middle(editor.step("b")), steps=8)
    expect(page.get_by_test_id("wire-refusal")).to_have_text("It waits for that step already.")
    page.mouse.up()
    page.get_by_test_id("wire-refusal").wait_for(state="detached")
    editor.wire(editor.port("a", "order:out"), editor.step("c"))
    expect(editor.edge("a", "c")).to_have_attribute("data-role", "order")
    page.mouse.click(*middle_of_wire(editor, "a", "c"))
    expect(editor.edge("a", "c")).to_have_attribute("data-selected", "true")
    expect(editor.edge("a", "b")).not_to_have_attribute("data-selected", "true")
    page.keyboard.press("Delete")
    expect(editor.edge("a", "c")).to_have_count(0)
    assert editor.edges() == ["data a b", "data b c"]


def test_it_leads_wires_around_nodes(page: Page) -> None:
    """Also after a tidy-up, and when a step is dragged into the way."""
    steps = {
        (0, 0): job("a"),
        (340, 0): job("b", "a"),
        (680, 0): job("c", "b", "a"),
        (1020, 0): job("d", "c", "a", "b"),
    }
    editor = Editor.of(page, document("Around", steps))
    assert page.evaluate(BEHIND) == []
    page.get_by_test_id("tidy").click()
    expect(page.get_by_test_id("undo")).to_be_enabled()
    assert page.evaluate(BEHIND) == []
    x, y = middle(editor.step("b"))
    editor.drag((x, y - 20), (x + 5, y + 40))
    assert page.evaluate(BEHIND) == []


def test_it_shows_a_thousand_steps_at_once_as_one_picture(page: Page) -> None:
    Editor.of(page, lattice("Thousand", 1000, high=25))
    page.get_by_test_id("fit").click()
    overview = page.get_by_test_id("overview")
    expect(overview).to_have_attribute("data-drawn", "1000")
    nodes = page.locator(".react-flow__node")
    assert nodes.count() <= 2, "only what somebody works with is an element"
    place = page.evaluate(
        """() => {
            const { x, y, width, height } = document.querySelector("[data-testid=overview]").getBoundingClientRect();
            return [x + width / 2, y + height / 2];
        }"""
    )
    caught = selected_by_marquee(page, place)
    assert 3 < caught < 1000
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("selected")).to_have_count(0)
    pick_by_pointer(page, place)
    page.get_by_test_id("zoom").click()
    overview.wait_for(state="detached")
    expect(nodes.first).to_be_visible()
    expect(nodes.nth(60)).to_have_count(0)
    page.get_by_test_id("fit").click()
    overview.wait_for()
    expect(nodes.nth(3)).to_have_count(0)


def selected_by_marquee(page: Page, place: list[float]) -> int:
    """From the empty canvas above all steps."""
    x, y = place
    page.mouse.move(x - 90, y - 200)
    page.mouse.down()
    page.mouse.move(x + 90, y - 80, steps=6)
    page.mouse.up()
    said = page.get_by_test_id("selected")
    expect(said).to_be_visible()
    return int("".join(each for each in said.inner_text() if each.isdigit()))


def pick_by_pointer(page: Page, place: list[float]) -> None:
    """The box under the pointer is a real node."""
    found = seek(page, place)
    found.click()
    expect(page.get_by_test_id("selected")).to_contain_text("1")
    expect(page.get_by_test_id("inspector").get_by_role("textbox").first).to_be_visible()


def seek(page: Page, place: list[float]) -> Locator:
    x, y = place
    under = page.locator(".react-flow__node:hover article")
    for step in range(40):
        page.mouse.move(x + step * 1.5, y + step)
        if under.count() == 1:
            return under
    raise AssertionError("no step came under the pointer")
