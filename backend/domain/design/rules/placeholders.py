"""Placeholders, data and storages: each by itself."""

from __future__ import annotations

from collections.abc import Iterator

from backend.domain.design.data_values import data_value_problems
from backend.domain.design.document import Data, Parameter, Storage
from backend.domain.design.json_kinds import kind_of_value
from backend.domain.design.references import Malformed, ParameterReference, as_reference
from backend.domain.design.rules.bodies import malformed, not_here
from backend.domain.design.value_types import FORMATS_OF_TYPE, path_problems, value_problems
from backend.domain.design.versions.migrate import type_name
from backend.domain.design.view import View, parts, read_as
from backend.domain.problems import Problem, problem


def placeholders(view: View) -> Iterator[Problem]:
    for part in parts(view.raw, "", "parameters"):
        parameter = read_as(Parameter, part.raw)
        if parameter is not None:
            yield from _parameter(parameter, part.path)
    for part in parts(view.raw, "", "data"):
        data = read_as(Data, part.raw)
        if data is not None:
            yield from _data(data, part.path)
            yield from _selector(data, part.path)
            yield from _data_conditions(view, data, part.path)
    for part in parts(view.raw, "", "storages"):
        storage = read_as(Storage, part.raw)
        if storage is not None and storage.default is not None:
            yield from path_problems(storage.default, part.path + "/default", "directory")


def _parameter(parameter: Parameter, path: str) -> Iterator[Problem]:
    yield from _format(parameter, path)
    yield from _choices(parameter, path)
    if parameter.constraint and not _constrains(parameter):
        yield problem("document.constraint_unused", path + "/constraint", name=parameter.name, type=parameter.type)
    if parameter.delay and not parameter.required:
        yield problem("document.delay_optional", path + "/required", name=parameter.name)
    if parameter.has_default and (parameter.type != "ENUM" or parameter.enum):
        yield from value_problems(parameter, parameter.default, path + "/default")


def _constrains(parameter: Parameter) -> bool:
    """Flavors are narrowed by what the hosts have, numbers by their range."""
    return parameter.type in ("INT", "FLOAT", "JSON") or parameter.format in ("flavor", "train_flavor")


def _format(parameter: Parameter, path: str) -> Iterator[Problem]:
    allowed = FORMATS_OF_TYPE.get(parameter.type, ())
    if parameter.format is None:
        if parameter.type == "LIST":
            yield problem("document.list_format", path, name=parameter.name)
    elif parameter.format not in allowed:
        shown = ", ".join(allowed) or "none"
        yield problem(
            "document.format_unfit", path + "/format", format=parameter.format, type=parameter.type, allowed=shown
        )


def _choices(parameter: Parameter, path: str) -> Iterator[Problem]:
    if parameter.type != "ENUM":
        if parameter.enum:
            yield problem("document.enum_unused", path + "/enum", name=parameter.name)
        return
    if not parameter.enum:
        yield problem("document.enum_empty", path, name=parameter.name)
    seen: set[tuple[str, object]] = set()
    for index, choice in enumerate(parameter.enum):
        place = f"{path}/enum/{index}"
        kind = kind_of_value(choice)
        if kind in ("null", "list", "object"):
            yield problem("document.enum_value", place, found=type_name(choice))
        elif (kind, choice) in seen:
            yield problem("document.enum_duplicate", place, found=str(choice))
        else:
            seen.add((kind, choice))


def _selector(data: Data, path: str) -> Iterator[Problem]:
    if data.type != "data_selector":
        if data.data_type_list:
            yield problem("document.selector_unused", path + "/data_type_list", name=data.name)
    elif not data.data_type_list:
        yield problem("document.selector_empty", path, name=data.name)
    elif not data.placeholder:
        yield problem("document.selector_fixed", path + "/placeholder", name=data.name)


def _data_conditions(view: View, data: Data, path: str) -> Iterator[Problem]:
    for index, condition in enumerate(data.conditions):
        place = f"{path}/conditions/{index}/value"
        reference = as_reference(condition.value)
        if isinstance(reference, Malformed):
            yield malformed(reference, place)
        elif isinstance(reference, ParameterReference):
            if reference.name not in view.parameters:
                meant = view.suggest(reference.name, view.parameters)
                yield problem("document.unknown_parameter", place, name=reference.name, suggestion=meant)
        elif reference is not None:
            yield not_here(reference, place, "a constant or a “$parameter”")


def _data(data: Data, path: str) -> Iterator[Problem]:
    if data.placeholder:
        if data.value is not None:
            yield problem("document.placeholder_with_value", path + "/value", name=data.name)
        if data.delay and not data.required:
            yield problem("document.delay_optional", path + "/required", name=data.name)
    elif data.value is None:
        yield problem("document.fixed_without_value", path, name=data.name)
    elif data.delay:
        yield problem("document.fixed_delayed", path + "/delay", name=data.name)
    for key, given in (("default", data.default), ("value", data.value)):
        if given is not None:
            yield from data_value_problems(data, given, f"{path}/{key}")
