"""Signed-in pages in a real Chromium, that notice whatever a person would complain about.

Plain Playwright and not its pytest plug-in: that keeps one event loop running for the whole session, in which neither
Django nor pytest-asyncio works any more for the tests that come after. Here the browser lives as long as a module.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from tests.harness.chromium import FLAGS, NoChromiumError, chromium_ensure
from tests.harness.live_stack import REPOSITORY, LiveStack

RESULTS = REPOSITORY / "test-results"
SIZE = {"width": 1280, "height": 800}
OWN_SCHEMES = {"data", "blob", "about"}
# What Chromium says about an answer that the application expected and deals with.
EXPECTED = re.compile(r"Failed to load resource: the server responded with a status of (401|403|404|409|410|412|422)")


@contextmanager
def chromium_running() -> Iterator[Browser]:
    """One browser; the tests fail where none can be had, unless somebody has said that this is so on purpose."""
    if os.environ.get("PIPELOOM_NO_BROWSER") == "1":
        pytest.skip("PIPELOOM_NO_BROWSER=1: the interface is not tested")
    try:
        found = chromium_ensure()
    except NoChromiumError as error:
        pytest.fail(str(error), pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found.program, args=list(FLAGS), env={**os.environ, **found.environment}
        )
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Watched:
    """What went wrong in the pages of one context, beside what the test looks at."""

    origin: str
    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        context.on("request", self._asked)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.errors.append(f"uncaught: {error.error}"))

    def forgive(self, pattern: str) -> None:
        """For a test that breaks something on purpose: what matches is no error, whenever it is said."""
        self.forgiven.append(pattern)

    def check(self) -> None:
        assert self.foreign == [], "requests left the origin"
        errors = [each for each in self.errors if not any(re.search(pattern, each) for pattern in self.forgiven)]
        assert errors == [], "the page reported errors"

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in OWN_SCHEMES and f"{address.scheme}://{address.netloc}" != self.origin:
            self.foreign.append(request.url)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED.search(message.text):
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")


class Visitor:
    """Makes contexts for people of one running product, each as if in a browser of their own. `traced` costs about as
    much again as what is traced: those who leave pictures anyway do without."""

    def __init__(self, browser: Browser, stack: LiveStack, results: Path, *, traced: bool = True) -> None:
        self.browser, self.stack, self.results, self.traced = browser, stack, results, traced
        self.contexts: list[tuple[BrowserContext, Watched]] = []

    def context(self, **more: Any) -> tuple[BrowserContext, Watched]:
        settings = {"base_url": self.stack.url, "viewport": SIZE, "locale": "en-GB", "reduced_motion": "reduce"}
        context = self.browser.new_context(**{**settings, **more})
        context.set_default_timeout(20_000)
        if self.traced:
            context.tracing.start(screenshots=True, snapshots=True)
        watched = Watched(self.stack.url)
        watched.watch(context)
        self.contexts.append((context, watched))
        return context, watched

    def page(self, user: str = "admin", **more: Any) -> Page:
        """A page of somebody who has just signed in by a link, as a person does."""
        context, _ = self.context(**more)
        page = context.new_page()
        sign_in(page, self.stack, user)
        return page

    def watched(self, page: Page) -> Watched:
        return next(watched for context, watched in self.contexts if context == page.context)

    def close(self, *, failed: bool) -> None:
        """After a failure with all that helps to see why."""
        try:
            for number, (context, watched) in enumerate(self.contexts):
                self._close(context, f"{number}", failed=failed)
                if not failed:
                    watched.check()
        finally:
            self.contexts.clear()

    def _close(self, context: BrowserContext, name: str, *, failed: bool) -> None:
        if failed:
            self.results.mkdir(parents=True, exist_ok=True)
            for number, page in enumerate(context.pages):
                page.screenshot(path=self.results / f"failure-{name}-{number}.png", animations="disabled")
            if self.traced:
                context.tracing.stop(path=self.results / f"trace-{name}.zip")
        context.close()


def sign_in(page: Page, stack: LiveStack, user: str = "admin") -> None:
    page.goto(stack.sign_in_link(user))
    page.get_by_role("button").first.click()
    page.wait_for_url("**/")
