"""Objects with references in them: the properties of a step, the config of an output, data written at an input.

pydantic validates what is written; where a reference stands, its errors are replaced by the question whether what the
reference will be replaced by can stand there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from backend.domain.design.fit import expected_at, fits, format_fits, type_words
from backend.domain.design.references import (
    EXAMPLES,
    LITERAL,
    REFERENCE_KEYS,
    SYSTEM_VARIABLES,
    Malformed,
    ParameterReference,
    Reference,
    StorageReference,
    SystemReference,
    as_reference,
    is_literal,
)
from backend.domain.design.schema import places_at, schema_of
from backend.domain.design.storages import makes_folder, storage_path_is_good
from backend.domain.design.suggest import Suggester
from backend.domain.design.validation import path_of, problems_of
from backend.domain.design.view import View
from backend.domain.problems import Problem, pointer, problem

Path = tuple[str | int, ...]
References = dict[Path, Reference | Malformed]


def body(
    view: View,
    model: type[BaseModel],
    raw: Any,
    path: str,
    *,
    elsewhere: Callable[[Path], bool] = lambda inner: False,
    constant: Collection[str] = (),
) -> Iterator[Problem]:
    """Everything wrong with an object of a model. References `elsewhere` are another rule's business; under the
    top-level keys in `constant` there must be none."""
    references: References = {}
    plain = _plain(raw, (), references)

    def where(inner: Path) -> str:
        return path + pointer(*_written(raw, inner))

    yield from _form(model, plain, references, where)
    for inner, reference in references.items():
        if elsewhere(inner):
            continue
        if isinstance(reference, Malformed):
            yield malformed(reference, where(inner))
        elif not inner or inner[0] in constant:
            yield not_here(reference, where(inner), "a constant")
        else:
            yield from _placed(view, reference, model, inner, where(inner))


def malformed(reference: Malformed, path: str) -> Problem:
    known = "one of " + ", ".join(f"“{key}”" for key in REFERENCE_KEYS)
    form = EXAMPLES.get(reference.key, known)
    meant = None if reference.key in REFERENCE_KEYS else Suggester()(reference.key, REFERENCE_KEYS)
    place = path + pointer(*reference.place)
    return problem("document.bad_reference", place, key=reference.key, form=form, suggestion=meant)


def not_here(reference: Reference, path: str, allowed: str) -> Problem:
    return problem("document.reference_not_here", path, key=key_of(reference), allowed=allowed)


def key_of(reference: Reference) -> str:
    name = type(reference).__name__.removesuffix("Reference")
    return {"AnyOf": "$any_of"}.get(name, "$" + name.lower())


def _plain(value: Any, path: Path, references: References) -> Any:
    """The value with escaped literals unwrapped; references stay, and are listed. Depth is bounded before."""
    if isinstance(value, dict):
        if is_literal(value):
            return value[LITERAL]
        reference = as_reference(value)
        if reference is not None:
            references[path] = reference
            return value
        return {key: _plain(member, (*path, key), references) for key, member in value.items()}
    if isinstance(value, list):
        return [_plain(entry, (*path, index), references) for index, entry in enumerate(value)]
    return value


def _written(raw: Any, path: Path) -> Path:
    """The path in what was written, for a path in what it means: through the escapes."""
    written: list[str | int] = []
    part = raw
    for step in path:
        if is_literal(part):
            written.append(LITERAL)
            part = part[LITERAL]
        if not _has(part, step):
            break
        written.append(step)
        part = part[step]
    return tuple(written)


def _has(part: Any, step: str | int) -> bool:
    if isinstance(part, dict):
        return step in part
    return isinstance(part, list) and isinstance(step, int) and step < len(part)


def _form(
    model: type[BaseModel], plain: Any, references: References, where: Callable[[Path], str]
) -> Iterator[Problem]:
    try:
        model.model_validate(plain)
    except ValidationError as error:
        yield from problems_of(
            error, schema_of(model), where=where, but_not=lambda detail: _is_about_reference(detail, references)
        )


def _is_about_reference(detail: ErrorDetails, references: References) -> bool:
    path = path_of(detail)
    if detail["type"] in ("too_short", "too_long"):
        return _has_good_length(detail)
    if detail["type"] == "extra_forbidden" and path in references:
        return False
    return any(path[:length] in references for length in range(len(path) + 1))


def _has_good_length(detail: ErrorDetails) -> bool:
    """pydantic counts only the entries that were good, and a reference is none to it."""
    count, limits = len(detail["input"]), detail.get("ctx", {})
    return bool(limits.get("min_length", 0) <= count <= limits.get("max_length", count))


def _placed(view: View, reference: Reference, model: type[BaseModel], inner: Path, path: str) -> Iterator[Problem]:
    places = places_at(model, inner)
    if isinstance(reference, ParameterReference):
        yield from _parameter(view, reference, model, inner, path)
    elif isinstance(reference, StorageReference):
        yield from storage(view, reference, path, is_file=any("x-file" in place for place in places))
        if places and not any(place.get("type", "string") == "string" for place in places):
            yield problem("document.storage_unfit", path, expected=expected_at(places))
    elif isinstance(reference, SystemReference):
        yield from _system(view, reference, model, inner, path)
    else:
        yield not_here(reference, path, "a constant, a “$parameter” or a “$storage”")


def _system(
    view: View, reference: SystemReference, model: type[BaseModel], inner: Path, path: str
) -> Iterator[Problem]:
    places = places_at(model, inner)
    if reference.name not in SYSTEM_VARIABLES:
        suggestion = view.suggest(reference.name, SYSTEM_VARIABLES)
        known = ", ".join(SYSTEM_VARIABLES)
        yield problem("document.unknown_system", path, name=reference.name, known=known, suggestion=suggestion)
    elif places and not any(place.get("type", "string") == "string" for place in places):
        yield problem("document.system_unfit", path, name=reference.name, expected=expected_at(places))


def _parameter(
    view: View, reference: ParameterReference, model: type[BaseModel], inner: Path, path: str
) -> Iterator[Problem]:
    name = reference.name
    if name not in view.parameters:
        yield problem("document.unknown_parameter", path, name=name, suggestion=view.suggest(name, view.parameters))
        return
    parameter = view.parameters[name]
    places = places_at(model, inner)
    if parameter is None or not places:
        return
    if not fits(parameter, places):
        yield problem(
            "document.parameter_unfit", path, name=name, type=type_words(parameter), expected=expected_at(places)
        )
    elif not format_fits(parameter, places):
        expected = ", ".join(str(place["x-format"]) for place in places if "x-format" in place)
        yield problem("document.parameter_format", path, name=name, format=parameter.format, expected=expected)
    elif not parameter.required and not parameter.has_default and _is_needed(model, inner):
        yield problem("document.may_be_unset", path, name=name, field=str(inner[-1]))


def _is_needed(model: type[BaseModel], inner: Path) -> bool:
    if any("x-may-be-unset" in place for place in places_at(model, inner)):
        return False
    return any(inner[-1] in place.get("required", ()) for place in places_at(model, inner[:-1]))


def storage(view: View, reference: StorageReference, path: str, *, is_file: bool) -> Iterator[Problem]:
    if reference.name not in view.storages:
        suggestion = view.suggest(reference.name, view.storages)
        yield problem("document.unknown_storage", path, name=reference.name, suggestion=suggestion)
        return
    if not storage_path_is_good(reference.path):
        yield problem("document.storage_path", path, found=reference.path)
        return
    declared = view.storages[reference.name]
    if is_file and reference.path.endswith("/"):
        yield problem("value.not_a_file", path, found=reference.path)
    elif is_file and declared is not None and makes_folder(reference, declared):
        yield problem("document.storage_makes_folder", path, found=reference.path)
