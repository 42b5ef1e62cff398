"""Reads across runs: counts by state, labels, and steps of many runs beside each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db.models import Count, F, Func, OuterRef, QuerySet, Subquery, TextField

from backend.apps.accounts.models import Asker
from backend.apps.runs.models import Run, StepRun
from backend.apps.runs.selectors import todo_of
from backend.apps.workflows.models import Workflow

NEVER = "never"


class _Each(Func):
    """A row for each text of a list."""

    function = "jsonb_array_elements_text"
    set_returning = True
    output_field = TextField()


def overview_of(user: Asker, *, project: Any = None) -> dict[str, Any]:
    """Of the workflows that the person sees, by the state of their newest run."""
    newest = Run.objects.filter(workflow=OuterRef("pk")).order_by("-number").values("state")[:1]
    rows = Workflow.objects.for_user(user).annotate(newest=Subquery(newest))
    waiting = todo_of(user)
    if project is not None:
        rows, waiting = rows.filter(project_id=project), waiting.filter(run__project_id=project)
    stat = Counter(state or NEVER for state in rows.values_list("newest", flat=True))
    return {"total": stat.total(), "stat": dict(sorted(stat.items())), "waiting": waiting.count()}


def labels_of(user: Asker, *, project: Any = None, workflow: Any = None) -> list[dict[str, Any]]:
    rows = Run.objects.for_user(user).exclude(labels=[])
    if project is not None:
        rows = rows.filter(project_id=project)
    if workflow is not None:
        rows = rows.filter(workflow_id=workflow)
    counted = rows.order_by().annotate(label=_Each(F("labels"))).values("label").annotate(count=Count("pk"))
    return list(counted)


def steps_of(
    user: Asker,
    *,
    workflow: Any,
    step: str | None = None,
    kind: str | None = None,
    state: str | None = None,
    run_state: str | None = None,
    runs: Sequence[Any] | None = None,
    label: str | None = None,
) -> QuerySet[StepRun]:
    rows: QuerySet[StepRun] = StepRun.objects.for_user(user).filter(run__workflow_id=workflow)
    columns = {"name": step, "kind": kind, "state": state, "run__state": run_state, "run_id__in": runs}
    rows = rows.filter(**{column: wanted for column, wanted in columns.items() if wanted is not None})
    if label is not None:
        rows = rows.filter(run__labels__contains=[label])
    return rows.select_related("run")
