"""Carries an older document forward, version by version, in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from backend.domain.design.document import SCHEMA
from backend.domain.problems import Problem, problem

Migration = Callable[[dict[str, Any]], dict[str, Any]]

MIGRATIONS: Final[Mapping[int, Migration]] = {}
"""From which version: how to get to the next. A new one gets its own module here and a golden file in the tests."""


def migrated(
    raw: object, *, migrations: Mapping[int, Migration] = MIGRATIONS, newest: int = SCHEMA
) -> tuple[dict[str, Any] | None, list[Problem]]:
    """The document in the newest form. One that is newer than this program, or no object, is refused; a version that
    is missing or no number is left for the form's own check to report."""
    if not isinstance(raw, dict):
        return None, [problem("document.not_an_object", found=type_name(raw))]
    version = raw.get("schema")
    if isinstance(version, bool):
        # True is equal to 1, and is no number of a version.
        expected, found = "a whole number", type_name(version)
        return None, [problem("document.wrong_type", "/schema", expected=expected, found=found)]
    if not isinstance(version, int):
        return raw, []
    if version > newest:
        return None, [problem("document.newer_schema", "/schema", found=version, known=newest)]
    current = raw
    while version < newest:
        step = migrations.get(version)
        if step is None:
            return None, [problem("document.unknown_schema", "/schema", found=version, known=newest)]
        version += 1
        current = {**step(current), "schema": version}
    return current, []


def type_name(value: object) -> str:
    """What a JSON value is, in words."""
    if value is None:
        return "null"
    names: tuple[tuple[type, str], ...] = (
        (bool, "true or false"),
        (int, "a whole number"),
        (float, "a number"),
        (str, "a text"),
        (list, "a list"),
        (dict, "an object"),
    )
    return next((name for kind, name in names if isinstance(value, kind)), type(value).__name__)
