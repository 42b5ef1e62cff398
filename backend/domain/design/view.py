"""A document as it is, read tolerantly: whatever has the right shape, beside parts that have not.

Rules about meaning read this instead of the strict models, so that one wrong part does not hide what is wrong with the
others. Names that are known but whose definition is broken do not make references to them dangle.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from backend.domain.design.document import Data, Parameter, Storage
from backend.domain.design.graph import Graph, graph_from
from backend.domain.design.suggest import Suggester
from backend.domain.problems import pointer
from backend.domain.steps.base import StepKind
from backend.domain.steps.registry import kind_of

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Part:
    """An object in a list of the document. Its name is None where it has none, or none that is a text."""

    path: str
    raw: Mapping[str, Any]
    name: str | None


@dataclass(frozen=True, slots=True)
class StepPart(Part):
    kind: StepKind | None
    inputs: tuple[Part, ...]
    outputs: tuple[Part, ...]
    outputs_by_name: Mapping[str, Part]
    depends_on: tuple[tuple[str, str], ...]
    """Pointer and name, as written."""


@dataclass(frozen=True)
class View:
    raw: Mapping[str, Any]
    parameters: dict[str, Parameter | None] = field(default_factory=dict)
    data: dict[str, Data | None] = field(default_factory=dict)
    storages: dict[str, Storage | None] = field(default_factory=dict)
    steps: tuple[StepPart, ...] = ()
    by_name: dict[str, StepPart] = field(default_factory=dict)
    suggest: Suggester = field(default_factory=Suggester)

    @cached_property
    def graph(self) -> Graph:
        return graph_from({name: [parent for _, parent in step.depends_on] for name, step in self.by_name.items()})

    def comes_before(self, earlier: str, later: str) -> bool:
        """Whether a step is an ancestor. Steps behind a cycle have no settled ancestors: the cycle is what is told."""
        mask = self._ancestors.get(later)
        return mask is None or bool(mask >> self._place[earlier] & 1)

    @cached_property
    def _place(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.graph.parents)}

    @cached_property
    def _ancestors(self) -> dict[str, int]:
        """A set of steps as the bits of one number: thousands of ancestor questions stay cheap."""
        masks: dict[str, int] = {}
        for name in self.graph.order:
            mask = 0
            for parent in self.graph.parents[name]:
                mask |= masks[parent] | 1 << self._place[parent]
            masks[name] = mask
        return masks


def view_of(raw: Mapping[str, Any]) -> View:
    steps = tuple(_step(part) for part in parts(raw, "", "steps"))
    by_name: dict[str, StepPart] = {}
    for step in steps:
        if step.name is not None:
            by_name.setdefault(step.name, step)
    return View(
        raw,
        _models(raw, "parameters", Parameter),
        _models(raw, "data", Data),
        _models(raw, "storages", Storage),
        steps,
        by_name,
    )


def parts(raw: Mapping[str, Any], path: str, key: str) -> Iterator[Part]:
    """The objects of a list, with their pointers."""
    listed = raw.get(key)
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, dict):
            name = entry.get("name")
            yield Part(f"{path}/{key}/{index}", entry, name if isinstance(name, str) else None)


def texts(raw: Mapping[str, Any], path: str, key: str) -> Iterator[tuple[str, str]]:
    """The texts of a list, with their pointers."""
    listed = raw.get(key)
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, str):
            yield f"{path}{pointer(key, index)}", entry


def _step(part: Part) -> StepPart:
    kind = part.raw.get("kind")
    outputs = tuple(parts(part.raw, part.path, "outputs"))
    return StepPart(
        part.path,
        part.raw,
        part.name,
        kind_of(kind) if isinstance(kind, str) else None,
        tuple(parts(part.raw, part.path, "inputs")),
        outputs,
        {output.name: output for output in reversed(outputs) if output.name is not None},
        tuple(texts(part.raw, part.path, "depends_on")),
    )


def _models(raw: Mapping[str, Any], key: str, model: type[Model]) -> dict[str, Model | None]:
    found: dict[str, Model | None] = {}
    for part in parts(raw, "", key):
        if part.name is not None and part.name not in found:
            found[part.name] = read_as(model, part.raw)
    return found


def read_as(model: type[Model], raw: Mapping[str, Any]) -> Model | None:
    try:
        return model.model_validate(raw)
    except ValidationError:
        return None
