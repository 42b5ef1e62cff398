"""From the write of a metrics file to the point on the canvas of a real browser, with one viewer and with a hundred."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.bench import documents
from tests.bench.figures import Figure, spread
from tests.bench.product import Runs
from tests.harness.browser import SIZE, chromium_running, sign_in
from tests.harness.chromium import NoChromiumError, chromium_ensure
from tests.harness.live_stack import REPOSITORY, LiveStack

HERE = Path(__file__).parent
OTHERS = 99
CHARTS = 3
LONGEST_SECONDS = 240.0
FLOOR = "empty message + frame"


@dataclass(frozen=True, slots=True)
class Seen:
    """Milliseconds: of each point from its write, of its parts, and of empty messages meanwhile."""

    points: list[float]
    to_database: list[float]
    to_page: list[float]
    to_screen: list[float]
    floor: list[float]


def file_to_point(running: LiveStack, runs: Runs, points: int) -> Iterator[Figure]:
    """Nothing without a Chromium."""
    try:
        chromium_ensure()
    except NoChromiumError as error:
        sys.stderr.write(f"  {error}\n")
        return
    with chromium_running() as browser:
        for others in (0, OTHERS):
            seen = measured(running, runs, browser, points, others)
            who = f"1 + {others} viewers" if others else "1 viewer"
            floor = f"{FLOOR}, {who}"
            yield spread(floor, seen.floor, note="same server, same page, meanwhile")
            yield spread(f"file write → drawn point, {who}", seen.points, floor=floor)
            yield spread(f"  file write → database, {who}", seen.to_database)
            yield spread(f"  database → page, {who}", seen.to_page)
            yield spread(f"  page → drawn point, {who}", seen.to_screen)


def measured(running: LiveStack, runs: Runs, browser: Browser, points: int, others: int) -> Seen:
    run = runs.client.run_start(runs.workflow(documents.curve(CHARTS)))["id"]
    page = opened(browser, running, runs, run)
    try:
        with viewers(runs, run, others):
            first = drawn(page)
            until(page, first + points)
            found = page.evaluate("() => measured")
    finally:
        runs.client.run_action(run, "stop")
        page.context.close()
    runs.ended(run)
    return seen_of(found, written(runs, run), first, points)


def opened(browser: Browser, running: LiveStack, runs: Runs, run: str) -> Page:
    """The canvas of the run, its chart drawn and growing."""
    context = browser.new_context(base_url=running.url, viewport=SIZE, reduced_motion="reduce")
    context.add_init_script(path=HERE / "drawn.js")
    page = context.new_page()
    sign_in(page, running)
    page.goto(f"/workflows/{runs.workflow(documents.curve(CHARTS))}?run={run}")
    page.wait_for_function("() => measured.drawn.length >= 3 && measured.floor.length >= 3", timeout=120_000)
    return page


@contextmanager
def viewers(runs: Runs, run: str, count: int) -> Iterator[None]:
    api = runs.client.api
    token = api.headers["Authorization"].removeprefix("Bearer ")
    argv = [sys.executable, "-m", "tests.bench.viewers", api.socket_url(f"/ws/runs/{run}/?after=0"), token, str(count)]
    process = subprocess.Popen(argv, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        if process.stdout.readline() != "watching\n":
            raise RuntimeError("the other viewers could not connect")
        yield
    finally:
        process.communicate()


def drawn(page: Page) -> int:
    return int(page.evaluate("() => measured.drawn.at(-1)[0]"))


def until(page: Page, points: int) -> None:
    """The page looks twice a second, which is no load beside what it draws."""
    arrived = "points => measured.drawn.at(-1)[0] >= points"
    page.wait_for_function(arrived, arg=points, polling=500, timeout=LONGEST_SECONDS * 1000)


def written(runs: Runs, run: str) -> dict[int, float]:
    """When each point was written, by the step's own log, in milliseconds."""
    log = runs.client.log(run, "write").decode()
    return {int(point): float(at) * 1000 for point, at in re.findall(r"^(\d+) (\d+\.\d+)$", log, re.MULTILINE)}


def seen_of(found: dict[str, Any], writes: dict[int, float], first: int, points: int) -> Seen:
    """A point that came together with a later one was drawn when that one was."""
    seen = Seen([], [], [], [], [float(each) for each in found["floor"]])
    drawings = iter(found["drawn"])
    count, rev, at = next(drawings)
    for point in range(first + 1, first + points + 1):
        while count < point:
            count, rev, at = next(drawings)
        seen.points.append(at - writes[point])
        stored, arrived = found["frames"].get(str(rev), (None, None))
        if stored is not None and count == point:
            seen.to_database.append(stored - writes[point])
            seen.to_page.append(arrived - stored)
            seen.to_screen.append(at - arrived)
    return seen
