"""A file that appears as a whole or not at all, and never over something that its writer has not seen."""

import fcntl
import hashlib
import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO

from backend.shared.storage.names import PRIVATE, Logical, StorageError

ANY = "*"


@dataclass(frozen=True, slots=True)
class Written:
    size: int
    sha256: str
    etag: str


@dataclass(frozen=True, slots=True)
class Target:
    """What may be there now. `expected` is the mark of the one state that may be replaced, `*` of any."""

    overwrite: bool = True
    expected: str | None = None


def look(folder: int, name: str) -> os.stat_result:
    return os.stat(name, dir_fd=folder, follow_symlinks=False)


def exists(folder: int, name: str) -> bool:
    try:
        look(folder, name)
    except FileNotFoundError:
        return False
    return True


def etag_of(found: os.stat_result) -> str:
    """Another state of the file has another mark: a write is a new file, renamed into place."""
    return f'"{found.st_mtime_ns:x}-{found.st_size:x}-{found.st_ino:x}"'


def refuse_target(folder: int, place: Logical, target: Target) -> None:
    name = place.parts[-1]
    try:
        found = look(folder, name)
    except FileNotFoundError:
        if target.expected is not None:
            raise StorageError("storage.changed", place=str(place)) from None
        return
    if stat.S_ISDIR(found.st_mode):
        raise StorageError("storage.not_a_file", place=str(place))
    if not target.overwrite:
        raise StorageError("storage.exists", place=str(place))
    if target.expected not in (None, ANY, etag_of(found)):
        raise StorageError("storage.changed", place=str(place))


def settle(part: tuple[int, str], folder: int, place: Logical, target: Target) -> None:
    """Rename a finished file into place. Under a lock of the folder, so that what is looked at is what is replaced."""
    with _alone(folder):
        refuse_target(folder, place, target)
        os.rename(part[1], place.parts[-1], src_dir_fd=part[0], dst_dir_fd=folder)
    os.fsync(folder)


@contextmanager
def _alone(folder: int) -> Iterator[None]:
    fcntl.flock(folder, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(folder, fcntl.LOCK_UN)


def written(folder: int, place: Logical, chunks: Iterable[bytes], target: Target, *, max_bytes: int) -> Written:
    part = f"{PRIVATE}{secrets.token_hex(8)}.part"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    digest, size = hashlib.sha256(), 0
    try:
        with FileIO(os.open(part, flags, 0o666, dir_fd=folder), "wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > max_bytes:
                    raise StorageError("storage.too_large", limit=max_bytes)
                digest.update(chunk)
                write_all(file, chunk)
            os.fsync(file.fileno())
            etag = etag_of(os.fstat(file.fileno()))
        settle((folder, part), folder, place, target)
    except BaseException:
        if exists(folder, part):
            os.unlink(part, dir_fd=folder)
        raise
    return Written(size, digest.hexdigest(), etag)


def write_all(file: FileIO, chunk: bytes) -> None:
    view = memoryview(chunk)
    while view:
        view = view[file.write(view) or 0 :]
