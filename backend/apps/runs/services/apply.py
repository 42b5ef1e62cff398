"""The one write path, and the run as a whole: create, stop, run again, delete."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from backend.apps.accounts.models import User
from backend.apps.assets.selectors import flavors_resources
from backend.apps.runs import store
from backend.apps.runs.models import Run, StepRun, Task
from backend.apps.runs.services import placing, work
from backend.apps.runs.services.types import Applied
from backend.apps.runs.services.unit import Work
from backend.apps.workflows.models import WorkflowVersion
from backend.domain.design.check import check
from backend.domain.design.document import Data, Document, Parameter
from backend.domain.design.load import parse_document
from backend.domain.design.values import check_values
from backend.domain.problems import Problem, pointer, problem
from backend.domain.run.inputs import Input, StartRun, StopRun
from backend.domain.run.machine import create
from backend.domain.run.plan import Plan, make_plan, resources_of
from backend.domain.run.preview import preview
from backend.domain.run.resources import Resources, UnknownFlavorError
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
) -> Run:
    """Start a run of a version. What no known host could ever serve is refused before there is a run."""
    document = store.document_of(version.pk)
    refuse(check_values(document, values))
    flavors = flavors_resources()
    plan = make_plan(document, values, flavors={each: Resources(**needs) for each, needs in flavors.items()})
    refuse(_unservable(document, plan))
    run = Run(
        id=uuid7(),
        project_id=version.workflow.project_id,
        workflow_id=version.workflow_id,
        version=version,
        name=name,
        values=dict(plan.values),
        first_values=dict(values),
        flavors=flavors,
        labels=sorted(set(labels)),
        origin=origin,
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


def _unservable(document: Document, plan: Plan) -> list[Problem]:
    """A problem for each step that could never be dispatched, at the step's properties."""
    found: dict[str, Problem] = {}
    needs: dict[str, Resources] = {}
    paths = {step.name: pointer("steps", place, "properties") for place, step in enumerate(document.steps)}
    for name, step in plan.steps.items():
        if step.inline:
            continue
        try:
            needs[name] = resources_of(plan, name, plan.values)
        except UnknownFlavorError as error:
            # A delayed flavor is not known yet, and need not be.
            if not step.awaits:
                found[name] = problem(error.problem.code, paths[name], **error.problem.params)
    for name, reason in placing.impossible(needs.items(), db_now()).items():
        found[name] = problem("order.unservable", paths[name], step=name, why=reason.message)
    return list(found.values())


def run_plan(*, document: object, values: Mapping[str, Any]) -> dict[str, Any]:
    """What a run of this document with these values would do, without making one."""
    problems = check(document)
    parsed, _ = parse_document(document)
    if parsed is None or any(each.severity == "error" for each in problems):
        return {"problems": [each.as_json() for each in problems], "steps": {}}
    flavors = {each: Resources(**needs) for each, needs in flavors_resources().items()}
    problems += check_values(parsed, values)
    known = {name: value for name, value in values.items() if not _wrong(name, problems)}
    plan = make_plan(parsed, known, flavors=flavors)
    problems += _unservable(parsed, plan)
    steps = {
        name: {"verdict": each.verdict.value, "reason": each.reason, "branch": each.branch}
        for name, each in preview(plan).items()
    }
    return {"problems": [each.as_json() for each in problems], "steps": steps}


def _wrong(name: str, problems: Iterable[Problem]) -> bool:
    place = pointer("values", name)
    return any(each.path == place or each.path.startswith(place + "/") for each in problems)


def run_stop(*, run_id: UUID, by: User | None) -> Applied:
    """Ask every live step to end; nothing new begins."""
    return apply(run_id=run_id, given=StopRun(_name(by)))


def run_rerun(*, run: Run, by: User | None, values: Mapping[str, Any] | None = None) -> Run:
    """A new run of the same version with the old run's values, some of them changed. What was asked for during the
    old run is asked for again."""
    document = store.document_of(run.version_id)
    asked = {each.name for each in (*document.parameters, *document.data) if each.delay or not _settable(each)}
    kept = {name: value for name, value in run.values.items() if name not in asked or name in run.first_values}
    return run_create(version=run.version, values={**kept, **(values or {})}, by=by, origin=run, labels=run.labels)


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
