"""Putting a finished tree into its place by one rename, so that a reader sees the old tree or the new one, never a mix.

Where the system can exchange two names in one step, there is no moment without a tree; a crash before it leaves the old
one, a crash after it the new one. Across file systems the tree is first copied to the target's own one, under a private
name, and then renamed: a crash in between leaves the private copy, which nobody reads.
"""

import ctypes
import errno
import os
import secrets
import shutil
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from backend.shared.storage.names import PRIVATE, StorageError
from backend.shared.storage.tree import open_folder, translated

_EXCHANGE = 2
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True, slots=True)
class Promotion:
    """`aside` is where the older tree is now; None when there was none. Undo or discard it."""

    target: Path
    source: Path
    aside: Path | None

    def discard_older(self) -> None:
        if self.aside is not None:
            _remove(self.aside)

    def undo(self) -> None:
        """Back to how it was, for a transaction that did not commit after all."""
        if self.aside is not None and self.aside == self.source:
            _exchange_paths(self.source, self.target)
            return
        self.target.rename(self.source)
        if self.aside is not None:
            self.aside.rename(self.target)


def promote(source: Path, target: Path, *, out_of: Path, within: Path) -> Promotion:
    """Rename the tree (or file) `source` to `target`. The one lies below `out_of` and the other below `within`, and
    below those two no link is followed: what a step left behind may lead anywhere.

    An older tree at the target is exchanged with the source or, where the system cannot, moved beside it.
    """
    parts = target.relative_to(within).parts
    if not parts or ".." in parts:
        raise StorageError("storage.path_form", place=str(target), reason="it is not below the storage")
    within.mkdir(parents=True, exist_ok=True)
    _refuse_links(source, out_of)
    with open_folder(within, parts[:-1], path="/".join(parts), create=True) as folder, translated("/".join(parts)):
        aside = _placed(source, folder, parts[-1], target)
        os.fsync(folder)
    return Promotion(target, source, aside)


def _refuse_links(source: Path, out_of: Path) -> None:
    """A step may have put a link where its output was, or where any folder above it was. Nothing of the step runs any
    more, so what is found now stays so."""
    *folders, name = source.relative_to(out_of).parts
    with open_folder(out_of, folders, path=name) as folder, translated(name):
        if stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
            raise StorageError("storage.link", place=name)


def _placed(source: Path, folder: int, name: str, target: Path) -> Path | None:
    if source.stat(follow_symlinks=False).st_dev == os.fstat(folder).st_dev:
        try:
            return _renamed(str(source), None, folder, name, target)
        except OSError as error:
            # Bind mounts refuse too, although the device number is the same.
            if error.errno != errno.EXDEV:
                raise
    return _copied(source, folder, name, target)


def _renamed(source: str, source_folder: int | None, folder: int, name: str, target: Path) -> Path | None:
    """Where the older tree went, if there was one."""
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        os.rename(source, name, src_dir_fd=source_folder, dst_dir_fd=folder)
        return None
    if _exchange(source, source_folder, folder, name):
        return Path(source) if source_folder is None else target.parent / source
    aside = f"{PRIVATE}{secrets.token_hex(8)}.old"
    os.rename(name, aside, src_dir_fd=folder, dst_dir_fd=folder)
    try:
        os.rename(source, name, src_dir_fd=source_folder, dst_dir_fd=folder)
    except OSError:
        os.rename(aside, name, src_dir_fd=folder, dst_dir_fd=folder)
        raise
    return target.parent / aside


def _copied(source: Path, folder: int, name: str, target: Path) -> Path | None:
    private = f"{PRIVATE}{secrets.token_hex(8)}.part"
    beside = target.parent / private
    try:
        if source.is_dir():
            shutil.copytree(source, beside, symlinks=True)
        else:
            shutil.copy2(source, beside, follow_symlinks=False)
        aside = _renamed(private, folder, folder, name, target)
    except BaseException:
        _remove(beside)
        raise
    _remove(source)
    return aside


def _exchange(source: str, source_folder: int | None, folder: int, name: str) -> bool:
    """Swap two names in one step; False where the system or the file system cannot."""
    if _libc is None or not hasattr(_libc, "renameat2"):
        return False
    at_cwd = -100
    above = at_cwd if source_folder is None else source_folder
    if _libc.renameat2(above, os.fsencode(source), folder, os.fsencode(name), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in {errno.EINVAL, errno.ENOSYS, errno.EPERM}:
        return False
    raise OSError(number, os.strerror(number), source)


def _exchange_paths(one: Path, other: Path) -> None:
    with open_folder(other.parent, (), path=other.name) as folder:
        if not _exchange(str(one), None, folder, other.name):
            raise StorageError("storage.denied", place=other.name, reason="names cannot be exchanged here")


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
