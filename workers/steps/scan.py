"""Finds the samples below a folder: which files count, what they are, and why the others were left out."""

from __future__ import annotations

import hashlib
import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

LARGEST_IMAGE = 5_000_000
_CHUNK = 1 << 20
_EXAMPLES = 3
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

# By content, not by name: a text called cat.png would stop the training hours later.
_IMAGES = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"BM", "image/bmp"))
_IMAGE_NAMES = (".png", ".jpg", ".jpeg", ".bmp")


@dataclass(frozen=True, slots=True)
class Found:
    """One sample; `path` is relative to the scanned folder."""

    path: str
    size: int
    sha256: str
    media_type: str


@dataclass(slots=True)
class LeftOut:
    """Files that are no samples, by reason."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def add(self, reason: str, path: str) -> None:
        self.counts[reason] += 1
        shown = self.examples.setdefault(reason, [])
        if len(shown) < _EXAMPLES:
            shown.append(path)

    @property
    def total(self) -> int:
        return self.counts.total()

    def lines(self) -> Iterator[str]:
        for reason, count in self.counts.most_common():
            more = ", …" if count > _EXAMPLES else ""
            yield f"{count} left out: {reason} ({', '.join(self.examples[reason])}{more})"


class NotASample(Exception):  # noqa: N818 - says what the file is
    pass


def scan(folder: Path, *, judge: Callable[[str, int, bytes], str], left_out: LeftOut) -> Iterator[Found]:
    """In a fixed order. `judge(name, size, first bytes)` gives the media type or raises NotASample with a reason.

    Hidden files and folders do not exist here; links are not followed: they could lead anywhere.
    """

    def unreadable(error: OSError) -> None:
        left_out.add(f"a folder that cannot be read ({error.strerror})", _printable(str(error.filename)))

    for base, folders, files, descriptor in os.fwalk(folder, follow_symlinks=False, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        above = os.path.relpath(base, folder)
        for name in sorted(name for name in files if not name.startswith(".")):
            path = name if above == "." else f"{above}/{name}"
            try:
                yield _sample(descriptor, name, path, judge)
            except NotASample as reason:
                left_out.add(str(reason), _printable(path))
            except OSError as error:
                left_out.add(f"cannot be read ({error.strerror})", _printable(path))


def _sample(folder: int, name: str, path: str, judge: Callable[[str, int, bytes], str]) -> Found:
    if not path.isprintable():
        raise NotASample("its name holds characters that cannot be kept")
    if stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
        raise NotASample("a link")
    with os.fdopen(os.open(name, _READ, dir_fd=folder), "rb", buffering=0) as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise NotASample("not an ordinary file")
        first = file.read(_CHUNK) or b""
        media_type = judge(name, found.st_size, first)
        digest = hashlib.sha256(first)
        size = len(first)
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return Found(path, size, digest.hexdigest(), media_type)


def judge_image(name: str, size: int, first: bytes) -> str:
    if not name.lower().endswith(_IMAGE_NAMES):
        raise NotASample("not a JPG, JPEG, PNG or BMP image")
    if size > LARGEST_IMAGE:
        raise NotASample("an image of more than 5 MB")
    for beginning, media_type in _IMAGES:
        if first.startswith(beginning):
            return media_type
    raise NotASample("empty" if not first else "called an image, but its content is none")


def _printable(path: str) -> str:
    return path.encode("utf-8", "backslashreplace").decode()
