"""A soak in words that can stand in a note."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

# What faults make the parts say, and rightly.
EXPECTED = re.compile(
    r"OperationalError|InterfaceError|ConnectionError|AdminShutdown|CannotConnectNow|PoolTimeout|redis\.|kombu|psycopg|TimeoutError|WorkerLostError|ConnectionResetError|CancelledError"
)
_ERROR = re.compile(r"^(?P<error>[A-Za-z_][\w.]*(?:Error|Exception|Exit)\b.*)$", re.MULTILINE)


def summary(soak: Any) -> str:
    lines = [
        "",
        f"Soak: {soak.elapsed / 60:.1f} of {soak.seconds / 60:g} minutes, seed {soak.seed}, {soak.parts} part(s)"
        + (f", sparing {', '.join(soak.spared)}" if soak.spared else ""),
        f"  {sum(soak.fired.values())} faults: {_told(soak.fired)}",
    ]
    if soak.idle:
        lines.append(f"  found nothing to do: {_told(soak.idle)}")
    lines.append(f"  {_told(soak.counts)}")
    lines += [each.told() for each in soak.figures.slopes()]
    unexpected = errors(soak.folder / "home" / "logs")
    if unexpected:
        lines.append(f"  errors in the logs that no fault explains: {_told(unexpected)}")
    lines.append(f"  {len(soak.violations)} violations")
    lines += [f"    {number}. {each}" for number, each in enumerate(soak.violations, 1)]
    return "\n".join(lines)


def errors(logs: Path) -> Counter[str]:
    """The last lines of exceptions."""
    found: Counter[str] = Counter()
    for path in logs.glob("*.log"):
        if path.name in ("web.log", "reconciler.log", "worker.log"):
            for match in _ERROR.finditer(path.read_text(errors="replace")):
                if not EXPECTED.search(match["error"]):
                    found[f"{path.stem}: {match['error'][:160]}"] += 1
    return found


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(counts.items()))
