"""A step's output on its way to the log file: secrets taken out, endless lines cut, head and tail kept.

Writing never fails and never waits: whatever happens to the file, the step's pipe keeps being emptied.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_LINE = 16 * 1024
HIDDEN = b"[hidden]"
_SHORTEST_SECRET = 4  # shorter ones would blank out half of every log


class Redactor:
    """Replaces secrets, also those that arrive in pieces."""

    def __init__(self, secrets: Iterable[str]) -> None:
        known = {secret.encode() for secret in secrets}
        # Longest first: one secret may begin with another.
        self._secrets = sorted((one for one in known if len(one) >= _SHORTEST_SECRET), key=len, reverse=True)
        self._held = b""

    def feed(self, data: bytes) -> bytes:
        if not self._secrets:
            return data
        data = self._held + data
        for secret in self._secrets:
            data = data.replace(secret, HIDDEN)
        keep = self._unfinished(data)
        self._held = data[len(data) - keep :]
        return data[: len(data) - keep]

    def flush(self) -> bytes:
        held, self._held = self._held, b""
        return held

    def _unfinished(self, data: bytes) -> int:
        """How many bytes at the end may be the beginning of a secret: only those wait for what comes next."""
        longest = min(len(self._secrets[0]) - 1, len(data))
        for length in range(longest, 0, -1):
            end = data[len(data) - length :]
            if any(secret.startswith(end) for secret in self._secrets):
                return length
        return 0


class LineCutter:
    """Puts a line end into lines that have none for too long. Returning the carriage, as progress bars do, counts."""

    def __init__(self, longest: int = LONGEST_LINE) -> None:
        self._longest = longest
        self._run = 0

    def feed(self, data: bytes) -> bytes:
        parts: list[bytes] = []
        start = position = 0
        while position < len(data):
            stop = position + self._longest - self._run
            end = max(data.rfind(b"\n", position, stop), data.rfind(b"\r", position, stop))
            if end >= 0:
                position, self._run = end + 1, 0
            elif stop >= len(data):
                self._run += len(data) - position
                break
            else:
                parts += (data[start:stop], b"\n")
                start = position = stop
                self._run = 0
        if not parts:
            return data
        parts.append(data[start:])
        return b"".join(parts)


class Ring:
    """The last `size` bytes of all that was fed."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._bytes = bytearray()
        self.dropped = 0

    def feed(self, data: bytes) -> None:
        self._bytes += data
        if len(self._bytes) > 2 * self._size:  # seldom, so that it costs next to nothing a byte
            self._trim()

    def _trim(self) -> None:
        extra = len(self._bytes) - self._size
        if extra > 0:
            del self._bytes[:extra]
            self.dropped += extra

    def take(self) -> bytes:
        """From a line's beginning, if something had to go."""
        self._trim()
        if self.dropped:
            line = self._bytes.find(b"\n") + 1
            self.dropped += line
            return bytes(self._bytes[line:])
        return bytes(self._bytes)


class LogFile:
    """`size` is what readers may ask for by byte offsets: what is there stays; the tail follows at the end."""

    def __init__(self, path: str, *, head: int, tail: int, secrets: Iterable[str] = ()) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
        self._file = os.open(path, flags, 0o600)
        self.size = os.fstat(self._file).st_size
        self.error: str | None = None
        self._head = head
        self._redactor = Redactor(secrets)
        self._cutter = LineCutter()
        self._ring = Ring(tail)
        self._full = False

    def feed(self, data: bytes) -> None:
        self._take(self._cutter.feed(self._redactor.feed(data)))

    def close(self) -> int:
        """Write what is held back; how many bytes in the middle had to be left out."""
        self._take(self._cutter.feed(self._redactor.flush()))
        tail = self._ring.take()
        if self._ring.dropped:
            self._write(f"\n[… {self._ring.dropped} bytes left out: the log was longer than it may be …]\n".encode())
        self._write(tail)
        os.close(self._file)
        return self._ring.dropped

    def _take(self, data: bytes) -> None:
        if not self._full:
            room = self._head - self.size
            self._write(data[:room])
            if len(data) <= room:
                return
            self._full = True
            data = data[room:]
        self._ring.feed(data)

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        while view and self.error is None:
            try:
                written = os.write(self._file, view)
            except OSError as error:
                self.error = f"the log could not be written: {error.strerror}"  # a full disk must not stop the step
                return
            self.size += written
            view = view[written:]
