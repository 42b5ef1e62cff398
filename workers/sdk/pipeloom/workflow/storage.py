"""Storages: roots under which steps write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipeloom.workflow.made import UNSET, Made, Path, Writer
from pipeloom.workflow.values import definition


@dataclass(eq=False)
class StoragePath(Made):
    """A path below a storage, with its own flags where they differ from the storage's."""

    storage: Storage
    path: str
    with_execution_id: Any = UNSET
    create_dir: Any = UNSET

    def written(self, into: Writer, path: Path) -> Any:
        if not isinstance(self.path, str):
            raise self.refuse(f"join() takes a text, not {type(self.path).__name__}.")
        body: dict[str, Any] = {"name": self.storage.name}
        if self.path:
            body["path"] = self.path
        flags = (("with_execution_id", self.with_execution_id), ("create_dir", self.create_dir))
        return {"$storage": {**body, **{key: flag for key, flag in flags if flag is not UNSET and flag is not None}}}


@dataclass(eq=False)
class Storage(Made):
    """`with_execution_id` puts the run's own folder into each path, `create_dir` makes the folder; each by itself."""

    name: str
    title: Any = UNSET
    description: Any = UNSET
    create_dir: Any = UNSET
    with_execution_id: Any = UNSET
    default: Any = UNSET

    def join(self, path: str, with_execution_id: Any = UNSET, create_dir: Any = UNSET) -> StoragePath:
        return StoragePath(self, path, with_execution_id, create_dir)

    def written(self, into: Writer, path: Path) -> Any:
        """As an entry of the workflow's list; where a path is wanted, the root itself."""
        return {"$storage": {"name": self.name}}

    def definition(self, into: Writer) -> dict[str, Any]:
        return definition(self, into)


@dataclass(eq=False)
class InputStorage(Storage):
    """Joins paths and nothing else."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.create_dir = False if self.create_dir is UNSET else self.create_dir
        self.with_execution_id = False if self.with_execution_id is UNSET else self.with_execution_id


@dataclass(eq=False)
class OutputStorage(Storage):
    """A folder of its own for each run, which is made."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.create_dir = True if self.create_dir is UNSET else self.create_dir
        self.with_execution_id = True if self.with_execution_id is UNSET else self.with_execution_id
