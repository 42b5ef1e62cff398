"""Files that arrive in pieces, over minutes and broken connections.

The pieces lie in a hidden folder of the same storage, so that the finished file gets to its place by a rename. How much
has arrived is how long the part is: there is no second account of it that could differ.
"""

import errno
import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from io import FileIO

from backend.shared.storage.names import PRIVATE, Logical, StorageError
from backend.shared.storage.roots import Roots
from backend.shared.storage.tree import open_folder, translated
from backend.shared.storage.writing import Target, look, refuse_target, settle, write_all

FOLDER = f"{PRIVATE}uploads"


class Parts:
    """The unfinished files of one storage; `key` names one and is chosen by the server."""

    def __init__(self, roots: Roots, place: Logical) -> None:
        self._roots = roots
        self._place = place
        self._root = roots.writable(place)

    def check(self, target: Target) -> None:
        """Refuse what would be refused at the end, before anything is sent."""
        try:
            with open_folder(self._root.path, self._place.parts[:-1], path=str(self._place)) as folder:
                refuse_target(folder, self._place, target)
        except StorageError as refused:
            if refused.code != "storage.missing":
                raise

    def size(self, key: str) -> int:
        with self._folder() as folder:
            try:
                return look(folder, key).st_size
            except FileNotFoundError:
                return 0

    def append(self, key: str, offset: int, chunks: Iterable[bytes], *, size: int) -> int:
        """The new length. On the disk when this returns: whoever goes on after a power failure can rely on it."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        with (
            self._folder() as folder,
            translated(str(self._place)),
            FileIO(os.open(key, flags, 0o666, dir_fd=folder), "wb") as file,
            _held(file),
        ):
            there = os.fstat(file.fileno()).st_size
            if there != offset:
                raise StorageError("storage.upload_offset", found=offset, offset=there)
            try:
                return self._appended(file, offset, chunks, size)
            except BaseException:
                os.ftruncate(file.fileno(), offset)
                raise

    def _appended(self, file: FileIO, offset: int, chunks: Iterable[bytes], size: int) -> int:
        file.seek(offset)
        for chunk in chunks:
            offset += len(chunk)
            if offset > size:
                raise StorageError("storage.upload_size", size=size)
            write_all(file, chunk)
        os.fsync(file.fileno())
        return offset

    def finish(self, key: str, target: Target) -> None:
        parts = self._place.parts[:-1]
        with (
            self._folder() as here,
            open_folder(self._root.path, parts, path=str(self._place), create=True) as there,
            translated(str(self._place)),
        ):
            settle((here, key), there, self._place, target)

    def drop(self, key: str) -> None:
        with self._folder() as folder, suppress(FileNotFoundError):
            os.unlink(key, dir_fd=folder)

    @contextmanager
    def _folder(self) -> Iterator[int]:
        self._root.path.mkdir(parents=True, exist_ok=True)
        with open_folder(self._root.path, (FOLDER,), path=f"/{self._root.name}/", create=True) as folder:
            yield folder


@contextmanager
def _held(file: FileIO) -> Iterator[None]:
    """The same piece sent twice, because the first answer was long in coming, is written once."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno != errno.EWOULDBLOCK:
            raise
        raise StorageError("storage.upload_busy") from None
    yield
