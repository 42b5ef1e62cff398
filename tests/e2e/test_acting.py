"""What one can do to a run and its steps in the browser, and what is said about it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.drawn import PATIENCE
from tests.e2e.gated import Gated, decide, job, train

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(600)]
LUCK = {"name": "luck", "type": "STR", "default": "bad"}
MEGABYTES = 52
LAST_LINE = """() => Math.max(...[...document.querySelectorAll("[data-testid=log] code")]
    .map((each) => Number(/^line (\\d+)/.exec(each.textContent)?.[1] ?? 0)))"""


@pytest.fixture
def page(wide_page: Page) -> Page:
    return wide_page


def step(page: Page, name: str) -> Locator:
    return page.locator(f'article[data-step="{name}"]')


def in_state(page: Page, name: str, state: str) -> None:
    expect(step(page, name)).to_have_attribute("data-state", state, timeout=PATIENCE)


def run_is(page: Page, state: str) -> None:
    expect(page.get_by_test_id("run")).to_have_attribute("data-state", state, timeout=PATIENCE)


def unlucky() -> list[dict[str, object]]:
    tried = job("try", "fail", luck={"$parameter": "luck"})
    return [tried, job("after", "fail", ["try"], luck="good")]


def test_a_step_is_stopped_alone_and_a_run_as_a_whole(page: Page) -> None:
    made = Gated.made(page, job("one", "wait"), job("two", "wait"))
    run = made.start()
    page.goto(f"/runs/{run}?step=one")
    in_state(page, "one", "running")
    in_state(page, "two", "running")

    page.get_by_test_id("stop-step").click()
    in_state(page, "one", "stopped")
    expect(step(page, "two")).to_have_attribute("data-state", "running")
    expect(page.get_by_test_id("run")).to_have_attribute("data-state", "running")

    page.get_by_test_id("stop-run").click()
    in_state(page, "two", "stopped")
    run_is(page, "stopped")
    expect(page.get_by_test_id("stop-run")).to_have_count(0)


def test_a_failed_step_says_why_and_is_retried_with_another_value(page: Page) -> None:
    made = Gated.made(page, *unlucky(), parameters=[LUCK])
    run = made.start()
    page.goto(f"/workflows/{made.id}?run={run}")
    in_state(page, "try", "failed")
    expect(step(page, "try").get_by_test_id("step-reason")).to_contain_text("3")
    expect(page.get_by_test_id("run-bar")).to_have_attribute("data-state", "abnormal", timeout=PATIENCE)

    step(page, "try").click()
    page.get_by_role("tab", name="Output").click()
    page.get_by_test_id("retry").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("textbox").first).to_have_value("bad")
    dialog.get_by_role("textbox").first.fill("good")
    dialog.get_by_role("button", name="Retry").click()

    in_state(page, "try", "completed")
    in_state(page, "after", "completed")
    expect(page.get_by_test_id("run-bar")).to_have_attribute("data-state", "completed", timeout=PATIENCE)
    assert [each["number"] for each in made.runs()] == [1], "in the same run"


def test_a_failed_step_is_retried_with_other_settings_which_the_run_tells(page: Page) -> None:
    made = Gated.made(page, job("try", "fail", luck="bad"), job("after", "fail", ["try"], luck="good"))
    run = made.start()
    page.goto(f"/runs/{run}?step=try")
    in_state(page, "try", "failed")
    run_is(page, "abnormal")

    page.get_by_test_id("retry").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("tab", name="Settings of the step").click()
    settings = dialog.get_by_test_id("step-settings")
    luck = settings.get_by_role("textbox", name="Arguments: value of luck")
    expect(luck).to_have_value("bad")
    expect(settings.get_by_test_id("make-placeholder")).to_have_count(0)
    expect(settings.locator("[data-changed]")).to_have_count(0)
    minutes = settings.get_by_test_id("field:/policy/max_execution_minutes").get_by_role("textbox")
    minutes.fill("-5")
    dialog.get_by_role("button", name="Retry").click()
    limits = settings.get_by_test_id("field:/policy/max_execution_minutes")
    expect(limits).to_have_attribute("data-invalid", "true")
    minutes.fill("5")
    expect(limits).to_have_attribute("data-changed", "true")
    luck.fill("good")
    dialog.get_by_role("button", name="Retry").click()
    expect(dialog).to_have_count(0)

    in_state(page, "try", "completed")
    run_is(page, "completed")
    page.get_by_role("tab", name="Attempts").click()
    told = page.get_by_test_id("changes")
    expect(told).to_contain_text("Changed before attempt 2")
    expect(told.locator('[data-path$="/value"]')).to_have_text("luckbadgood")
    assert [each["number"] for each in made.runs()] == [1], "in the same run"

    page.get_by_test_id("rerun").click()
    page.get_by_role("dialog").get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_role("heading", name="Run 2")).to_be_visible()
    run_is(page, "abnormal")


def test_a_run_is_run_again_with_edits(page: Page) -> None:
    made = Gated.made(page, *unlucky(), parameters=[LUCK])
    run = made.start()
    page.goto(f"/runs/{run}")
    run_is(page, "abnormal")

    page.get_by_test_id("rerun").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").first.fill("good")
    dialog.get_by_role("button", name="Run", exact=True).click()

    expect(page.get_by_role("heading", name="Run 2")).to_be_visible()
    run_is(page, "completed")
    expect(page.get_by_role("link", name="Repeats an earlier run")).to_have_attribute("href", f"/runs/{run}")
    assert [each["values"]["luck"] for each in made.runs()] == ["good", "bad"]


def test_a_run_is_deleted_after_a_question_and_only_when_it_is_over(page: Page) -> None:
    made = Gated.made(page, job("one", "wait"))
    run = made.start()
    page.goto(f"/runs/{run}")
    in_state(page, "one", "running")
    page.get_by_test_id("run-more").click()
    expect(page.get_by_role("menuitem", name="Delete")).to_be_disabled()
    page.keyboard.press("Escape")

    made.open("one")
    run_is(page, "completed")
    page.get_by_test_id("run-more").click()
    page.get_by_role("menuitem", name="Delete").click()
    question = page.get_by_role("alertdialog")
    question.get_by_role("button", name="Cancel").click()
    assert len(made.runs()) == 1
    page.get_by_test_id("run-more").click()
    page.get_by_role("menuitem", name="Delete").click()
    question.get_by_role("button", name="Delete").click()

    page.wait_for_url("**/runs")
    expect(page.get_by_text("Run 1 was deleted.")).to_be_visible()
    assert made.runs() == []
    page.goto(f"/runs/{run}")
    expect(page.get_by_role("main")).to_contain_text("There is no such run")


def test_the_skipped_branch_says_why(page: Page, results: Path) -> None:
    steps = [
        decide("decide", "flag", ["kept"], ["dropped"]),
        job("kept", "fail", ["decide"], luck="good"),
        job("dropped", "fail", ["decide"], luck="good"),
        job("behind", "fail", ["dropped"], luck="good"),
    ]
    made = Gated.made(page, *steps, parameters=[{"name": "flag", "type": "BOOL", "default": True}])
    page.goto(f"/workflows/{made.id}?run={made.start()}")
    in_state(page, "kept", "completed")
    in_state(page, "dropped", "skipped")
    in_state(page, "behind", "skipped")

    expect(step(page, "decide").get_by_test_id("step-reason")).to_have_text("The condition holds.")
    expect(step(page, "dropped").get_by_test_id("step-reason")).to_contain_text("decide")
    expect(step(page, "behind").get_by_test_id("step-reason")).to_contain_text("dropped")
    page.screenshot(path=results / "skipped.png")


def test_it_runs_only_this_step_and_to_here_on_what_is_there(page: Page, results: Path) -> None:
    made = Gated.made(
        page, job("one", "fail", luck="good"), job("two", "fail", ["one"], luck="good"), job("three", "wait", ["two"])
    )
    page.goto(f"/workflows/{made.id}")
    for number, (button, ran, reused) in enumerate(
        [("run-to-here", {"one", "two"}, set()), ("run-to-here", {"two"}, {"one"}), ("run-only", {"two"}, set())]
    ):
        step(page, "two").click()
        page.get_by_test_id(button).click()
        dialog = page.get_by_test_id("run-dialog")
        planned = {name: dialog.locator(f"[data-testid=plan] [data-step={name}]") for name in ("one", "two", "three")}
        expect(planned["three"]).to_have_attribute("data-verdict", "not_part")
        for name in ran:
            expect(planned[name]).to_have_attribute("data-verdict", "run")
        for name in reused:
            expect(planned[name]).to_have_attribute("data-verdict", "reuse")
        dialog.get_by_test_id("start-run").click()
        dialog.wait_for(state="detached")
        expect(page.get_by_test_id("run-bar")).to_contain_text(f"Run {number + 1}")
        expect(page.get_by_test_id("run-bar")).to_have_attribute("data-state", "completed", timeout=PATIENCE)
        for name in ran:
            in_state(page, name, "completed")
        for name in reused:
            in_state(page, name, "reuse")
            expect(step(page, name).get_by_test_id("step-reason")).to_contain_text("run 1")
        expect(page.locator('article[data-step="three"][data-state="completed"]')).to_have_count(0)
        page.screenshot(path=results / f"{number}.png")


def test_another_run_can_be_started_beside_one_that_goes_on(page: Page) -> None:
    made = Gated.made(page, job("one", "wait"))
    page.goto(f"/workflows/{made.id}?run={made.start()}")
    in_state(page, "one", "running")
    expect(page.get_by_test_id("stop-run")).to_be_visible()

    page.get_by_test_id("run").click()
    expect(page.get_by_test_id("run-dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("run-dialog")).to_have_count(0)
    page.keyboard.press("Control+Enter")
    page.get_by_test_id("start-run").wait_for()
    page.keyboard.press("Control+Enter")

    expect(page.get_by_test_id("run-bar")).to_contain_text("Run 2")
    assert [each["state"] for each in made.runs()] == ["running", "running"]
    made.open("one")
    expect(page.get_by_test_id("run-bar")).to_have_attribute("data-state", "completed", timeout=PATIENCE)


def test_the_timeline_shows_what_waited_for_whom(page: Page, results: Path) -> None:
    asking = job("ask", "fail", ["train"], luck={"$parameter": "luck"})
    made = Gated.made(page, train(), asking, parameters=[{**LUCK, "delay": True}])
    run = made.start()
    page.goto(f"/runs/{run}?tab=timeline")
    row = page.locator("[data-testid=timeline] [data-step=ask]")
    expect(page.locator("[data-testid=timeline] [data-step=train] [data-part=run]").first).to_be_visible(
        timeout=PATIENCE
    )
    made.open("train")
    bar = row.locator("i[data-part=asked]")
    expect(row).to_have_attribute("data-state", "wait_inputs", timeout=PATIENCE)
    before = bar.evaluate("(node) => node.style.width")
    expect(bar).not_to_have_css("width", "0px")
    page.wait_for_function(
        "(before) => document.querySelector('[data-step=ask] i[data-part=asked]').style.width !== before", arg=before
    )
    page.screenshot(path=results / "waits.png")

    row.click()
    page.get_by_test_id("answer").click()
    page.get_by_role("dialog").get_by_role("textbox").first.fill("good")
    page.get_by_role("dialog").get_by_role("button").last.click()
    run_is(page, "completed")
    parts = row.locator("i[data-part]").evaluate_all("(bars) => bars.map((bar) => bar.dataset.part)")
    assert parts == ["asked", "wait", "run"]
    page.screenshot(path=results / "over.png")
    page.reload()
    expect(row.locator("i[data-part=asked]")).to_be_visible()


def test_the_end_of_a_very_large_log_is_followed(page: Page) -> None:
    made = Gated.made(page, job("talk", "log", megabytes=MEGABYTES))
    run = made.start()
    page.goto(f"/runs/{run}?step=talk&panel=logs")
    log = page.get_by_test_id("log")
    expect(log).to_contain_text(re.compile(r"line \d+ after all that"), timeout=PATIENCE)
    assert int(log.get_attribute("data-size") or 0) > MEGABYTES * 1_000_000
    expect(log).to_have_attribute("data-following", "true")
    seen = page.evaluate(LAST_LINE)
    page.wait_for_function(f"(seen) => ({LAST_LINE})() > seen + 5", arg=seen)

    # Who reads elsewhere is left alone, and comes back with a press.
    frame = log.get_by_role("log")
    frame.hover()
    page.mouse.wheel(0, -4_000)
    expect(page.get_by_test_id("log-follow")).to_be_visible()
    top = frame.evaluate("(node) => node.scrollTop")
    page.wait_for_function(
        "(size) => Number(document.querySelector('[data-testid=log]').dataset.size) > size",
        arg=int(log.get_attribute("data-size") or 0),
    )
    assert abs(frame.evaluate("(node) => node.scrollTop") - top) < 2
    page.get_by_test_id("log-follow").click()
    page.wait_for_function(f"(seen) => ({LAST_LINE})() > seen + 10", arg=seen)

    made.open("log")
    in_state(page, "talk", "completed")
    expect(log).to_contain_text("the last line of all", timeout=PATIENCE)

    # Opened when it is over: its end, too, without reading all that came before.
    read: list[int] = []
    page.on(
        "response",
        lambda answer: read.append(int(answer.headers.get("content-length", 0))) if "/logs/" in answer.url else None,
    )
    page.reload()
    expect(log).to_contain_text("the last line of all", timeout=PATIENCE)
    assert sum(read) < 8_000_000


def test_a_step_that_prints_all_the_time_shows_its_last_line_below(page: Page) -> None:
    made = Gated.made(page, train())
    page.goto(f"/workflows/{made.id}?run={made.start()}")
    console = page.get_by_test_id("console")
    expect(console).to_contain_text(re.compile(r"point \d+"), timeout=PATIENCE)
    expect(console).not_to_contain_text(console.locator("code").inner_text())
    made.open("train")
    expect(console).to_contain_text("points written", timeout=PATIENCE)
