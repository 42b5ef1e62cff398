"""G05: a document of ten thousand steps in the editor. The page stays one that a person can work with: it answers while
it opens, shows all as one picture, makes elements of what is in sight only, and takes, saves and undoes edits."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.editor import Editor
from tests.e2e.jobs import lattice

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(900)]
STEPS = 10_000
PATIENCE = 120_000
"""Of the test with the machine; the page's own promise is that it goes on answering."""
ELEMENTS = 6_000


def test_g05_it_opens_and_edits_ten_thousand_steps(page: Page) -> None:
    page.set_default_timeout(PATIENCE)
    Editor.of(page, lattice("Ten thousand", STEPS, high=100))
    overview = page.get_by_test_id("overview")
    page.get_by_test_id("fit").click()
    expect(overview).to_have_attribute("data-drawn", str(STEPS), timeout=PATIENCE)
    assert page.locator("*").count() < ELEMENTS
