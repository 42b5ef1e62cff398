"""Opens one metrics file as if its writer were hostile: no link followed, nothing but a small regular file read.

This module is loaded only for steps that declare metrics: what it imports costs more than the rest of the launcher.
"""

from __future__ import annotations

import os
import stat

from backend.domain.metrics import MAX_BYTES, Item, diff, parse_metrics
from backend.domain.problems import Problem, problem

__all__ = ["MAX_BYTES", "Look", "diff", "look", "missing"]

_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISLNK, "a link"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class Look:
    """One look at a file: `missing`, or `items` (None when unusable), with what is `wrong`, if anything."""

    def __init__(self, *, missing: bool = False, items: list[Item] | None = None, wrong: Problem | None = None) -> None:
        self.missing = missing
        self.items = items
        self.wrong = wrong


def missing() -> Look:
    """What to say about a file that was declared and never written."""
    return Look(missing=True, wrong=problem("metrics.missing"))


def look(root: str, path: str) -> Look:
    try:
        descriptor = _open_below(root, path)
    except FileNotFoundError:
        return Look(missing=True)
    except _Refused as refused:
        return Look(wrong=refused.problem)
    except OSError as error:
        return Look(wrong=problem("metrics.unreadable", reason=error.strerror or str(error)))
    try:
        return _read(descriptor)
    except OSError as error:
        return Look(wrong=problem("metrics.unreadable", reason=error.strerror or str(error)))
    finally:
        os.close(descriptor)


class _Refused(Exception):
    def __init__(self, found: Problem) -> None:
        super().__init__(found.message)
        self.problem = found


def _open_below(root: str, path: str) -> int:
    """Folder by folder from the attempt's own: each could be swapped for a link at any moment."""
    *folders, name = os.path.relpath(path, root).split("/")
    holder = os.open(root, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for folder in folders:
            _refuse_special(holder, folder, wanted=stat.S_ISDIR)
            below = os.open(folder, os.O_PATH | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=holder)
            os.close(holder)
            holder = below
        _refuse_special(holder, name, wanted=stat.S_ISREG)
        return os.open(name, _FLAGS, dir_fd=holder)
    finally:
        os.close(holder)


def _refuse_special(holder: int, name: str, *, wanted: object) -> None:
    """Asked before opening: opening a device or a pipe can already do something."""
    mode = os.stat(name, dir_fd=holder, follow_symlinks=False).st_mode
    if wanted is stat.S_ISDIR and stat.S_ISDIR(mode):
        return
    for is_kind, kind in _KINDS:
        if is_kind(mode):
            raise _Refused(problem("metrics.not_a_file", kind=kind))


def _read(descriptor: int) -> Look:
    before = os.fstat(descriptor)
    if not stat.S_ISREG(before.st_mode):
        return Look(wrong=problem("metrics.not_a_file", kind="something else"))
    if before.st_size > MAX_BYTES:
        return Look(wrong=problem("json.too_large", size=before.st_size, limit=MAX_BYTES))
    parsed = parse_metrics(_all(descriptor))
    wrong = parsed.problems[0] if parsed.problems else None
    return Look(items=list(parsed.items) if parsed.valid else None, wrong=wrong)


def _all(descriptor: int) -> bytes:
    """At most one byte more than allowed: the file may grow while it is read."""
    data = b""
    while len(data) <= MAX_BYTES:
        piece = os.read(descriptor, MAX_BYTES + 1 - len(data))
        if not piece:
            break
        data += piece
    return data
