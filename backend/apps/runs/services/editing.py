"""Other settings for a step before it is tried again: all that speaks against them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from backend.apps.accounts.models import User
from backend.apps.runs import store
from backend.apps.runs.models import Run, StepRun
from backend.apps.runs.services.planning import MISSING, Place, steps_problems
from backend.domain.design.check import check
from backend.domain.design.document import Document
from backend.domain.design.load import dumped, parse_document
from backend.domain.design.values import check_values
from backend.domain.problems import Problem, pointer
from backend.domain.run.edits import document_as_edited, graph_changes
from backend.domain.run.part import Part, Wanted
from backend.domain.run.plan import Plan, make_plan, values_used
from backend.domain.run.resources import Resources
from backend.shared.errors import NotFoundError

HERE = "/step"
"""Where a request holds what is otherwise."""


def edit_problems(
    *, run_id: UUID, step: str, by: User | None, edit: Mapping[str, Any], values: Mapping[str, Any]
) -> list[Problem]:
    """The whole document is looked at with the step as it would be, so that nothing comes in by the back door that
    could not have been released; what is told is what concerns the step."""
    run = Run.objects.select_related("project", "parent").filter(pk=run_id).first()
    if run is None:
        raise NotFoundError("run")
    document = _as_it_is(run)
    definition = document.step(step)
    if definition is None:
        return []
    changed = [replace(each, path=HERE + each.path) for each in graph_changes(definition, edit)]
    raw = dumped(document)
    index = document.steps.index(definition)
    raw["steps"][index] = {**raw["steps"][index], **edit}
    found = list(_concerning(index, check(raw)))
    parsed = None if found or changed else parse_document(raw)[0]
    if parsed is None:
        return [*changed, *found]
    return [*_unrunnable(run, parsed, step, {**run.values, **values}, index, by)]


def _as_it_is(run: Run) -> Document:
    rows = StepRun.objects.filter(run=run, edited__isnull=False).values_list("name", "edited")
    return document_as_edited(store.document_of(run.version_id), dict(rows))


def _unrunnable(
    run: Run, document: Document, step: str, values: Mapping[str, Any], index: int, by: User | None
) -> Iterator[Problem]:
    plan = _plan_of_one(run, document, step, values)
    used = values_used(plan.steps[step].definition)
    for each in check_values(document, values):
        if each.code == MISSING and each.params["name"] in used:
            yield each
    place = Place(run.workflow_id, run.project, by, _levels(run))
    yield from _concerning(index, steps_problems(place=place, document=document, plan=plan))


def _plan_of_one(run: Run, document: Document, step: str, values: Mapping[str, Any]) -> Plan:
    flavors = {name: Resources(**given) for name, given in run.flavors.items()}
    part = Part(Wanted((step,), "only"), frozenset({step}))
    return make_plan(document, values, flavors=flavors, part=part)


def _levels(run: Run) -> int:
    found, above = 1, run.parent
    while above is not None:
        found, above = found + 1, above.parent
    return found


def _concerning(index: int, problems: Iterable[Problem]) -> Iterator[Problem]:
    """Those of one step, with pointers into the request."""
    place = pointer("steps", index)
    for each in problems:
        if each.severity == "error" and (each.path == place or each.path.startswith(place + "/")):
            yield replace(each, path=HERE + each.path.removeprefix(place))
