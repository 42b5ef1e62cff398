"""What the agent says about an attempt: claimed, still alive, how its metrics and log grow, lost.

Every call carries the token. One that is not current is answered quietly and changes nothing: messages may come
twice, late, or on the wrong host, and none of that is anybody's mistake.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection

from backend.apps.assets.models import Dataset
from backend.apps.assets.services import dataset_samples_write, storage_roots
from backend.apps.runs import outbox
from backend.apps.runs.failpoints import failpoint
from backend.apps.runs.models import Attempt
from backend.apps.runs.services.orders import order_make
from backend.apps.runs.services.types import Beat
from backend.apps.runs.services.unit import Work
from backend.apps.runs.services.work import QuarantinedError, run_change
from backend.apps.runs.services.writing import lease_length
from backend.domain.problems import CATALOGUE, Problem, problem
from backend.domain.run.inputs import AttemptClaimed, AttemptFinished, AttemptLost, RefuseStep
from backend.domain.run.messages import StepOrder
from backend.domain.run.states import StepState
from backend.shared import telemetry
from backend.shared.errors import NotFoundError, ProductError

log = logging.getLogger(__name__)


def attempt_claim(*, token: str, host: str, boot_id: str, pid: int, pid_start: int) -> StepOrder | None:
    """Win the attempt and get its order. None: somebody else has it, it is over, or it cannot begin; nothing to do."""
    failpoint("claim.before")
    row = Attempt.objects.filter(pk=token).values_list("run_id", "step", "dispatched_at", "state", "host").first()
    if row is None or row[3:] != ("dispatched", host):
        outbox.delivered(f"dispatch:{token}")
        return None
    run_id, step, dispatched = row[:3]
    who = {"boot_id": boot_id, "pid": pid, "pid_start": pid_start}
    try:
        (order, at), _ = run_change(run_id, lambda work: (_claimed(work, step, token, host, who), work.locked.now))
    except (NotFoundError, QuarantinedError):
        return None
    if order is not None:
        telemetry.observe("pipeloom_dispatch_seconds", (at - dispatched).total_seconds())
    failpoint("claim.after_commit")
    return None if order is None else _with_samples(order, run_id)


def _claimed(work: Work, step: str, token: str, host: str, who: Mapping[str, Any]) -> StepOrder | None:
    if work.holder(token) != step or work.loaded.snapshot.steps[step].state is not StepState.CREATING:
        return None
    try:
        order = order_make(work.loaded, step, token)
    except ProductError as refused:
        work.give(RefuseStep(step, reason_of_error(refused), token))
        return None
    except DatabaseError:
        raise
    except Exception as error:
        # Passed on, it would come again with every repetition of the message, and the step would begin for ever.
        log.exception("attempt %s: the order of step %s cannot be made", token, step)
        work.give(RefuseStep(step, reason_of(problem("order.not_made", step=step, error=repr(error))), token))
        return None
    decision = work.give(AttemptClaimed(token, host))
    if decision.stale or decision.problem:
        return None
    work.attempt_fields[token] = {**who, "order": order.model_dump(mode="json")}
    return order


def _with_samples(order: StepOrder, run_id: UUID) -> StepOrder | None:
    """The samples of a dataset as a file beside the order; written after the commit, because there may be millions."""
    path = order.context.get("samples")
    if not isinstance(path, str):
        return order
    dataset = Dataset.objects.select_related("project").get(
        pk=next(each.data["dataset"] for each in order.inputs.values() if "dataset" in each.data)
    )
    Path(path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        dataset_samples_write(dataset=dataset, path=Path(path), roots=storage_roots(project=dataset.project))
    except (ProductError, OSError) as failed:
        reason = reason_of_error(failed)
        run_change(run_id, lambda work: work.give(AttemptFinished(order.token, "failed", reason=reason)))
        return None
    return order


_BEAT = """
UPDATE runs_attempt SET heartbeat_at = clock_timestamp(), lease_until = clock_timestamp() + %s
WHERE id = %s AND host = %s AND state = 'running' AND lease_until > clock_timestamp()
RETURNING cancel_requested_at IS NOT NULL
"""


def attempt_heartbeat(*, token: str, host: str) -> Beat:
    """Extend the lease. Not alive: the lease is over or the attempt is not ours; kill the step and write nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_BEAT, [lease_length(), token, host])
        row = cursor.fetchone()
    return _beat(row)


def attempt_watch(*, token: str) -> Beat:
    """Whether somebody asked for an end, without extending anything: cheap enough for every second."""
    query = "SELECT cancel_requested_at IS NOT NULL FROM runs_attempt WHERE id = %s AND state = 'running'"
    with connection.cursor() as cursor:
        cursor.execute(query, [token])
        row = cursor.fetchone()
    return _beat(row)


def _beat(row: tuple[bool] | None) -> Beat:
    fence = settings.PIPELOOM_FENCE_SECONDS
    return Beat(
        alive=row is not None,
        cancel_requested=bool(row and row[0]),
        fence_seconds=fence,
        lease_seconds=lease_length().total_seconds(),
    )


_LOG = """
UPDATE runs_attempt SET log_size = %s WHERE id = %s AND state = 'running' AND log_size < %s RETURNING run_id, step
"""


def attempt_log_grew(*, token: str, size: int) -> None:
    """The log has this many bytes now; readers fetch them by range."""
    with connection.cursor() as cursor:
        cursor.execute(_LOG, [size, token, size])
        row = cursor.fetchone()
    if row and outbox.publishing():
        message = outbox.hint_message(row[0], logs=[[row[1], token, size]])
        outbox.publish(message.kind, message.payload)


def attempt_lost(*, token: str, reason: str | Mapping[str, Any]) -> bool:
    """The attempt's process is gone without a word. False: it was over already."""
    run_id = Attempt.objects.filter(pk=token, state__in=("dispatched", "running")).values_list("run_id", flat=True)
    for each in run_id:
        try:
            decision, _ = run_change(each, lambda work: work.give(AttemptLost(token, reason_of(reason))))
        except (NotFoundError, QuarantinedError):
            return False
        return not decision.stale and decision.problem is None
    return False


def reason_of(given: str | Mapping[str, Any] | Problem | None) -> dict[str, Any] | None:
    """A reason in the form that is stored, from a code, a text, a problem or a reason."""
    if given is None:
        return None
    if isinstance(given, Problem):
        return {"code": given.code, "params": given.params, "message": given.message, "hint": given.hint}
    if isinstance(given, Mapping):
        return dict(given)
    if given in CATALOGUE:
        return reason_of(problem(given))
    return reason_of(problem("order.lost", why=given))


def reason_of_error(error: BaseException) -> dict[str, Any]:
    """The first problem of a refusal, or whatever the exception says."""
    if isinstance(error, ProductError) and error.problems:
        found = reason_of(error.problems[0])
        assert found is not None
        return found
    if isinstance(error, ProductError):
        return {"code": error.code, "params": {}, "message": error.message, "hint": ""}
    why = str(error) or type(error).__name__
    return reason_of(problem("order.not_kept", why=why)) or {}
