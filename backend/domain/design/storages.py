"""Where a path in a storage is: root, then perhaps the run's own folder, then the path below."""

from __future__ import annotations

from backend.domain.design.document import Storage
from backend.domain.design.references import StorageReference


def storage_path(root: str, reference: StorageReference, storage: Storage, execution_id: str) -> str:
    """`/root/<execution id>/path`. Both flags stand for themselves: one decides the path, the other makes the folder.
    A path that begins with “/” is below the root all the same; an end “/” stays, because it says “folder”."""
    own = storage.with_execution_id if reference.with_execution_id is None else reference.with_execution_id
    folder = root.rstrip("/") + "/" + (execution_id + "/" if own else "")
    return folder + reference.path.lstrip("/")


def makes_folder(reference: StorageReference, storage: Storage) -> bool:
    return storage.create_dir if reference.create_dir is None else reference.create_dir


def storage_path_is_good(path: str) -> bool:
    """Nothing that leaves the storage, and nothing that two systems read differently."""
    inner = path.removeprefix("/").removesuffix("/")
    if "\\" in path or "\x00" in path or len(path) > 1024:
        return False
    return path in ("", "/") or all(part not in ("", ".", "..") for part in inner.split("/"))
