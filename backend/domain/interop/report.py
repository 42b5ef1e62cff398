"""What became of a file that was converted: everything that was changed or left out on the way, with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from backend.domain.problems import Problem, pointer, problem

Raw = dict[str, Any]
Path = tuple[str | int, ...]


@dataclass(slots=True)
class Report:
    """`mapped` counts what was taken over as it was; `notes` point into what was read."""

    mapped: int = 0
    notes: list[Problem] = field(default_factory=list)

    def dropped(self, path: Path, what: str) -> None:
        self.notes.append(problem("interop.dropped", pointer(*path), what=what))

    def approximated(self, path: Path, what: str, became: str) -> None:
        self.notes.append(problem("interop.approximated", pointer(*path), what=what, became=became))

    def unknown_reference(self, path: Path, found: str) -> None:
        self.notes.append(problem("interop.unknown_reference", pointer(*path), found=found))


@dataclass(frozen=True, slots=True)
class Converted:
    """`raw` may have problems of its own; `check` tells them. None: the file is of another kind altogether."""

    raw: Raw
    report: Report


def objects(value: Any, key: str, path: Path, report: Report) -> Iterator[tuple[Path, Raw]]:
    """The objects of a list that should hold nothing else."""
    listed = value.get(key) if isinstance(value, dict) else None
    if listed is None:
        return
    if not isinstance(listed, list):
        report.dropped((*path, key), key)
        return
    for index, entry in enumerate(listed):
        if isinstance(entry, dict):
            yield (*path, key, index), entry
        else:
            report.dropped((*path, key, index), key)


def leftovers(entry: Raw, known: frozenset[str], path: Path, report: Report) -> None:
    """Whatever nobody asked for is told, unless it says nothing."""
    for key, value in entry.items():
        if key not in known and value not in (None, "", [], {}):
            report.dropped((*path, key), key)
