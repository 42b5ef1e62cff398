"""What a folder holds: every file with its size and hash, and what cannot be kept."""

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from backend.domain.problems import Problem, pointer, problem
from backend.shared.storage.tree import open_file, open_folder

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class FileEntry:
    """`path` is relative to the folder, with forward slashes."""

    path: str
    size: int
    sha256: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Manifest:
    files: tuple[FileEntry, ...]
    problems: tuple[Problem, ...]

    @property
    def bytes(self) -> int:
        return sum(each.size for each in self.files)


def manifest(folder: Path) -> Manifest:
    """All files below the folder, sorted by path. Links, pipes and unwritable names become problems, never files."""
    files: list[FileEntry] = []
    problems: list[Problem] = []
    with open_folder(folder, (), path=folder.name) as top:
        for found in _walk(top):
            (files if isinstance(found, FileEntry) else problems).append(found)  # type: ignore[arg-type]
    return Manifest(tuple(sorted(files, key=lambda each: each.path)), tuple(problems))


def _walk(top: int) -> Iterator[FileEntry | Problem]:
    for base, folders, names, descriptor in os.fwalk(".", dir_fd=top, follow_symlinks=False):
        above = base.removeprefix(".").removeprefix("/")
        for name in [*folders, *names]:
            path = f"{above}/{name}" if above else name
            mode = os.stat(name, dir_fd=descriptor, follow_symlinks=False).st_mode
            if not name.isprintable():
                yield problem("storage.bad_name", pointer(_printable(path)), place=_printable(path))
            elif stat.S_ISREG(mode):
                yield _hashed(descriptor, name, path)
            elif stat.S_ISLNK(mode):
                yield problem("storage.link", pointer(path), place=path)
            elif not stat.S_ISDIR(mode):
                yield problem("storage.special", pointer(path), place=path)


def _printable(path: str) -> str:
    return path.encode("utf-8", "replace").decode()


def _hashed(folder: int, name: str, path: str) -> FileEntry:
    digest, size = hashlib.sha256(), 0
    with os.fdopen(open_file(folder, name, path=path), "rb", buffering=0) as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return FileEntry(path, size, digest.hexdigest())
