"""How much of the disk an attempt takes: looked up now and then, more rarely the longer it takes."""

from __future__ import annotations

import os
import stat

from workers.sandbox.clock import now

INTERVAL = 2.0
_SHARE = 20
"""A look that takes a second is repeated after twenty at the earliest."""


def used_bytes(root: str) -> int:
    """Blocks and not lengths: a file of holes takes no room. What vanishes meanwhile does not count; no link is
    followed."""
    total, folders = 0, [root]
    while folders:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    try:
                        found = entry.stat(follow_symlinks=False)
                    except OSError:
                        continue
                    total += found.st_blocks * 512
                    if stat.S_ISDIR(found.st_mode):
                        folders.append(entry.path)
        except OSError:
            continue
    return total


class Room:
    """One attempt's."""

    def __init__(self, root: str, most_mb: float | None, start: float) -> None:
        self._root = root
        self._most = None if most_mb is None else most_mb * 1_000_000
        self._next = start + INTERVAL
        self.used_mb = 0.0

    def due(self) -> float | None:
        return None if self._most is None else self._next

    def exceeded(self, at: float) -> bool:
        if self._most is None or at < self._next:
            return False
        began = now()
        used = used_bytes(self._root)
        self._next = at + max(INTERVAL, _SHARE * (now() - began))
        self.used_mb = used / 1_000_000
        return used > self._most
