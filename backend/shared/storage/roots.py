"""Named folders and what can be done inside them: list, look, read, write, make, rename, delete."""

import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from backend.shared.storage.listing import Entry, Listing, Order, entry_of, listing
from backend.shared.storage.names import Logical, StorageError, logical_path
from backend.shared.storage.tree import open_file, open_folder, translated
from backend.shared.storage.writing import Target, Written, exists, look, refuse_target, written

ANYTHING = Target()


@dataclass(frozen=True, slots=True)
class Root:
    name: str
    path: Path
    read_only: bool = False


class Roots:
    """The storages that somebody may use, by name. All paths are logical: `/name/folder/file`."""

    def __init__(self, roots: Iterable[Root] | Mapping[str, Path]) -> None:
        listed = [Root(name, path) for name, path in roots.items()] if isinstance(roots, Mapping) else roots
        self._roots = {root.name: root for root in listed}

    def __iter__(self) -> Iterator[Root]:
        return iter(self._roots.values())

    def root_of(self, place: Logical) -> Root:
        found = self._roots.get(place.root)
        if found is None:
            raise StorageError("storage.unknown_root", name=place.root, known=self._known())
        return found

    def _known(self) -> str:
        return ", ".join(f"/{each}/" for each in self._roots)

    def local(self, text: str) -> Path:
        """Where the place lies on this disk, whether or not it exists; refused if a link is on the way."""
        place = logical_path(text)
        root = self.root_of(place)
        try:
            with self._folder(place.parts[:-1], root, str(place)) as folder:
                if place.parts and stat.S_ISLNK(look(folder, place.parts[-1]).st_mode):
                    raise StorageError("storage.link", place=str(place))
        except (FileNotFoundError, StorageError) as error:
            if isinstance(error, StorageError) and error.code != "storage.missing":
                raise
        return root.path.joinpath(*place.parts)

    def stat(self, text: str) -> Entry:
        place = logical_path(text)
        root = self.root_of(place)
        if not place.parts:
            with self._folder((), root, str(place)) as folder:
                return entry_of(place.root, os.fstat(folder))
        with self._folder(place.parts[:-1], root, str(place)) as folder, translated(str(place)):
            return entry_of(place.parts[-1], look(folder, place.parts[-1]))

    def list(self, text: str, *, order: Order = "name", after: str = "", limit: int = 200) -> Listing:
        """A page of a folder, folders first. Raises ValueError for an `after` that no page of this order gave."""
        place = logical_path(text)
        with self._folder(place.parts, self.root_of(place), str(place)) as folder:
            return listing(folder, order=order, after=after, limit=limit)

    def open_read(self, text: str) -> FileIO:
        place = self.file_place(text)
        with self._folder(place.parts[:-1], self.root_of(place), str(place)) as folder:
            return FileIO(open_file(folder, place.parts[-1], path=str(place)), "rb", closefd=True)

    def write(self, text: str, chunks: Iterable[bytes], *, max_bytes: int, target: Target = ANYTHING) -> Written:
        """The whole file or nothing: written beside its place under another name, then renamed."""
        place = self.file_place(text)
        root = self.writable(place)
        with self._folder(place.parts[:-1], root, str(place), create=True) as folder, translated(str(place)):
            refuse_target(folder, place, target)
            return written(folder, place, chunks, target, max_bytes=max_bytes)

    def mkdir(self, text: str) -> None:
        """The folder and those above it; already there is fine."""
        place = logical_path(text)
        with self._folder(place.parts, self.writable(place), str(place), create=True):
            pass

    def rename(self, old: str, new: str) -> None:
        """Move a file or folder; never onto something that is there."""
        source, target = self._named(old), self._named(new)
        from_root, to_root = self.writable(source), self.writable(target)
        with (
            self._folder(source.parts[:-1], from_root, str(source)) as here,
            self._folder(target.parts[:-1], to_root, str(target), create=True) as there,
        ):
            if exists(there, target.parts[-1]):
                raise StorageError("storage.exists", place=str(target))
            with translated(str(source)):
                os.rename(source.parts[-1], target.parts[-1], src_dir_fd=here, dst_dir_fd=there)

    def delete(self, text: str, *, recursive: bool = False) -> None:
        """A file, a link itself, or a folder; a folder that is not empty only when asked to."""
        place = self._named(text)
        name = place.parts[-1]
        with self._folder(place.parts[:-1], self.writable(place), str(place)) as folder, translated(str(place)):
            if not stat.S_ISDIR(look(folder, name).st_mode):
                os.unlink(name, dir_fd=folder)
            elif recursive:
                shutil.rmtree(name, dir_fd=folder)
            else:
                os.rmdir(name, dir_fd=folder)

    def writable(self, place: Logical) -> Root:
        root = self.root_of(place)
        if root.read_only:
            raise StorageError("storage.read_only", name=root.name)
        return root

    def _named(self, text: str) -> Logical:
        place = logical_path(text)
        if not place.parts:
            raise StorageError("storage.path_form", place=text, reason="it names a whole storage")
        return place

    def file_place(self, text: str) -> Logical:
        place = self._named(text)
        if place.folder:
            raise StorageError("storage.not_a_file", place=text)
        return place

    @contextmanager
    def _folder(self, parts: tuple[str, ...], root: Root, path: str, *, create: bool = False) -> Iterator[int]:
        if create:
            root.path.mkdir(parents=True, exist_ok=True)
        with open_folder(root.path, parts, path=path, create=create) as folder:
            yield folder
