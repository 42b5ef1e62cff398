"""A finished Work into rows: a fixed number of statements, whatever the size of the run.

Every update names the state that it found; under the run's lock that always fits, so a miss means that
somebody wrote past the lock, and the transaction is thrown away.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection
from django.db.models.functions import Now

from backend.apps.runs import outbox, store
from backend.apps.runs.models import Attempt, DeviceLease, Lease, Run
from backend.apps.runs.models import Event as EventRow
from backend.domain.run.events import Event, attempt_change

if TYPE_CHECKING:
    from backend.apps.runs.services.work import Work

DATABASE_NOW = Now()


class LostUpdateError(RuntimeError):
    """A row was not as the locked run's snapshot says."""


def lease_length() -> timedelta:
    """How long a claimed attempt may be silent before it is given up."""
    return timedelta(seconds=settings.PIPELOOM_LEASE_SECONDS)


def write(work: Work) -> None:
    """Everything that the Work changed."""
    _write_steps(work)
    _write_attempt_ends(work)
    _write_claims(work)
    _write_cancels(work)
    _write_dispatches(work)
    _write_events(work)
    _write_run(work)


_STEPS = """
UPDATE runs_steprun AS s SET state = x.state, token = x.token, host = x.host, devices = x.devices,
    awaits = x.awaits, reason = x.reason, attempts = x.attempts, lost = x.lost, outputs = x.outputs,
    floats = x.floats, branch = x.branch, chosen = x.chosen, stop_requested = x.stop_requested,
    ready_at = x.ready_at, dispatched_at = x.dispatched_at, started_at = x.started_at, finished_at = x.finished_at,
    resources = coalesce(x.resources, s.resources), demand = coalesce(x.demand, s.demand)
FROM jsonb_to_recordset(%s::jsonb) AS x(name text, was text, state text, token uuid, host text, devices jsonb,
    awaits jsonb, reason text, attempts int, lost int, outputs text, floats text, branch bool, chosen text,
    stop_requested bool, ready_at timestamptz, dispatched_at timestamptz, started_at timestamptz,
    finished_at timestamptz, resources jsonb, demand text)
WHERE s.run_id = %s AND s.name = x.name AND s.state = x.was
"""
_TEXTS = ("reason", "outputs", "floats", "chosen")
_TIMES = ("ready_at", "dispatched_at", "started_at", "finished_at")


def _write_steps(work: Work) -> None:
    if not work.was:
        return
    rows = [_step_row(work, name) for name in work.was]
    _expect(_execute(_STEPS, [json.dumps(rows), work.locked.run_id]), len(rows))


def _step_row(work: Work, name: str) -> dict[str, Any]:
    row = store.step_columns(work.loaded.snapshot.steps[name])
    for column in _TEXTS:
        row[column] = None if row[column] is None else _json_text(row[column])
    for column in _TIMES:
        row[column] = None if row[column] is None else row[column].isoformat()
    queued = work.queued.get(name)
    row["resources"] = store.resources_json(queued.resources) if queued else None
    row["demand"] = queued.demand if queued else None
    return {"name": name, "was": work.was[name].value, **row}


_ENDS = """
UPDATE runs_attempt AS a SET state = x.state, ended_at = x.ended_at, reason = x.reason
FROM jsonb_to_recordset(%s::jsonb) AS x(token uuid, state text, ended_at timestamptz, reason text)
WHERE a.id = x.token AND a.state IN ('dispatched', 'running')
"""
_LIVE = ("dispatched", "running")


def _write_attempt_ends(work: Work) -> None:
    rows = [row for event in work.events if (row := _end_row(event))]
    if rows:
        _expect(_execute(_ENDS, [json.dumps(rows)]), len(rows))


def _end_row(event: Event) -> dict[str, Any] | None:
    change = attempt_change(event)
    if change is None or change.state in _LIVE:
        return None
    reason = event.data.get("reason")
    text = None if reason is None else _json_text(reason)
    return {"token": change.token, "state": change.state, "ended_at": event.at.isoformat(), "reason": text}


def _write_claims(work: Work) -> None:
    """The claim deletes the outbox row: that the attempt is being run proves that its message arrived."""
    for event in work.events:
        change = attempt_change(event)
        if change is None or change.state != "running":
            continue
        claimed = {"claimed_at": event.at, "heartbeat_at": event.at, "lease_until": event.at + lease_length()}
        given = work.attempt_fields.get(change.token, {})
        rows = Attempt.objects.filter(pk=change.token, state="dispatched")
        _expect(rows.update(state="running", **claimed, **given), 1)
        outbox.delivered(f"dispatch:{change.token}")


def _write_cancels(work: Work) -> None:
    if not work.cancelled:
        return
    rows = Attempt.objects.filter(pk__in=work.cancelled, cancel_requested_at__isnull=True)
    rows.update(cancel_requested_at=work.locked.now)
    for token, host in Attempt.objects.filter(pk__in=work.cancelled).values_list("pk", "host"):
        work.messages.append(outbox.cancel_message(str(token), host))


def _write_dispatches(work: Work) -> None:
    if not work.dispatched:
        return
    now, commands = work.locked.now, [command for command, _ in work.dispatched]
    Attempt.objects.bulk_create(
        Attempt(
            id=each.token,
            task_id=work.loaded.task_ids[each.step],
            run_id=work.locked.run_id,
            step=each.step,
            number=each.number,
            host=each.host,
            devices=list(each.devices),
            dispatched_at=now,
            published_at=now,
        )
        for each in commands
    )
    Lease.objects.bulk_create(
        Lease(attempt_id=each.token, host_id=each.host, cpu=needs.cpu, memory_mb=needs.memory_mb)
        for each, needs in work.dispatched
    )
    devices = [(each, device) for each in commands for device in each.devices]
    if devices:
        DeviceLease.objects.bulk_create(
            DeviceLease(attempt_id=each.token, host_id=each.host, device=device) for each, device in devices
        )


def _write_events(work: Work) -> None:
    EventRow.objects.bulk_create(event_rows(work.locked.run_id, work.first_seq, work.events))


def event_rows(run_id: Any, first_seq: int, events: Iterable[Event]) -> list[EventRow]:
    """Numbered on from the run's own counter."""
    return [
        EventRow(run_id=run_id, seq=seq, type=each.type.value, at=each.at, step=each.step or "", data=dict(each.data))
        for seq, each in enumerate(events, start=first_seq + 1)
    ]


def _write_run(work: Work) -> None:
    snapshot = work.loaded.snapshot
    changed: dict[str, Any] = {"seq": snapshot.seq}
    if work.run_changed:
        fields = snapshot.fields
        changed |= {
            "state": fields.state.value,
            "stop_requested": fields.stop_requested,
            "values": dict(fields.values),
            "started_at": fields.started_at,
            "finished_at": fields.finished_at,
        }
    _expect(Run.objects.filter(pk=work.locked.run_id, seq=work.first_seq).update(**changed), 1)


def _json_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=dict)


def _execute(statement: str, parameters: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount


def _expect(found: int, wanted: int) -> None:
    if found != wanted:
        raise LostUpdateError(f"{found} of {wanted} rows were as the snapshot says")
