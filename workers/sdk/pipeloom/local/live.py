"""A table of the steps that changes while they run. Needs rich and a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from rich.console import Console, Group
from rich.live import Live as RichLive
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from backend.domain.run.events import Event
from backend.domain.run.snapshot import RunSnapshot, StepSnapshot
from backend.domain.run.states import STEP_LIVE, STEP_TERMINAL, StepState
from pipeloom.local.shown import line_of, numbers_of, tail_of, told_reason

_STYLES: Final[Mapping[StepState, str]] = {
    StepState.COMPLETED: "green",
    StepState.RUNNING: "cyan",
    StepState.CREATING: "cyan",
    StepState.FAILED: "bold red",
    StepState.CREATE_FAILED: "bold red",
    StepState.TIMEOUT: "bold red",
    StepState.STOPPED: "yellow",
    StepState.STOPPING: "yellow",
    StepState.WAIT_INPUTS: "magenta",
    StepState.SKIPPED: "dim",
    StepState.INIT: "dim",
}
_REFRESHED: Final = 4


class Live:
    """The table is drawn again by rich itself, so clocks go on while nothing happens."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console()
        self._snapshot: RunSnapshot | None = None
        self._titles: Mapping[str, str] = {}
        self._numbers: dict[str, str] = {}
        self._lines: dict[str, str] = {}
        self._spinner = Spinner("dots")
        self._live: RichLive | None = None

    def begin(self, titles: Mapping[str, str]) -> None:
        self._titles = titles
        self._resume()

    def say(self, text: str) -> None:
        self._console.print(Text(text))

    @contextmanager
    def silent(self) -> Iterator[None]:
        self._pause()
        try:
            yield
        finally:
            self._resume()

    def event(self, snapshot: RunSnapshot, event: Event) -> None:
        self._snapshot = snapshot

    def inside(self, step: str, event: Event) -> None:
        line = line_of(event).strip()
        if line:
            outer, _, way = step.partition(" › ")
            self._lines[outer] = f"{way} › {line}" if way else line

    def log(self, step: str, path: Path, size: int) -> None:
        lines = tail_of(path, 1)
        self._lines[step] = lines[0] if lines else ""

    def metrics(self, step: str, items: list[dict[str, Any]]) -> None:
        self._numbers[step] = numbers_of(items)

    def end(self, snapshot: RunSnapshot) -> None:
        self._snapshot = snapshot
        self._pause()
        self._console.print(Text(f"The run is {snapshot.state.value}."))

    def __rich__(self) -> Group:
        """What is drawn now."""
        table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
        steps = self._snapshot.steps if self._snapshot else {}
        for name, step in steps.items():
            style = _STYLES.get(step.state, "")
            mark = (
                self._spinner if step.state in STEP_LIVE else Text("●" if step.state in STEP_TERMINAL else "○", style)
            )
            title = Text(self._titles.get(name, name), overflow="ellipsis", no_wrap=True)
            state = Text(step.state.value.replace("_", " "), style)
            table.add_row(
                mark,
                title,
                state,
                Text(_clock(step), "dim"),
                Text(self._about(name, step), overflow="ellipsis", no_wrap=True),
            )
        return Group(table)

    def _about(self, name: str, step: StepSnapshot) -> str:
        if step.reason is not None:
            return told_reason(step.reason).removeprefix(" – ")
        if numbers := self._numbers.get(name):
            return numbers
        return self._lines.get(name, "") if step.state in STEP_LIVE else ""

    def _pause(self) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _resume(self) -> None:
        if self._live is None:
            self._live = RichLive(self, console=self._console, refresh_per_second=_REFRESHED)
            self._live.start()


def _clock(step: StepSnapshot) -> str:
    if step.started_at is None:
        return ""
    seconds = ((step.finished_at or datetime.now(UTC)) - step.started_at).total_seconds()
    return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds // 60)} min {int(seconds % 60):02d} s"
