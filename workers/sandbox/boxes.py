"""Containers by name, and the marks that say which may be there: no container outlives its attempt, whoever dies.

A mark is made before the container is, and goes after it: `<home>/boxes/<token>`, with the name of the host in it.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

FOLDER = "boxes"
_SECONDS = 30.0
_TRIES = 3
_GONE = ("no such container", "no container with name", "no container with id")


def box_name(token: str) -> str:
    return f"pipeloom-{token}"


def mark_of(home: Path, token: str) -> Path:
    return home / FOLDER / token


def marked(home: Path) -> dict[str, str]:
    """Token → host, of every container of which it is not known that it is gone."""
    found: dict[str, str] = {}
    try:
        listed = sorted(entry.name for entry in os.scandir(home / FOLDER))
    except OSError:
        return found
    for token in listed:
        try:
            found[token] = mark_of(home, token).read_text()
        except OSError:
            continue  # gone meanwhile
    return found


def mark(path: Path, host: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_text(host)


def box_end(program: str, name: str, path: Path | str, environment: Mapping[str, str]) -> str | None:
    """Kill and remove the container, if there may be one. Why that failed, or None."""
    if not os.path.exists(path):
        return None
    failed = None
    for _ in range(_TRIES):
        failed = _said([program, "rm", "--force", name], environment)
        # Another removal that was killed half-way leaves something that this one took for gone: asked, not believed.
        there = _said([program, "container", "inspect", "--format", "{{.Id}}", name], environment)
        if any(gone in (there or "").lower() for gone in _GONE):
            Path(path).unlink(missing_ok=True)
            return None
    return failed or "it is still there"


def _said(argv: Sequence[str], environment: Mapping[str, str]) -> str | None:
    """What it complains of; None: nothing. In a session of its own, so that no signal to the step ends it half-way."""
    try:
        done = subprocess.run(
            argv,
            env={**environment},
            start_new_session=True,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError) as error:
        return str(error)
    said = done.stderr.strip()
    return None if done.returncode == 0 else said or "it failed"
