"""What people do to single steps: try again, stop, give the values that it waits for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from backend.apps.accounts.models import User
from backend.apps.runs import store
from backend.apps.runs.models import Run
from backend.apps.runs.services.apply import apply
from backend.apps.runs.services.editing import edit_problems
from backend.apps.runs.services.types import Applied
from backend.domain.design.values import check_values
from backend.domain.run.inputs import ContinueStep, RetryStep, StopStep
from backend.shared.errors import NotFoundError, refuse


def step_retry(
    *,
    run_id: UUID,
    step: str,
    by: User | None,
    values: Mapping[str, Any] | None = None,
    edit: Mapping[str, Any] | None = None,
) -> Applied:
    """A new attempt of a step that failed, with other values or other settings if given; the run goes on from there."""
    _check(run_id, values or {})
    if edit:
        refuse(edit_problems(run_id=run_id, step=step, by=by, edit=edit, values=values or {}))
    return apply(run_id=run_id, given=RetryStep(step, dict(values or {}), _key(by), _name(by), dict(edit or {})))


def step_stop(*, run_id: UUID, step: str, by: User | None) -> Applied:
    """End one step; the others go on as far as they do not depend on it."""
    return apply(run_id=run_id, given=StopStep(step, _key(by)))


def step_continue(*, run_id: UUID, step: str, by: User | None, values: Mapping[str, Any]) -> Applied:
    """Give a waiting step the values that it waits for."""
    _check(run_id, values)
    return apply(run_id=run_id, given=ContinueStep(step, dict(values), _key(by), _name(by)))


def _check(run_id: UUID, values: Mapping[str, Any]) -> None:
    """Only the values that are given now are judged; the others were when they came."""
    run = Run.objects.filter(pk=run_id).only("version_id", "values").first()
    if run is None:
        raise NotFoundError("run")
    if not values:
        return
    found = check_values(store.document_of(run.version_id), {**run.values, **values}, include_delayed=True)
    given = {_escaped(name) for name in values}
    refuse([each for each in found if each.path.split("/")[2:3] and each.path.split("/")[2] in given])


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _key(by: User | None) -> str | None:
    return None if by is None else str(by.pk)


def _name(by: User | None) -> str | None:
    return None if by is None else by.shown_name
