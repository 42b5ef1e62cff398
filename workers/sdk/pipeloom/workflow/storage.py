"""Storages: roots under which steps write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipeloom.workflow.made import UNSET, Made, Path, Writer
from pipeloom.workflow.values import definition


@dataclass(eq=False)
class StoragePath(Made):
    """What `join` gives: a `path` below a `storage`. `with_execution_id` and `create_dir` are given where they differ
    from the storage's."""

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
    """A root under which steps read or write; where it is gets asked for before a run.

    `name` is unique in the workflow, `title` (default: the name) and `description` are shown on the form. `create_dir`
    (default False) makes the folders of joined paths. `with_execution_id` (default False) puts a folder of the run's
    own into each path. Each holds by itself, although the source says that the second needs the first: its own
    examples differ. `default` is the root, like "/bucket/folder/". List every storage that is used in
    `Workflow(storages=…)`.
    """

    name: str
    title: Any = UNSET
    description: Any = UNSET
    create_dir: Any = UNSET
    with_execution_id: Any = UNSET
    default: Any = UNSET

    def join(self, path: str, with_execution_id: Any = UNSET, create_dir: Any = UNSET) -> StoragePath:
        """A path below the root; “/” at its beginning means the root, too. The flags hold for this path instead of the
        storage's own: `join("run/metrics.json", create_dir=False)` names a file in a folder that another path
        makes."""
        return StoragePath(self, path, with_execution_id, create_dir)

    def written(self, into: Writer, path: Path) -> Any:
        """As an entry of the workflow's list; where a path is wanted, the root itself."""
        return {"$storage": {"name": self.name}}

    def definition(self, into: Writer) -> dict[str, Any]:
        """As an entry of the workflow's list of storages."""
        return definition(self, into)


@dataclass(eq=False)
class InputStorage(Storage):
    """A Storage that joins paths and nothing else: both flags are False unless given. Root “/root/” and `join("data")`
    make “/root/data”."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.create_dir = False if self.create_dir is UNSET else self.create_dir
        self.with_execution_id = False if self.with_execution_id is UNSET else self.with_execution_id


@dataclass(eq=False)
class OutputStorage(Storage):
    """A Storage with a folder of its own for each run, which is made: both flags are True unless given. Root “/root/”
    and `join("out/")` make “/root/<run>/out/”."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.create_dir = True if self.create_dir is UNSET else self.create_dir
        self.with_execution_id = True if self.with_execution_id is UNSET else self.with_execution_id
