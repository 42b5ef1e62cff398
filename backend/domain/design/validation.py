"""Says pydantic's errors in our words, with a pointer into what was written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from backend.domain.design.limits import MAX_PROBLEMS
from backend.domain.design.schema import Schema, keys_at
from backend.domain.design.suggest import Suggester
from backend.domain.design.versions.migrate import type_name
from backend.domain.problems import Problem, pointer, problem
from backend.domain.steps.words import FORMS, NAME_PATTERN

Path = tuple[str | int, ...]


def problems_of(
    error: ValidationError,
    schema: Schema,
    *,
    where: Callable[[Path], str] = lambda path: pointer(*path),
    but_not: Callable[[ErrorDetails], bool] = lambda detail: False,
) -> list[Problem]:
    """One problem an error, in the order of the fields; `but_not` leaves some out."""
    suggest = Suggester()
    details = [detail for detail in error.errors(include_url=False) if not but_not(detail)]
    return [_problem(detail, schema, where, suggest) for detail in details[:MAX_PROBLEMS]]


def path_of(detail: ErrorDetails) -> Path:
    """Where an error is. A wrong key is told at its entry."""
    return tuple(part for part in detail["loc"] if part != "[key]")


def _problem(detail: ErrorDetails, schema: Schema, where: Callable[[Path], str], suggest: Suggester) -> Problem:
    path = path_of(detail)
    kind = detail["type"]
    if kind == "missing":
        return problem("document.missing", where(path[:-1]), field=str(path[-1]))
    if kind == "extra_forbidden":
        field = str(path[-1])
        meant = suggest(field, keys_at(schema, path[:-1]))
        return problem("document.unexpected", where(path), field=field, suggestion=meant)
    if kind in _EXPECTED:
        given = detail["input"]
        # 1.0 is a number, and so is 1: that would not say what is wrong.
        found = "a number with a decimal point" if kind == "int_type" and isinstance(given, float) else type_name(given)
        return problem("document.wrong_type", where(path), expected=_EXPECTED[kind], found=found)
    return _wrong_value(kind, detail["input"], detail.get("ctx", {}), where(path), suggest)


def _wrong_value(kind: str, given: Any, context: dict[str, Any], path: str, suggest: Suggester) -> Problem:
    found = str(given) if isinstance(given, (str, int, float)) else type_name(given)
    if kind == "literal_error":
        choices = context["expected"].replace(" or ", ", ").replace("'", "").split(", ")
        if found in choices:
            return problem("document.wrong_type", path, expected=f"the number {found}", found=type_name(given))
        meant = suggest(found, choices)
        return problem("document.not_a_choice", path, found=found, choices=", ".join(choices), suggestion=meant)
    if kind == "string_pattern_mismatch":
        if context["pattern"] == NAME_PATTERN:
            return problem("document.bad_name", path, found=found)
        form = FORMS.get(context["pattern"], f"It must match {context['pattern']}.")
        return problem("document.bad_form", path, found=found, form=form)
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
