"""A workflow that starts by itself: scheduled in the run form, seen to fire, changed and ended on its page."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.looking import serious
from tests.e2e.world import command, placed
from tests.harness.browser import Visitor, sign_in
from tests.harness.live_stack import LiveStack

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(600)]
PATIENCE = 60_000
STEPS = [command("greet", ["echo", "hello"])]
DOCUMENT: dict[str, Any] = {
    "schema": 1,
    "name": "By itself",
    "steps": STEPS,
    "parameters": [{"id": "p-epochs", "name": "epochs", "type": "INT", "description": "How many.", "required": True}],
    "layout": placed(STEPS),
}
# The clock is not waited for: the schedule's next time is the moment at which this is said.
NOW_IS_ITS_TIME = """
from django.utils.timezone import now
from backend.apps.schedules.models import Schedule
Schedule.objects.filter(pk="{id}").update(next_at=now())
"""


@pytest.fixture
def workflow(live_stack: LiveStack) -> Iterator[str]:
    with live_stack.client() as client:
        made = client.post("/api/workflows/", json={"name": "By itself", "document": DOCUMENT})
        assert made.status_code == 201, made.text
        identity = str(made.json()["id"])
        yield identity
        client.delete(f"/api/workflows/{identity}/")


@pytest.fixture
def released(workflow: str, live_stack: LiveStack) -> str:
    with live_stack.client() as client:
        assert client.post(f"/api/workflows/{workflow}/release/", json={"name": "1.0.0"}).status_code == 201
    return workflow


def picture(page: Page, results: Path, name: str) -> None:
    results.mkdir(parents=True, exist_ok=True)
    for theme in ("light", "dark"):
        page.evaluate("(theme) => document.documentElement.setAttribute('data-theme', theme)", theme)
        page.screenshot(path=results / f"{name}-{theme}.png", animations="disabled")
        assert serious(page) == [], f"{name} in {theme}"
    page.evaluate("() => document.documentElement.setAttribute('data-theme', 'light')")


def choose(page: Page, field: Locator, option: str) -> None:
    field.get_by_role("button").click()
    page.get_by_role("option", name=option).click()


def form(page: Page, workflow: str) -> Locator:
    page.goto(f"/workflows/{workflow}")
    page.get_by_test_id("run").click()
    return page.get_by_test_id("run-dialog")


def menu(page: Page, action: str) -> None:
    """By keyboard alone."""
    page.get_by_test_id("schedule-menu").focus()
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name=action).press("Enter")


def filled_in(page: Page, dialog: Locator, results: Path) -> None:
    """What is wrong stands at its field; what is right shows its next times."""
    times = dialog.get_by_test_id("schedule-next").get_by_role("listitem")
    make = dialog.get_by_role("button", name="Make the schedule")
    choose(page, dialog.get_by_test_id("schedule-every"), "As a cron expression")
    cron = dialog.get_by_test_id("schedule-cron").get_by_role("textbox")
    cron.fill("0 61 * * * ?")
    expect(dialog.get_by_test_id("schedule-cron")).to_contain_text("61")
    expect(make).to_be_disabled()
    expect(cron).to_have_attribute("aria-invalid", "true")
    picture(page, results, "wrong")
    choose(page, dialog.get_by_test_id("schedule-every"), "Monday to Friday")
    dialog.get_by_test_id("schedule-time").locator("input").fill("06:30")
    expect(times).to_have_count(5)
    expect(times.first).to_contain_text("06:30")
    zone = dialog.get_by_test_id("schedule-zone").get_by_role("combobox")
    zone.fill("Asia/Nowhere")
    expect(dialog.get_by_test_id("schedule-zone")).to_contain_text("no time zone of this name")
    expect(make).to_be_disabled()
    zone.fill("Asia/Tokyo")
    zone.press("Enter")
    # The clocks of Berlin are hours behind.
    expect(times.first).to_contain_text(re.compile(r"06:30.*2[23]:30 here"))
    expect(dialog.get_by_test_id("schedule-name").get_by_role("textbox")).to_have_value("Monday to Friday at 06:30")
    choose(page, dialog.get_by_test_id("schedule-failure"), "Retry the failed steps once")
    make.click()


def fired(page: Page, row: Locator, live_stack: LiveStack, results: Path) -> None:
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Monday to Friday at 06:30")
    expect(row).to_contain_text("Asia/Tokyo")
    expect(row).to_contain_text("not yet")
    identity = page.get_by_test_id("schedule").get_attribute("data-schedule")
    live_stack.manage("shell", "-v", "0", "-c", NOW_IS_ITS_TIME.format(id=identity))
    expect(row.get_by_test_id("fire")).to_have_attribute("data-outcome", "started", timeout=PATIENCE)
    picture(page, results, "page")
    menu(page, "Times so far")
    fires = page.get_by_role("dialog", name="Times of")
    expect(fires.get_by_test_id("fire")).to_have_count(1)
    picture(page, results, "fires")
    page.keyboard.press("Escape")


def test_a_schedule_is_made_in_the_run_form_fires_and_leads_to_its_run(
    visitor: Visitor, released: str, live_stack: LiveStack, results: Path
) -> None:
    context, _ = visitor.context(viewport={"width": 1280, "height": 800}, timezone_id="Europe/Berlin")
    page = context.new_page()
    sign_in(page, live_stack)
    asked = form(page, released)
    asked.get_by_test_id("schedule-run").click()
    # Nobody is there to be asked when it starts.
    expect(asked).to_contain_text("1 value is missing.")
    asked.locator("[data-asked=epochs] input").fill("7")
    asked.get_by_test_id("schedule-run").click()
    dialog = page.get_by_role("dialog", name="Schedule By itself")
    expect(dialog).to_contain_text("now 1.0.0")
    expect(dialog.get_by_test_id("schedule-values")).to_contain_text("epochs7")
    expect(dialog.get_by_test_id("schedule-zone").get_by_role("combobox")).to_have_value("Europe/Berlin")
    times = dialog.get_by_test_id("schedule-next").get_by_role("listitem")
    expect(times).to_have_count(5)
    picture(page, results, "dialog")

    filled_in(page, dialog, results)
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page).to_have_url(f"{live_stack.url}/schedules?workflow={released}")
    row = page.get_by_test_id("row")
    fired(page, row, live_stack, results)
    row.get_by_role("link", name="Run 1").click()
    expect(page).to_have_url(re.compile(r"/runs/[0-9a-f-]+$"))
    with live_stack.client() as client:
        run = client.get(f"/api/runs/{page.url.rsplit('/', 1)[1]}/").json()
    assert (run["number"], run["values"]["epochs"], run["version"]["name"]) == (1, 7, "1.0.0")


def test_it_is_changed_turned_off_and_deleted_by_keyboard(
    page: Page, released: str, live_stack: LiveStack, results: Path
) -> None:
    with live_stack.client() as client:
        body = {"name": "Nightly", "cron": "0 0 2 * * ?", "timezone": "UTC", "values": {"epochs": 1}}
        made = client.post(f"/api/workflows/{released}/schedules/", json=body)
        assert made.status_code == 201, made.text
        schedule = f"/api/schedules/{made.json()['id']}/"
        # From where its runs are listed.
        page.goto(f"/workflows/{released}")
        page.get_by_test_id("workflow-menu").click()
        page.get_by_role("menuitem", name="Schedules").click()
        row = page.get_by_test_id("row")
        expect(row).to_contain_text("Every day at 02:00")
        expect(row).to_contain_text("runs as admin")
        menu(page, "Change")
        dialog = page.get_by_role("dialog", name="Change the schedule Nightly")
        dialog.get_by_test_id("schedule-name").get_by_role("textbox").fill("Weekly")
        choose(page, dialog.get_by_test_id("schedule-every"), "Every week")
        expect(dialog.get_by_test_id("schedule-next").get_by_role("listitem")).to_have_count(5)
        dialog.get_by_role("button", name="Save").press("Enter")
        expect(row).to_contain_text("Every Monday at 02:00")
        assert client.get(schedule).json()["cron"] == "0 0 2 ? * MON"

        switch = row.get_by_role("switch", name="The schedule “Weekly” is on")
        expect(switch).to_be_checked()
        switch.focus()
        page.keyboard.press("Space")
        expect(switch).not_to_be_checked()
        expect(row).to_contain_text("off")
        live_stack.until(lambda: not client.get(schedule).json()["enabled"], "it is off")

        menu(page, "Delete")
        ask = page.get_by_role("alertdialog", name="Delete the schedule “Weekly”?")
        ask.get_by_role("button", name="Delete").press("Enter")
        expect(page.get_by_text("Nothing starts by itself yet")).to_be_visible()
        picture(page, results, "empty")
        assert client.get(schedule).status_code == 404


def test_what_was_never_released_is_not_scheduled(page: Page, workflow: str) -> None:
    asked = form(page, workflow)
    asked.locator("[data-asked=epochs] input").fill("7")
    asked.get_by_test_id("schedule-run").click()
    dialog = page.get_by_role("dialog", name="Schedule By itself")
    expect(dialog.get_by_role("alert")).to_contain_text("Nothing is released yet.")
    expect(dialog.get_by_role("button", name="Make the schedule")).to_be_disabled()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(asked).to_be_visible()


def test_who_may_only_look_changes_nothing(visitor: Visitor, live_stack: LiveStack) -> None:
    page = visitor.page("onlooker")
    with live_stack.client() as client:
        project = client.post("/api/projects/", json={"name": "Looked at"}).json()["id"]
        body = {"name": "By itself", "project": project, "document": DOCUMENT}
        workflow = client.post("/api/workflows/", json=body).json()["id"]
        client.post(f"/api/workflows/{workflow}/release/", json={"name": "1.0.0"})
        schedule = {"name": "Nightly", "cron": "0 0 2 * * ?", "values": {"epochs": 1}}
        assert client.post(f"/api/workflows/{workflow}/schedules/", json=schedule).status_code == 201
        # Of a project that is not the person's there is nothing to see.
        page.goto(f"/schedules?workflow={workflow}")
        expect(page.get_by_text("Nothing starts by itself yet")).to_be_visible()
        link = client.post(f"/api/projects/{project}/invitations/", json={"role": "viewer"}).json()["link"]
        page.goto(link)
        page.locator("button.wide").click()
        page.wait_for_url("**/")
    page.goto(f"/schedules?workflow={workflow}")
    row = page.get_by_test_id("row")
    expect(row).to_contain_text("Nightly")
    expect(row.get_by_role("switch")).to_be_disabled()
    page.get_by_test_id("schedule-menu").click()
    expect(page.get_by_role("menuitem")).to_have_text(["Times so far"])
