"""Scenes, parts of a workflow that can be run by themselves, and subgraphs, which are folded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from pipeloom.workflow.made import UNSET, Made, Path, Writer, kind_told, listed

__all__ = ["Policy", "Scene"]


@dataclass(eq=False, kw_only=True)
class Named(Made):
    """What stands for itself wherever the name of a step is wanted."""

    name: str


@dataclass(eq=False)
class Scene(Made):
    """A named part of the workflow that can be run by itself: `scene_steps`, objects or names, one or a list, under
    `scene_name`; `description` is Pipeloom's own. A step may be in several scenes. What its steps need from others
    is bound to an earlier run's results when it is started; a check warns about that."""

    scene_name: str
    scene_steps: Any
    description: Any = UNSET

    json_names: ClassVar[dict[str, str]] = {"scene_name": "name", "scene_steps": "steps"}
    lists = frozenset({"scene_steps"})

    def written(self, into: Writer, path: Path) -> Any:
        return group_written(self, into)


@dataclass(eq=False)
class Policy(Made):
    """The `scenes` of a workflow, one or a list. They are off until whoever starts a run chooses one."""

    scenes: Any = UNSET
    lists = frozenset({"scenes"})


@dataclass(eq=False)
class Subgraph(Made):
    """Steps under one `name`, folded on the canvas; `steps` are objects or names, `description` is shown with them.
    How it is called, and what it does, is not documented by the source."""

    name: str
    steps: Any
    description: Any = UNSET

    lists = frozenset({"steps"})

    def written(self, into: Writer, path: Path) -> Any:
        return group_written(self, into)


def group_written(group: Made, into: Writer) -> dict[str, Any]:
    """As an entry of the document's list: its steps by name."""
    made = dict(group.given())
    return {**{key: into.plain(made[key], ()) for key in made}, "steps": names_of(made["steps"], group)}


def names_of(steps: Any, owner: Made) -> list[str]:
    """The names of steps that are given as objects or by name."""
    names: list[str] = []
    for each in listed(steps):
        name = each.name if isinstance(each, Named) else each
        if not isinstance(name, str):
            raise owner.refuse(f"Here should be a step or the name of one, not {kind_told(each)}.")
        names.append(name)
    return names
