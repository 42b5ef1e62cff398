"""Says what changed in an attempt's metrics files while the step runs, and once more when it has ended.

inotify wakes us at once, a look at the file's stamp every 100 ms stands behind it. A file that is torn, too large or
wrong keeps its last good value; what is wrong with it is told once, after it has stayed wrong for a while.
"""

from __future__ import annotations

import os

from workers.sandbox import kernel
from workers.sandbox.clock import now as clock_now

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol

    from workers.sandbox.spec import MetricsFile

    class Reader(Protocol):
        """The module `metrics_file`, which is loaded only where there is something to read."""

        def look(self, root: str, path: str) -> Any: ...
        def diff(self, old: Any, new: Any) -> Any: ...
        def missing(self) -> Any: ...


INTERVAL = 0.1
"""Between two looks, and at least between two messages: ten a second an attempt."""

_PATIENCE = 4
"""Looking may take a quarter of our time: whoever writes a huge file all the time waits longer for the next look."""

# Only finished writes wake us; a file that its writer keeps open is found by looking.
_MASK = kernel.IN_CLOSE_WRITE | kernel.IN_MOVED_TO | kernel.IN_ONLYDIR | kernel.IN_DONT_FOLLOW


class _File:
    def __init__(self, declared: MetricsFile) -> None:
        self.declared = declared
        self.stamp: object = None
        self.items: Any = None
        self.sent: Any = None
        self.problem: dict[str, Any] | None = None
        self.told: dict[str, Any] | None = None
        self.wrong_since: float | None = None

    def take(self, seen: Any, now: float) -> None:
        self.problem = seen.wrong.as_json() if seen.wrong else None
        if seen.items is not None:
            self.items = seen.items
        if seen.items is not None or seen.missing:
            self.wrong_since = None
        elif self.wrong_since is None:
            self.wrong_since = now

    def news(self, reader: Reader, patient_until: float | None, now: float) -> dict[str, Any] | None:
        tell = self.problem
        if self.wrong_since is not None and patient_until is not None:
            already_told = self.told is not None and tell is not None and self.told["code"] == tell["code"]
            if already_told or now < self.wrong_since + patient_until:
                tell = self.told
        changed = self.items != self.sent
        if not changed and tell == self.told:
            return None
        delta = reader.diff(self.sent, self.items) if changed and self.sent is not None else None
        self.sent, self.told = self.items, tell
        value = self.items if changed else None
        place = {"output": self.declared.output, "path": self.declared.shown}
        return {**place, "value": value, "delta": delta, "problem": tell}


class Watcher:
    """`descriptor` is worth polling; -1 where nothing is live, or the kernel has no inotify to spare."""

    def __init__(self, root: str, files: list[MetricsFile], reader: Reader, *, bad_after: float) -> None:
        self._root = root
        self._files = [_File(declared) for declared in files]
        self._live = [file for file in self._files if file.declared.realtime]
        self._reader = reader
        self._bad_after = bad_after
        self._woken = False
        self._next_look = self._next_message = 0.0
        self._watched: set[str] = set()
        self._names = {os.fsencode(os.path.basename(file.declared.path)) for file in self._live}
        self.descriptor = _inotify() if self._live else -1

    def woken(self) -> None:
        """Only by a file of ours: whoever writes beside it and renames wakes us twice, and a look at the first of the
        two would find nothing and make the second wait."""
        try:
            events = os.read(self.descriptor, 65_536)
        except BlockingIOError:
            return
        for name in kernel.inotify_names(events):
            if not name:
                self._watched.clear()  # a folder went away, or more happened than the kernel kept
            if not name or name in self._names:
                self._woken = True

    def due(self) -> float | None:
        if not self._live:
            return None
        return self._next_message if self._woken else max(self._next_look, self._next_message)

    def changes(self, now: float) -> list[dict[str, Any]]:
        """What to tell now; empty most of the time."""
        due = self.due()
        if due is None or now < due:
            return []
        begun = clock_now()
        forced, self._woken = self._woken, False
        self._next_look = now + INTERVAL
        found = [news for file in self._live if (news := self._look(file, now, forced=forced))]
        if found or forced:
            self._next_message = now + max(INTERVAL, _PATIENCE * (clock_now() - begun))
        return found

    def final(self, now: float) -> list[dict[str, Any]]:
        """Every file, live or not, and what is wrong with it, without patience: nobody will correct it any more."""
        found = []
        for file in self._files:
            seen = self._reader.look(self._root, file.declared.path)
            file.take(self._reader.missing() if seen.missing and file.items is None else seen, now)
            if news := file.news(self._reader, None, now):
                found.append(news)
        return found

    def _look(self, file: _File, now: float, *, forced: bool) -> dict[str, Any] | None:
        self._watch_folder(file)
        # The stamp is taken before reading, so that what is written meanwhile is seen by the next look. It alone is
        # not enough: two writes within one tick of the file system's clock leave the same stamp.
        stamp = _stamp(file.declared.path)
        if forced or stamp != file.stamp:
            file.stamp = stamp
            file.take(self._reader.look(self._root, file.declared.path), now)
        return file.news(self._reader, self._bad_after, now)

    def _watch_folder(self, file: _File) -> None:
        folder = os.path.dirname(file.declared.path)
        if self.descriptor < 0 or folder in self._watched:
            return
        try:
            kernel.inotify_add(self.descriptor, folder, _MASK)
        except OSError:
            return  # not there yet; looking goes on
        self._watched.add(folder)


def _inotify() -> int:
    try:
        return kernel.inotify_open()
    except OSError:
        return -1


def _stamp(path: str) -> object:
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_ctime_ns, found.st_size
