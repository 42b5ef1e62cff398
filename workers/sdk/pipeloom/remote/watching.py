"""A run in the terminal: a table that lives, or a line for each thing that happens where nobody looks at a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from pipeloom.client import Client, RunView, Update

STYLES: Final[Mapping[str, str]] = {
    "completed": "green", "running": "cyan", "creating": "cyan", "pending": "yellow", "wait_inputs": "magenta",
    "hold": "magenta", "skipped": "dim", "stopped": "yellow", "failed": "red", "timeout": "red",
    "create_failed": "red", "abnormal": "red",
}  # fmt: skip
WRONG: Final = frozenset({"failed", "timeout", "create_failed"})
_TAIL_BYTES: Final = 4_000
_TAIL_LINES: Final = 10
_MOST_NUMBERS: Final = 4
_TOLD: Final = frozenset({"run_started", "run_stop_requested", "run_finished"})


def watch(client: Client, run: str, *, as_json: bool) -> RunView:
    """Until the run ends; its last state."""
    if as_json:
        return _as_json(client.follow(run))
    console = Console(highlight=False)
    view = _live(console, client.follow(run)) if console.is_terminal else _lines(client.follow(run))
    _ending(client, view)
    return view


def _as_json(updates: Iterator[Update]) -> RunView:
    last = RunView("")
    for update in updates:
        last = update.view
        if update.frame is not None:
            _say(json.dumps(update.frame, ensure_ascii=False))
    _say(json.dumps({"type": "run", "run": last.run, "steps": last.steps}, ensure_ascii=False))
    return last


def _live(console: Console, updates: Iterator[Update]) -> RunView:
    last = RunView("")
    with Live(console=console, auto_refresh=False, transient=False) as live:
        for update in updates:
            last = update.view
            live.update(drawn(last, datetime.now(UTC)), refresh=True)
    return last


def drawn(view: RunView, moment: datetime) -> RenderableType:
    table = Table("step", "state", "time", "", box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for name, step in view.steps.items():
        state = str(step["state"])
        table.add_row(
            Text(str(step.get("title") or name)),
            Text(state, STYLES.get(state, "dim")),
            _lasted(step, moment),
            Text(_note(view, name), "dim", overflow="ellipsis", no_wrap=True),
        )
    head = Text.assemble((f"Run {view.run.get('number', '')}  ", "bold"), (view.state, STYLES.get(view.state, "dim")))
    return Group(head, table)


def _lines(updates: Iterator[Update]) -> RunView:
    last = RunView("")
    shown: dict[str, str] = {}
    for update in updates:
        last = update.view
        if update.frame is not None and update.frame["type"] in _TOLD:
            _say(f"{_clock(update.frame.get('at'))} run {last.state}")
        for name, step in last.steps.items():
            state = str(step["state"])
            if shown.get(name, "init") != state:
                note = _note(last, name)
                _say(f"{_clock(_at(update))} {name} {state}{f' ({note})' if note else ''}")
            shown[name] = state
    return last


def _ending(client: Client, view: RunView) -> None:
    """How it ended, and of what went wrong the reason and the last lines that it said."""
    for name, step in view.steps.items():
        if step["state"] in WRONG:
            _say(f"\n{name} {step['state']}: {_reason(step)}")
            for line in tail(client, view.run_id, name):
                _say(f"  | {line}")
    _say(f"Run {view.run.get('number', '')} {view.state}.")


def tail(client: Client, run: str, step: str) -> list[str]:
    size = _size(client, run, step)
    text = client.log(run, step, max(0, size - _TAIL_BYTES)).decode("utf-8", "replace")
    return text.splitlines()[-_TAIL_LINES:]


def _size(client: Client, run: str, step: str) -> int:
    return int(client.snapshot(run).logs.get(step, {}).get("size", 0))


def _note(view: RunView, name: str) -> str:
    step = view.steps[name]
    reason = _reason(step)
    if reason:
        return reason
    if step["state"] == "wait_inputs":
        return f"waits for {', '.join(step.get('awaits') or ())}"
    queue = step.get("queue")
    if step["state"] == "pending" and queue:
        return f"{queue['reason']['message']} (place {queue['position']})"
    numbers = [each for each in view.metrics_of(name) if each.get("type") == "float"]
    return "  ".join(f"{each['title']} {_number(each['data']['value'])}" for each in numbers[:_MOST_NUMBERS])


def _reason(step: Mapping[str, Any]) -> str:
    reason = step.get("reason")
    return str(reason.get("message", "")) if isinstance(reason, Mapping) else ""


def _number(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _lasted(step: Mapping[str, Any], moment: datetime) -> str:
    if not step.get("started_at"):
        return ""
    begun = datetime.fromisoformat(step["started_at"])
    ended = datetime.fromisoformat(step["finished_at"]) if step.get("finished_at") else moment
    return f"{max(0.0, (ended - begun).total_seconds()):.0f} s"


def _at(update: Update) -> Any:
    return update.frame.get("at") if update.frame else None


def _clock(at: Any) -> str:
    moment = datetime.fromisoformat(at) if isinstance(at, str) else datetime.now(UTC)
    return moment.astimezone().strftime("%H:%M:%S")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
