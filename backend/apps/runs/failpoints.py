"""Named places where a test may make this process die or stumble; nothing happens unless it asks.

`PIPELOOM_FAILPOINTS="outbox.after_commit:kill,finish.before_commit:raise"` arms them, and every firing is
appended to the file named by `PIPELOOM_FAILPOINT_LOG`, because a fault test proves nothing unless its fault fired.
An action may be limited to the n-th passage: `claim.after_commit:kill@2`.

Processes that run already are armed through a folder, `PIPELOOM_FAILPOINT_FOLDER`: a file there, named like the place
and holding the action, fires once, in whichever process comes by first; it is renamed to `NAME.fired` and says which
process that was. There a process may also be told to `hold` until `NAME.go` appears, so that others can be killed at
that very moment.
"""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

NAMES = frozenset(
    {
        "claim.before",
        "claim.after_commit",
        "delivery.after_claim",
        "delivery.after_send",
        "finish.before_commit",
        "finish.after_promote",
        "nested.begin.before_commit",
        "nested.begin.after_commit",
        "nested.end.before_commit",
        "nested.end.after_commit",
        "nested.stop.after_commit",
        "news.after_commit",
        "news.before_commit",
        "outbox.after_commit",
        "relay.after_publish",
        "schedule.after_commit",
        "schedule.before_commit",
    }
)


LONGEST_HOLD_SECONDS = 120.0


class FailpointError(RuntimeError):
    """What an armed `raise` raises."""


@dataclass(slots=True)
class _Armed:
    action: str
    passage: int
    passed: int = 0


def _parse(text: str) -> dict[str, _Armed]:
    armed: dict[str, _Armed] = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        name, _, what = part.partition(":")
        action, _, passage = what.partition("@")
        if name not in NAMES or action not in {"kill", "raise"}:
            raise ValueError(f"PIPELOOM_FAILPOINTS: {part!r} is no failpoint; names are {sorted(NAMES)}")
        armed[name] = _Armed(action, int(passage or 1))
    return armed


_armed = _parse(os.environ.get("PIPELOOM_FAILPOINTS", ""))
_folder = Path(found) if (found := os.environ.get("PIPELOOM_FAILPOINT_FOLDER")) else None


def failpoint(name: str) -> None:
    """Fire if armed. Disarmed, this is one look into an empty dict."""
    if _folder is not None:
        _look(_folder, name)
    armed = _armed.get(name)
    if armed is None:
        return
    armed.passed += 1
    if armed.passed == armed.passage:
        _fire(name, armed.action)


def arm(text: str) -> None:
    """Replace what is armed, for tests inside one process; an empty text disarms."""
    _armed.clear()
    _armed.update(_parse(text))


def _look(folder: Path, name: str) -> None:
    fired = folder / f"{name}.fired"
    try:
        (folder / name).rename(fired)  # of several that come by at once, one
    except OSError:
        return
    action = fired.read_text().strip()
    fired.write_text(f"{action} {os.getpid()}")
    if action != "hold":
        _fire(name, action)
    go = folder / f"{name}.go"
    until = time.monotonic() + LONGEST_HOLD_SECONDS
    while not go.exists() and time.monotonic() < until:
        time.sleep(0.01)
    go.unlink(missing_ok=True)


def _fire(name: str, action: str) -> None:
    log = os.environ.get("PIPELOOM_FAILPOINT_LOG")
    if log:
        with Path(log).open("a") as file:
            file.write(f"{name} {action} {os.getpid()}\n")
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    raise FailpointError(name)
