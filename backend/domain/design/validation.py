"""Says pydantic's errors in our words, with a pointer into what was written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from backend.domain.design.schema import Schema, keys_at
from backend.domain.design.versions.migrate import type_name
from backend.domain.problems import Problem, pointer, problem
from backend.domain.steps.words import NAME_PATTERN

Path = tuple[str | int, ...]


def suggestion(wrong: str, known: Sequence[str]) -> str | None:
    """The known name that was probably meant. Long lists are not searched: that would be quadratic in the document."""
    if len(known) > 500 or len(wrong) > 100:
        return None
    return next(iter(get_close_matches(wrong, known, n=1, cutoff=0.6)), None)


def problems_of(
    error: ValidationError, schema: Schema, *, where: Callable[[Path], str] = lambda path: pointer(*path)
) -> list[Problem]:
    """One problem an error, in pydantic's order (which is the order of the fields)."""
    return [_problem(detail, schema, where) for detail in error.errors(include_url=False, include_context=True)]


def _problem(detail: ErrorDetails, schema: Schema, where: Callable[[Path], str]) -> Problem:
    path = tuple(part for part in detail["loc"] if part != "[key]")
    kind = detail["type"]
    context = detail.get("ctx", {})
    given = detail["input"]
    if kind == "missing":
        return problem("document.missing", where(path[:-1]), field=str(path[-1]))
    if kind == "extra_forbidden":
        known = keys_at(schema, path[:-1])
        field = str(path[-1])
        return problem("document.unexpected", where(path), field=field, suggestion=suggestion(field, known))
    if kind in _EXPECTED:
        return problem("document.wrong_type", where(path), expected=_EXPECTED[kind], found=type_name(given))
    return _wrong_value(kind, given, context, where(path))


def _wrong_value(kind: str, given: Any, context: dict[str, Any], path: str) -> Problem:
    found = given if isinstance(given, str) else repr(given)
    if kind == "literal_error":
        choices = context["expected"].replace(" or ", ", ").replace("'", "").split(", ")
        return problem(
            "document.not_a_choice",
            path,
            found=found,
            choices=", ".join(choices),
            suggestion=suggestion(found, choices),
        )
    if kind == "string_pattern_mismatch":
        if context["pattern"] == NAME_PATTERN:
            return problem("document.bad_name", path, found=found)
        return problem("document.bad_form", path, found=found, pattern=context["pattern"])
    if kind in _LENGTHS:
        code, limit = _LENGTHS[kind]
        return problem(code, path, limit=context[limit])
    if kind in _RANGES:
        word, limit = _RANGES[kind]
        return problem("document.out_of_range", path, found=found, rule=f"{word} {context[limit]:g}")
    return problem("document.invalid", path, reason=kind.replace("_", " "))


_EXPECTED = {
    "string_type": "a text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "tuple_type": "a list",
    "list_type": "a list",
}
_LENGTHS = {
    "string_too_short": ("document.text_too_short", "min_length"),
    "string_too_long": ("document.text_too_long", "max_length"),
    "too_short": ("document.too_few", "min_length"),
    "too_long": ("document.too_many", "max_length"),
}
_RANGES = {
    "greater_than": ("more than", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("less than", "lt"),
    "less_than_equal": ("at most", "le"),
}
