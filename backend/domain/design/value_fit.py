"""Whether the values can stand where the steps use them: a text for a ratio may still be no ratio."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from backend.domain.design.document import Document, Step
from backend.domain.design.references import LITERAL, ParameterReference, as_reference, is_literal
from backend.domain.design.schema import schema_of
from backend.domain.design.validation import problems_of
from backend.domain.problems import Problem, pointer, problem
from backend.domain.steps.registry import kind_of

Path = tuple[str | int, ...]


def unfit_values(document: Document, values: Mapping[str, Any]) -> Iterator[Problem]:
    """For values of the right types and a document that checks clean. Each value is told once for each step."""
    for step in document.steps:
        for model, raw in _bodies(step):
            yield from _body(model, raw, step.name, values)


def _bodies(step: Step) -> Iterator[tuple[type[BaseModel], Any]]:
    kind = kind_of(step.kind)
    if kind is None:
        return
    yield kind.properties, step.properties
    for output in step.outputs:
        port = kind.outputs.port(output.type)
        if port is not None:
            yield port.config, output.config


def _body(model: type[BaseModel], raw: Any, step: str, values: Mapping[str, Any]) -> Iterator[Problem]:
    places: dict[Path, str] = {}
    filled = _filled(raw, (), values, places)
    if not places:
        return
    try:
        model.model_validate(filled)
    except ValidationError as error:
        told: set[str] = set()
        by_pointer = {pointer(*place): name for place, name in places.items()}
        for found in problems_of(error, schema_of(model)):
            name = _used_at(found.path, by_pointer)
            if name is not None and name not in told:
                told.add(name)
                reason, advice = found.message, found.hint
                yield problem(
                    "value.unfit", pointer("values", name), name=name, step=step, reason=reason, advice=advice
                )


def _used_at(path: str, places: Mapping[str, str]) -> str | None:
    """The placeholder that fills the place of a problem, or something around it."""
    while path:
        if path in places:
            return places[path]
        path = path.rpartition("/")[0]
    return None


def _filled(value: Any, path: Path, values: Mapping[str, Any], places: dict[Path, str]) -> Any:
    """With values for placeholders; other references, and placeholders without a value, stay as they are."""
    if isinstance(value, list):
        return [_filled(entry, (*path, index), values, places) for index, entry in enumerate(value)]
    if not isinstance(value, dict):
        return value
    if is_literal(value):
        return value[LITERAL]
    reference = as_reference(value)
    if isinstance(reference, ParameterReference) and reference.name in values:
        places[path] = reference.name
        return values[reference.name]
    if reference is not None:
        return value
    return {key: _filled(member, (*path, key), values, places) for key, member in value.items()}
