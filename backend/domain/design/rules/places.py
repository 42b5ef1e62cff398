"""Places that steps write: no two steps may write inside each other.

An output is put into its place whole, and what was there goes. So a step that writes `/runs/` would take away what
another wrote to `/runs/train/`. Only what is known before a run is compared here: literal paths, and paths of storages
as their defaults say; the rest is refused when it happens. Branches that exclude each other count too: what an
earlier run left there is lost all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from backend.domain.design.references import LITERAL, StorageReference, as_reference, is_literal
from backend.domain.design.view import Part, View
from backend.domain.problems import Problem, pointer, problem

_OWN_FOLDER = "\0"
"""Stands for the folder of the run, which has another name in every run."""


@dataclass(frozen=True, slots=True)
class _Place:
    base: str
    parts: tuple[str, ...]
    step: str
    order: int
    path: str
    """Where the document says so."""
    shown: str

    def holds(self, other: _Place) -> bool:
        return self.base == other.base and other.parts[: len(self.parts)] == self.parts


def places(view: View) -> Iterator[Problem]:
    """Sorted, what lies inside a place follows it at once: one walk with the places around it on a stack."""
    around: list[_Place] = []
    told: set[tuple[str, str]] = set()
    for place in sorted(_written(view), key=lambda each: (each.base, each.parts, each.order)):
        while around and not around[-1].holds(place):
            around.pop()
        other = next((each for each in reversed(around) if each.step != place.step), None)
        if other is not None:
            first, last = sorted((other, place), key=lambda each: each.order)
            if (first.step, last.step) not in told:
                told.add((first.step, last.step))
                yield _overlap(first, last)
        if not around or (around[-1].step, around[-1].parts) != (place.step, place.parts):
            around.append(place)


def _overlap(first: _Place, last: _Place) -> Problem:
    return problem(
        "document.overlapping_outputs",
        last.path,
        step=last.step,
        place=last.shown,
        other=first.step,
        other_place=first.shown,
    )


def _written(view: View) -> Iterator[_Place]:
    order = 0
    for step in view.steps:
        for output in step.outputs:
            for path, value in _values(output):
                order += 1
                found = _parts(view, value)
                if step.name is not None and found is not None:
                    base, parts, shown = found
                    yield _Place(base, parts, step.name, order, path, shown)


def _values(output: Part) -> Iterator[tuple[str, Any]]:
    """What an output names as its place: the folder of a result, and each file of metrics."""
    config = output.raw.get("config")
    if not isinstance(config, dict):
        return
    if output.raw.get("type") == "obs":
        yield output.path + "/config/obs_path", config.get("obs_path")
    files = config.get("metric_files")
    if output.raw.get("type") == "metrics" and isinstance(files, list):
        for index, file in enumerate(files):
            yield output.path + pointer("config", "metric_files", index), file


def _parts(view: View, value: Any) -> tuple[str, tuple[str, ...], str] | None:
    """Base, parts below it, and how people read it; None where it is not known before the run."""
    if is_literal(value):
        value = value[LITERAL]
    if isinstance(value, str):
        return ("", _split(value), value) if value.startswith("/") else None
    reference = as_reference(value)
    storage = view.storages.get(reference.name) if isinstance(reference, StorageReference) else None
    if storage is None or not isinstance(reference, StorageReference):
        return None
    own = storage.with_execution_id if reference.with_execution_id is None else reference.with_execution_id
    below = ((_OWN_FOLDER,) if own else ()) + _split(reference.path)
    shown = f"{reference.name}: {reference.path or '/'}"
    if storage.default is None:
        return reference.name, below, shown
    return "", _split(storage.default) + below, shown


def _split(path: str) -> tuple[str, ...]:
    return tuple(part for part in path.split("/") if part)
