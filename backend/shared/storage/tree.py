"""Walking a folder by file descriptors, so that nobody can swap a link in between looking and opening.

Every step down is one `openat(O_NOFOLLOW)` relative to the folder above: a name is looked up once, and a symbolic link
anywhere below the root is refused, wherever it points.
"""

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from backend.shared.storage.names import StorageError

DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
# O_NONBLOCK: opening a pipe that nobody writes to must not hang the server; on files it means nothing.
READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@contextmanager
def translated(path: str) -> Iterator[None]:
    """Operating system errors as refusals in words."""
    try:
        yield
    except OSError as error:
        raise refusal(error, path) from error


def refusal(error: OSError, path: str) -> StorageError:
    if error.errno == errno.ENOENT:
        return StorageError("storage.missing", place=path)
    if error.errno in {errno.ELOOP, errno.EMLINK}:
        return StorageError("storage.link", place=path)
    if error.errno == errno.ENOTDIR:
        return StorageError("storage.not_a_directory", place=path)
    if error.errno == errno.EISDIR:
        return StorageError("storage.not_a_file", place=path)
    if error.errno == errno.EEXIST:
        return StorageError("storage.exists", place=path)
    if error.errno == errno.ENOTEMPTY:
        return StorageError("storage.not_empty", place=path)
    if error.errno == errno.ENXIO:
        return StorageError("storage.special", place=path)
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return StorageError("storage.full")
    return StorageError("storage.denied", place=path, reason=error.strerror or type(error).__name__)


@contextmanager
def open_folder(top: Path, parts: Sequence[str], *, path: str, create: bool = False) -> Iterator[int]:
    """A descriptor of the folder `parts` below `top`, valid inside the block."""
    with translated(path):
        current = os.open(top, DIRECTORY)
    try:
        for name in parts:
            with translated(path):
                below = _step(current, name, create=create)
            os.close(current)
            current = below
        yield current
    finally:
        os.close(current)


def _step(folder: int, name: str, *, create: bool) -> int:
    try:
        return os.open(name, DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
    except FileNotFoundError:
        if not create:
            raise
    except NotADirectoryError:
        # Linux says "not a directory" for a link too; the person should hear which of the two it is.
        if stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
            raise OSError(errno.ELOOP, "symbolic link") from None
        raise
    # Made by somebody else meanwhile? The open below looks at what it is.
    with suppress(FileExistsError):
        os.mkdir(name, 0o777, dir_fd=folder)
    return os.open(name, DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)


def open_file(folder: int, name: str, *, path: str) -> int:
    """A descriptor of a regular file; anything else is refused, and opening it has no effect."""
    with translated(path):
        found = os.open(name, READ, dir_fd=folder)
    try:
        mode = os.fstat(found).st_mode
        if stat.S_ISDIR(mode):
            raise StorageError("storage.not_a_file", place=path)
        if not stat.S_ISREG(mode):
            raise StorageError("storage.special", place=path)
        os.set_blocking(found, True)
    except BaseException:
        os.close(found)
        raise
    return found
