"""The values that somebody gives for a workflow's placeholders, before a run or while a step waits for them.

Parameters, data and storages share one space of names. A name that is absent is unset; 0, "", false and null are
values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from backend.domain.design.data_values import data_value_problems, type_of_data
from backend.domain.design.document import Data, Document, Storage
from backend.domain.design.limits import MAX_PROBLEMS
from backend.domain.design.references import DataReference, StorageReference, as_reference, references_in
from backend.domain.design.suggest import Suggester
from backend.domain.design.value_fit import unfit_values
from backend.domain.design.value_types import path_problems, value_problems
from backend.domain.design.versions.migrate import type_name
from backend.domain.problems import Problem, pointer, problem
from backend.domain.steps.registry import kind_of
from backend.domain.untrusted_json import JsonValue, ill_formed


def check_values(
    document: Document, values: Mapping[str, JsonValue], *, include_delayed: bool = False
) -> list[Problem]:
    """Everything wrong with the values for a valid document, with pointers below `/values`. Delayed placeholders may
    still be unset, unless `include_delayed`."""
    if not isinstance(values, Mapping):
        return [problem("value.not_an_object", "/values", found=type_name(values))]
    found = [_below(wrong) for wrong in ill_formed(dict(values))]
    if found:
        return found
    found.extend(_unknown(document, values))
    found.extend(_parameters(document, values, include_delayed))
    found.extend(_data(document, values, include_delayed))
    found.extend(_storages(document, values))
    if not found:
        found.extend(unfit_values(document, effective_values(document, values)))
    return found[:MAX_PROBLEMS]


def effective_values(document: Document, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with defaults and fixed data filled in, by name. What has neither stays absent."""
    effective: dict[str, Any] = {}
    for parameter in document.parameters:
        if parameter.name in values:
            effective[parameter.name] = values[parameter.name]
        elif parameter.has_default:
            effective[parameter.name] = parameter.default
    for data in document.data:
        fixed = data.default if data.placeholder else data.value
        if data.placeholder and data.name in values:
            effective[data.name] = values[data.name]
        elif fixed is not None:
            effective[data.name] = fixed
    for storage in document.storages:
        if storage.name in values:
            effective[storage.name] = values[storage.name]
        elif storage.default is not None:
            effective[storage.name] = storage.default
    return effective


def _below(wrong: Problem) -> Problem:
    return problem(wrong.code, "/values" + wrong.path, **wrong.params)


def _unknown(document: Document, values: Mapping[str, Any]) -> Iterator[Problem]:
    known = [asked.name for group in (document.parameters, document.data, document.storages) for asked in group]
    names = set(known)
    suggest = Suggester()
    for name in values:
        if name not in names:
            yield problem("value.unknown", pointer("values", name), name=name, suggestion=suggest(name, known))


def _parameters(document: Document, values: Mapping[str, Any], include_delayed: bool) -> Iterator[Problem]:
    for parameter in document.parameters:
        path = pointer("values", parameter.name)
        if parameter.name in values:
            yield from value_problems(parameter, values[parameter.name], path)
        elif parameter.required and not parameter.has_default and (include_delayed or not parameter.delay):
            yield problem("value.missing", path, name=parameter.name)


def _data(document: Document, values: Mapping[str, Any], include_delayed: bool) -> Iterator[Problem]:
    versioned = _used_with_version(document)
    for data in document.data:
        path = pointer("values", data.name)
        if data.name not in values:
            if data.placeholder and data.required and not data.has_default and (include_delayed or not data.delay):
                yield problem("value.missing", path, name=data.name)
        elif not data.placeholder:
            yield problem("value.fixed", path, name=data.name)
        else:
            yield from _data_value(data, values[data.name], path, data.name in versioned)


def _data_value(data: Data, value: Any, path: str, versioned: bool) -> Iterator[Problem]:
    if not isinstance(value, Mapping):
        yield problem("value.wrong_type", path, name=data.name, expected="an object", found=type_name(value))
        return
    yield from data_value_problems(data, value, path)
    if versioned and type_of_data(value) == "dataset" and not value.get("version_name"):
        yield problem("value.dataset_version", path, name=data.name)


def _used_with_version(document: Document) -> set[str]:
    """Names of data that some step takes only as a released version."""
    names: set[str] = set()
    for step in document.steps:
        kind = kind_of(step.kind)
        if kind is not None and "dataset" not in kind.inputs.accepts:
            references = (as_reference(given.data) for given in step.inputs)
            names.update(reference.name for reference in references if isinstance(reference, DataReference))
    return names


def _storages(document: Document, values: Mapping[str, Any]) -> Iterator[Problem]:
    used = _used_storages(document)
    for storage in document.storages:
        path = pointer("values", storage.name)
        if storage.name in values:
            yield from storage_root_problems(storage, values[storage.name], path)
        elif storage.default is None and storage.name in used:
            yield problem("value.missing", path, name=storage.name)


def storage_root_problems(storage: Storage, value: Any, path: str) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield problem("value.wrong_type", path, name=storage.name, expected="a text", found=type_name(value))
    else:
        yield from path_problems(value, path, "directory")


def _used_storages(document: Document) -> set[str]:
    return {
        reference.name
        for step in document.steps
        for _, reference in references_in(step)
        if isinstance(reference, StorageReference)
    }
