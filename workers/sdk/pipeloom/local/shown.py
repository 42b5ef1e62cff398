"""How a run is shown while it goes on: plain lines here, a table that changes in live.py where there is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Protocol

from backend.domain.run.events import Event, EventType
from backend.domain.run.snapshot import RunSnapshot
from pipeloom.local.engine import Listener

Json = dict[str, Any]
TAIL_LINES: Final = 20
_TAIL_BYTES: Final = 64 * 1024


class View(Listener, Protocol):
    """What is shown. While `silent`, somebody is being asked something: nothing may write over it."""

    def begin(self, titles: Mapping[str, str]) -> None: ...
    def say(self, text: str) -> None: ...
    def silent(self) -> Any: ...
    def end(self, snapshot: RunSnapshot) -> None: ...
    def inside(self, step: str, event: Event) -> None:
        """Something happened in the run that a step is."""


class Below:
    """Shows a run inside another, through the view of that one."""

    def __init__(self, view: View, step: str) -> None:
        self._view, self._step = view, step

    def begin(self, titles: Mapping[str, str]) -> None:
        """The step has begun already."""

    def say(self, text: str) -> None:
        self._view.say(f"  {self._step}: {text}")

    def silent(self) -> Any:
        return self._view.silent()

    def event(self, snapshot: RunSnapshot, event: Event) -> None:
        self._view.inside(self._step, event)

    def inside(self, step: str, event: Event) -> None:
        self._view.inside(f"{self._step} › {step}", event)

    def log(self, step: str, path: Path, size: int) -> None:
        """As in Lines."""

    def metrics(self, step: str, items: list[Json]) -> None:
        self._view.metrics(f"{self._step} › {step}", items)

    def end(self, snapshot: RunSnapshot) -> None:
        """The end of the step tells it."""


class Lines:
    """One line for each thing that happened; for logs, pipes and notebooks."""

    def __init__(self, write: Callable[[str], None] | None = None) -> None:
        self._write = write or _print
        self._numbers: dict[str, str] = {}

    def begin(self, titles: Mapping[str, str]) -> None:
        """Names are enough for lines."""

    def say(self, text: str) -> None:
        self._write(text)

    @contextmanager
    def silent(self) -> Iterator[None]:
        yield

    def event(self, snapshot: RunSnapshot, event: Event) -> None:
        line = line_of(event)
        if line:
            self._write(line)

    def inside(self, step: str, event: Event) -> None:
        line = line_of(event)
        if line:
            self._write(f"  {step} › {line.lstrip()}")

    def log(self, step: str, path: Path, size: int) -> None:
        """Lines of several steps at once would be of no use; the end of a failed one's log is shown."""

    def metrics(self, step: str, items: list[Json]) -> None:
        told = numbers_of(items)
        if told and told != self._numbers.get(step):
            self._numbers[step] = told
            self._write(f"  {step}: {told}")

    def end(self, snapshot: RunSnapshot) -> None:
        self._write(f"The run is {snapshot.state.value}.")


def line_of(event: Event) -> str:
    """Empty for what nobody wants to read."""
    name, data = event.step, event.data
    reason = told_reason(data.get("reason"))
    if event.type is EventType.STEP_STARTED:
        return f"  {name}: running"
    if event.type is EventType.STEP_FINISHED:
        branch = data.get("branch")
        taken = "" if branch is None else f" ({'then' if branch else 'else'})"
        return f"  {name}: {data['state']}{taken}{reason}"
    if event.type is EventType.STEP_SKIPPED:
        return f"  {name}: skipped{reason}"
    if event.type is EventType.STEP_REUSED:
        return f"  {name}: taken over{reason}"
    if event.type in (EventType.STEP_WAITING, EventType.ATTEMPT_LOST, EventType.STEP_STOP_REQUESTED):
        return f"  {name}: {event.type.value.removeprefix('step_').replace('_', ' ')}{reason}"
    return ""


def told_reason(reason: Mapping[str, Any] | None) -> str:
    return f" – {reason['message']}" if reason else ""


def numbers_of(items: list[Json]) -> str:
    """The plain numbers, which are what a line has room for."""
    floats = [each for each in items if each["type"] == "float"]
    return ", ".join(
        f"{each['key']} {each['data']['value']:.4g}" for each in floats if each["data"]["value"] is not None
    )


def tail_of(path: Path | None, lines: int = TAIL_LINES) -> list[str]:
    if path is None:
        return []
    with open(path, "rb") as file:
        file.seek(max(0, file.seek(0, 2) - _TAIL_BYTES))
        return file.read().decode(errors="replace").splitlines()[-lines:]


def view_for_here() -> View:
    """A live table needs a terminal and rich; without either there are lines."""
    if sys.stdout.isatty() and "ipykernel" not in sys.modules:
        try:
            made: View = import_module("pipeloom.local.live").Live()
        except ImportError:
            return Lines()
        return made
    return Lines()


def _print(text: str) -> None:
    print(text, flush=True)
