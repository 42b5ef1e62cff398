"""Steps that are runs of other workflows: begun with their attempt, ended with their run, stopped with their step.

A nested step has an attempt like any other, on no host. The attempt's work is a run of its own, which knows it by
`parent_attempt`; there is at most one. Each of the two runs is changed in its own transaction, so no transaction ever
waits for two locks: what a killed process did not do is seen in the rows, and done by whoever looks next.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import Error as DatabaseError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from backend.apps.runs import store
from backend.apps.runs.failpoints import failpoint
from backend.apps.runs.models import LIVE_ATTEMPT_STATES, Attempt, Run, StepRun
from backend.apps.runs.services.apply import run_create, run_stop
from backend.apps.runs.services.attempts import attempt_lost, reason_of, reason_of_error
from backend.apps.runs.services.order_values import ProjectAssets, Values
from backend.apps.runs.services.planning import Inside
from backend.apps.runs.services.unit import NOWHERE, Work
from backend.apps.runs.services.work import QuarantinedError, run_change
from backend.apps.workflows.services import release_found
from backend.domain.design.nested import release_of
from backend.domain.problems import problem
from backend.domain.run.inputs import AttemptClaimed, AttemptFinished, RefuseStep
from backend.domain.run.machine import Decision
from backend.domain.run.nested import nested_result, nested_values
from backend.domain.run.part import Wanted
from backend.domain.run.states import RUN_TERMINAL, STEP_RESOLVED, RunState, StepState
from backend.shared.errors import NotFoundError, ProductError

OVER = [state.value for state in RUN_TERMINAL]
BATCH = 50
log = logging.getLogger(__name__)


def _attempts(state: str) -> QuerySet[Attempt]:
    return Attempt.objects.filter(host=NOWHERE, state=state, run__quarantined_at__isnull=True)


# Begin --------------------------------------------------------------------------------------------------------------


def nested_waiting() -> list[UUID]:
    """Attempts whose run has not been made yet."""
    return list(_attempts("dispatched").order_by("dispatched_at").values_list("pk", flat=True)[:BATCH])


def nested_begin(token: UUID) -> bool:
    """Make the run that the attempt is, and tell its step, in one transaction. False: it is not wanted any more."""
    row = _attempts("dispatched").filter(pk=token).values_list("run_id", "step").first()
    if row is None:
        return False
    run_id, step = row
    try:
        begun, _ = run_change(run_id, lambda work: _begun(work, step, str(token)))
    except (NotFoundError, QuarantinedError):
        return False
    failpoint("nested.begin.after_commit")
    return begun


def _begun(work: Work, step: str, token: str) -> bool:
    if work.holder(token) != step or work.loaded.snapshot.steps[step].state is not StepState.CREATING:
        return False
    try:
        with transaction.atomic():
            _child_create(work, step, token)
    except DatabaseError:
        raise
    except ProductError as refused:
        work.give(RefuseStep(step, _not_begun(work, step, refused), token))
        return True
    except Exception as error:
        # Passed on, it would come again whenever somebody looks, and the step would begin for ever.
        log.exception("attempt %s: the run that step %s is cannot be made", token, step)
        work.give(RefuseStep(step, reason_of(problem("order.not_made", step=step, error=repr(error))), token))
        return True
    limit = timedelta(seconds=store.planned(work.loaded, step).timeout_seconds)
    work.attempt_fields[token] = {"until": (work.locked.now + limit).isoformat()}
    work.give(AttemptClaimed(token, NOWHERE))
    failpoint("nested.begin.before_commit")
    return True


def _not_begun(work: Work, step: str, refused: ProductError) -> dict[str, Any] | None:
    release = release_of(store.planned(work.loaded, step).definition)
    why = reason_of_error(refused)["message"]
    return reason_of(problem("nested.not_begun", workflow=release[0] if release else "", why=why))


def _child_create(work: Work, step: str, token: str) -> Run:
    run = Run.objects.select_related("project", "created_by").get(pk=work.locked.run_id)
    definition = store.planned(work.loaded, step).definition
    release = release_of(definition)
    version = release_found(project=run.project, release=release, user=run.created_by) if release else None
    if version is None or release is None:
        name, number = release or ("", 0)
        raise ProductError.of(problem("nested.unknown_release", workflow=name, version=number))
    earlier = Run.objects.filter(parent=run, parent_step=step, version=version).order_by("-number").first()
    return run_create(
        version=version,
        values=nested_values(_values(work, step), definition),
        by=run.created_by,
        origin=earlier,
        wanted=_going_on(earlier) if earlier is not None else None,
        inside=Inside(run=run, step=step, attempt=UUID(token)),
    )


def _values(work: Work, step: str) -> Values:
    about = work.loaded.about
    document = store.document_of(about.version_id)
    return Values(document, work.loaded.snapshot, step, ProjectAssets(about.project_id))


def _going_on(earlier: Run) -> Wanted:
    """A retry keeps what the last try completed."""
    rows = StepRun.objects.filter(run=earlier).exclude(state__in=[state.value for state in STEP_RESOLVED])
    return Wanted(tuple(rows.order_by("position").values_list("name", flat=True)), "from", prior=str(earlier.pk))


# End ----------------------------------------------------------------------------------------------------------------


def nested_ended() -> list[UUID]:
    """Attempts whose run is over, has gone, or takes too long."""
    mine = Run.objects.filter(parent_attempt=OuterRef("pk"))
    over = Exists(mine.filter(state__in=OVER)) | ~Exists(mine) | Q(lease_until__lt=Now())
    return list(_attempts("running").filter(over).values_list("pk", flat=True)[:BATCH])


def nested_end(token: UUID) -> bool:
    """Tell the step how its run went."""
    row = _attempts("running").filter(pk=token).values_list("run_id", "step").first()
    if row is None:
        return False
    child = Run.objects.select_related("workflow").filter(parent_attempt=token).first()
    if child is None:
        return attempt_lost(token=str(token), reason="nested.gone")
    run_id, step = row
    try:
        decision, _ = run_change(run_id, lambda work: _ended(work, step, str(token), child))
    except (NotFoundError, QuarantinedError):
        return False
    failpoint("nested.end.after_commit")
    return not decision.stale and decision.problem is None


def _ended(work: Work, step: str, token: str, child: Run) -> Decision:
    decision = work.give(_result(work, step, token, child))
    failpoint("nested.end.before_commit")
    return decision


def _result(work: Work, step: str, token: str, child: Run) -> AttemptFinished:
    about: dict[str, Any] = {"workflow": child.workflow.name, "number": child.number}
    if child.state not in OVER:
        return AttemptFinished(token, "timeout")
    if child.state == RunState.STOPPED.value:
        return AttemptFinished(token, "cancelled", reason=reason_of(problem("nested.stopped", **about)))
    if child.state == RunState.ABNORMAL.value:
        name, why = _first_failure(child)
        return AttemptFinished(token, "failed", reason=reason_of(problem("nested.failed", **about, step=name, why=why)))
    rows = {row.name: row for row in StepRun.objects.filter(run=child)}
    definition = store.planned(work.loaded, step).definition
    return nested_result(token, definition, rows, run=str(child.pk), **about)


def _first_failure(child: Run) -> tuple[str, str]:
    failed = StepRun.objects.filter(run=child, state__in=["failed", "timeout", "create_failed"])
    row = failed.order_by("finished_at", "position").first()
    return (row.name, (row.reason or {}).get("message", row.state)) if row else ("", child.state)


# Stop ---------------------------------------------------------------------------------------------------------------


def nested_unwanted() -> list[UUID]:
    """Runs that go on although their step was stopped, or is over for another reason."""
    going_on = Run.objects.filter(
        parent_attempt__isnull=False, stop_requested=False, quarantined_at__isnull=True
    ).exclude(state__in=OVER)
    wanted = Attempt.objects.filter(
        pk=OuterRef("parent_attempt"), state__in=LIVE_ATTEMPT_STATES, cancel_requested_at__isnull=True
    )
    return list(going_on.filter(~Exists(wanted)).values_list("pk", flat=True)[:BATCH])


def nested_stop(run_id: UUID) -> bool:
    try:
        stopped = bool(run_stop(run_id=run_id, by=None).events)
    except (ProductError, NotFoundError):
        return False
    failpoint("nested.stop.after_commit")
    return stopped
