"""Everything that is wrong with a document: the same answer for saving, forms, API, SDK and import."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from itertools import islice
from typing import Any

from pydantic import ValidationError

from backend.domain.design.catalogue import Catalogue, available
from backend.domain.design.document import Document
from backend.domain.design.limits import (
    MAX_DEPTH,
    MAX_DOCUMENT_ITEMS,
    MAX_EDGES,
    MAX_PLACEHOLDERS,
    MAX_PROBLEMS,
    MAX_STEPS,
)
from backend.domain.design.rules.conditions import conditions
from backend.domain.design.rules.flow import flow
from backend.domain.design.rules.groups import groups
from backend.domain.design.rules.inputs import inputs
from backend.domain.design.rules.names import ids, names
from backend.domain.design.rules.placeholders import placeholders
from backend.domain.design.rules.places import places
from backend.domain.design.rules.steps import steps
from backend.domain.design.schema import schema_of
from backend.domain.design.validation import problems_of
from backend.domain.design.versions.migrate import migrated
from backend.domain.design.view import view_of
from backend.domain.problems import Problem, problem
from backend.domain.untrusted_json import ill_formed

RULES = (ids, names, placeholders, flow, steps, inputs, places, conditions, groups)

_MATTERS_TO_A_DRAFT = frozenset({"document.missing", "document.unexpected", "document.wrong_type"})


def check(raw: object, *, catalogue: Catalogue | None = None) -> list[Problem]:
    """All problems of a document, each with a pointer to its place or to what should hold it; none: it can be released
    and run. Never raises for a JSON value, however wrong, and takes time in proportion to its size."""
    return _first(_checked(raw, catalogue))


def well_formed(raw: object) -> list[Problem]:
    """What keeps a document from being kept as a draft: not JSON, no document, or not of its shape. Dangling
    references, unfinished properties and doubtful names do not."""
    return _first(_shaped(raw))


def too_much(raw: object) -> bool:
    """Whether a JSON value is no JSON, or more than any workflow may hold: nobody should begin to convert it."""
    barred = next(iter(ill_formed(raw, max_depth=MAX_DEPTH, max_items=MAX_DOCUMENT_ITEMS)), None)
    return barred is not None or not isinstance(raw, dict) or bool(list(_too_large(raw)))


def _checked(raw: object, catalogue: Catalogue | None) -> Iterator[Problem]:
    current = yield from _readable(raw)
    if current is None:
        return
    yield from _form(current)
    view = view_of(current)
    for rule in RULES:
        yield from rule(view)
    if catalogue is not None:
        yield from available(view, catalogue)


def _shaped(raw: object) -> Iterator[Problem]:
    current = yield from _readable(raw)
    if current is not None:
        for found in _form(current):
            if found.code in _MATTERS_TO_A_DRAFT:
                yield found
        yield from ids(view_of(current))


def _readable(raw: object) -> Generator[Problem, None, dict[str, Any] | None]:
    """Yields problems and returns the document in today's form, or None where it cannot be looked into. What is no JSON
    comes through no reader of ours; looking further into it could only go wrong."""
    barred = False
    for found in ill_formed(raw, max_depth=MAX_DEPTH, max_items=MAX_DOCUMENT_ITEMS):
        barred = True
        yield found
    if barred:
        return None
    current, problems = migrated(raw)
    yield from problems
    if current is None:
        return None
    too_large = list(_too_large(current))
    yield from too_large
    return None if too_large else current


def _too_large(raw: Mapping[str, Any]) -> Iterator[Problem]:
    listed = _list(raw, "steps")
    if len(listed) > MAX_STEPS:
        yield problem("document.too_many_steps", "/steps", count=len(listed), limit=MAX_STEPS)
    edges = sum(len(_list(step, "depends_on")) for step in listed)
    if edges > MAX_EDGES:
        yield problem("document.too_many_edges", "/steps", count=edges, limit=MAX_EDGES)
    placeholders_count = sum(len(_list(raw, key)) for key in ("parameters", "data", "storages"))
    if placeholders_count > MAX_PLACEHOLDERS:
        yield problem("document.too_many_placeholders", count=placeholders_count, limit=MAX_PLACEHOLDERS)


def _list(value: Any, key: str) -> list[Any]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def _form(raw: Mapping[str, Any]) -> Iterator[Problem]:
    try:
        Document.model_validate(raw)
    except ValidationError as error:
        yield from problems_of(error, schema_of(Document))


def _first(problems: Iterator[Problem]) -> list[Problem]:
    """In order, each once, and not more than anybody reads."""
    found = list(islice(_once(problems), MAX_PROBLEMS + 1))
    if len(found) > MAX_PROBLEMS:
        found[MAX_PROBLEMS] = problem("document.more_problems", limit=MAX_PROBLEMS)
    return found


def _once(problems: Iterator[Problem]) -> Iterator[Problem]:
    seen: set[tuple[str, str, str]] = set()
    for found in problems:
        key = (found.code, found.path, found.message)
        if key not in seen:
            seen.add(key)
            yield found
