"""The one write path, and the run as a whole: create, stop, run again, delete."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from backend.apps.accounts.models import User
from backend.apps.runs import store
from backend.apps.runs.models import Run, StepRun, Task
from backend.apps.runs.services import work
from backend.apps.runs.services.planning import Inside, Place, planned
from backend.apps.runs.services.types import Applied
from backend.apps.runs.services.unit import Work
from backend.apps.workflows.models import WorkflowVersion
from backend.domain.design.document import Data, Parameter
from backend.domain.problems import problem
from backend.domain.run.inputs import Input, StartRun, StopRun
from backend.domain.run.machine import create
from backend.domain.run.part import Wanted, part_as_json, part_from_json
from backend.domain.run.plan import Plan
from backend.domain.run.states import RUN_TERMINAL
from backend.shared.clock import uuid7
from backend.shared.db import db_now
from backend.shared.errors import ProductError, refuse


def apply(*, run_id: UUID, given: Input) -> Applied:
    """One input to one run: lock, decide, write, place; hints go out on commit. Stale inputs change nothing."""
    decision, applied = work.run_change(run_id, lambda change: change.give(given))
    if decision.problem is not None:
        raise work.refused(decision.problem)
    return replace(applied, stale=decision.stale)


def run_create(
    *,
    version: WorkflowVersion,
    values: Mapping[str, Any],
    by: User | None,
    origin: Run | None = None,
    name: str = "",
    labels: Iterable[str] = (),
    wanted: Wanted | None = None,
    inside: Inside | None = None,
) -> Run:
    """Start a run of a version, or of some of its steps. What no host could ever serve is refused beforehand."""
    document = store.document_of(version.pk)
    place = Place(version.workflow_id, version.workflow.project, by, inside.levels() if inside else 1)
    found = planned(place=place, document=document, values=values, wanted=wanted)
    refuse(found.problems)
    plan = found.plan
    run = Run(
        id=uuid7(),
        project_id=version.workflow.project_id,
        workflow_id=version.workflow_id,
        version=version,
        name=name,
        values=dict(plan.values),
        first_values=dict(values),
        flavors=found.flavors,
        boxed=sorted(found.boxed),
        part=part_as_json(found.choice.part) if found.choice else None,
        labels=sorted(set(labels)),
        origin=origin,
        parent=inside.run if inside else None,
        parent_step=inside.step if inside else "",
        parent_attempt=inside.attempt if inside else None,
        created_by=by,
    )
    with transaction.atomic():
        _begin(run, plan)
    run.refresh_from_db(fields=["state", "seq", "started_at", "finished_at"])
    return run


def _begin(run: Run, plan: Plan) -> None:
    now = db_now()
    run.number, run.created_at = _next_number(run.workflow_id), now
    about = {"by": str(run.created_by_id) if run.created_by_id else None, "number": run.number}
    snapshot, created = create(plan, run_id=str(run.pk), now=now, data=about)
    run.save(force_insert=True)
    StepRun.objects.bulk_create(
        [
            StepRun(run=run, name=step, kind=plan.steps[step].kind, position=position)
            for position, step in enumerate(plan.order)
        ],
        batch_size=2_000,
    )
    loaded = store.Loaded(plan, snapshot, _tasks_create(run.pk), store.about(run))
    locked = store.Locked(run.pk, 0, run.project_id, quarantined=False, now=now)
    change = Work(locked, loaded, first_seq=0, events=[created], run_changed=True)
    change.give(StartRun(about["by"]))
    work.finish(change)


def _next_number(workflow_id: UUID) -> int:
    statement = """
        INSERT INTO runs_runcounter (workflow_id, last) VALUES (%s, 1)
        ON CONFLICT (workflow_id) DO UPDATE SET last = runs_runcounter.last + 1 RETURNING last
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [workflow_id])
        return int(cursor.fetchone()[0])


def _tasks_create(run_id: UUID) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO runs_task (step_id, "index") SELECT id, 0 FROM runs_steprun WHERE run_id = %s', [run_id]
        )
    return dict(Task.objects.filter(step__run_id=run_id).values_list("step__name", "id"))


def run_stop(*, run_id: UUID, by: User | None) -> Applied:
    """Ask every live step to end; nothing new begins."""
    return apply(run_id=run_id, given=StopRun(_name(by)))


def run_rerun(
    *, run: Run, by: User | None, values: Mapping[str, Any] | None = None, steps: Iterable[str] | None = None
) -> Run:
    """A new run of the same version with the old run's values, some of them changed. What was asked for during the
    old run is asked for again. With `steps` these and all behind them run anew; of the others, what the old run left
    is taken over where it still holds."""
    document = store.document_of(run.version_id)
    asked = {each.name for each in (*document.parameters, *document.data) if each.delay or not _settable(each)}
    kept = {name: value for name, value in run.values.items() if name not in asked or name in run.first_values}
    wanted = part_from_json(run.part).wanted if run.part else None
    if steps is not None:
        wanted = Wanted(tuple(dict.fromkeys(steps)), "from", prior=str(run.pk))
    return run_create(
        version=run.version, values={**kept, **(values or {})}, by=by, origin=run, labels=run.labels, wanted=wanted
    )


def _settable(asked: Parameter | Data) -> bool:
    """Fixed data is part of the document; giving it again would be refused."""
    return not isinstance(asked, Data) or asked.placeholder


def run_delete(*, run: Run) -> None:
    """Remove a finished run and all that was recorded of it; its outputs stay where they are."""
    with transaction.atomic():
        locked = store.run_lock(run.pk)
        if locked is None:
            return
        state = Run.objects.values_list("state", flat=True).get(pk=run.pk)
        if state not in RUN_TERMINAL and not locked.quarantined:
            raise ProductError.of(problem("order.run_not_finished", number=run.number, state=state), status=409)
        Run.objects.filter(pk=run.pk).delete()


def run_label(*, run: Run, labels: Iterable[str] | None = None, name: str | None = None) -> Run:
    """Change what people wrote on the run; its course is not theirs to change."""
    if labels is not None:
        run.labels = sorted(set(labels))
    if name is not None:
        run.name = name
    run.save(update_fields=["labels", "name"])
    return run


def run_release(*, run_id: UUID) -> None:
    """Out of quarantine, for an administrator who has mended the cause; the reconciler takes it from there."""
    Run.objects.filter(pk=run_id).update(quarantined_at=None, quarantine_trace="")


def _name(by: User | None) -> str | None:
    return None if by is None else str(by.pk)
