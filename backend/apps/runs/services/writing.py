"""A finished Work into rows: one statement, whatever changed and however large the run is.

Round trips are what a step costs, so all parts travel together as one query of writing CTEs. Every update names
the state that it found; under the run's lock that always fits, so a miss means that somebody wrote past the
lock, and the transaction is thrown away.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models.functions import Now

from backend.apps.runs import outbox, store
from backend.apps.runs.services.unit import NOWHERE, Work
from backend.domain.run.events import Event, attempt_change
from backend.domain.run.news import noteworthy

DATABASE_NOW = Now()


class LostUpdateError(RuntimeError):
    """A row was not as the locked run's snapshot says."""


@dataclass(frozen=True, slots=True)
class Part:
    """One writing CTE. `rows` becomes its JSON parameter; `exact` wants every row to have been written."""

    name: str
    statement: str
    rows: list[dict[str, Any]]
    exact: bool = True


_STEPS = """
UPDATE runs_steprun AS s SET state = x.state, token = x.token, host = x.host, devices = x.devices,
    awaits = x.awaits, reason = x.reason, attempts = x.attempts, lost = x.lost, outputs = x.outputs,
    floats = x.floats, branch = x.branch, chosen = x.chosen, stop_requested = x.stop_requested,
    reused = x.reused, answered = x.answered, edited = x.edited, waiting_at = x.waiting_at,
    ready_at = x.ready_at, dispatched_at = x.dispatched_at, started_at = x.started_at, finished_at = x.finished_at,
    resources = coalesce(x.resources, s.resources), demand = coalesce(x.demand, s.demand)
FROM jsonb_to_recordset(%s::jsonb) AS x(run_id uuid, name text, was text, state text, token uuid, host text,
    devices jsonb, awaits jsonb, reason text, attempts int, lost int, outputs text, floats text, branch bool,
    chosen text, stop_requested bool, reused text, answered text, edited text, waiting_at timestamptz,
    ready_at timestamptz, dispatched_at timestamptz, started_at timestamptz, finished_at timestamptz,
    resources jsonb, demand text)
WHERE s.run_id = x.run_id AND s.name = x.name AND s.state = x.was RETURNING 1"""
_ENDS = """
UPDATE runs_attempt AS a SET state = x.state, ended_at = x.at, reason = x.reason, report = coalesce(x.report, a.report)
FROM jsonb_to_recordset(%s::jsonb) AS x(token uuid, state text, at timestamptz, reason text, report text)
WHERE a.id = x.token AND a.state IN ('dispatched', 'running') RETURNING 1"""
_CLAIMS = """
UPDATE runs_attempt AS a SET state = 'running', claimed_at = x.at, heartbeat_at = x.at, lease_until = x.until,
    boot_id = coalesce(x.boot_id, ''), pid = x.pid, pid_start = x.pid_start, "order" = x."order"
FROM jsonb_to_recordset(%s::jsonb) AS x(token uuid, at timestamptz, until timestamptz, boot_id text, pid bigint,
    pid_start bigint, "order" text)
WHERE a.id = x.token AND a.state = 'dispatched' RETURNING 1"""
_DELIVERED = """
DELETE FROM runs_outbox AS o USING jsonb_to_recordset(%s::jsonb) AS x(key text) WHERE o.key = x.key RETURNING 1"""
_CANCELS = """
UPDATE runs_attempt AS a SET cancel_requested_at = coalesce(a.cancel_requested_at, x.at)
FROM jsonb_to_recordset(%s::jsonb) AS x(token uuid, at timestamptz) WHERE a.id = x.token RETURNING 1"""
_RELEASES = """
DELETE FROM runs_lease AS l USING jsonb_to_recordset(%s::jsonb) AS x(token uuid)
WHERE l.attempt_id = x.token RETURNING 1"""
_DEVICE_RELEASES = """
DELETE FROM runs_devicelease AS l USING jsonb_to_recordset(%s::jsonb) AS x(token uuid)
WHERE l.attempt_id = x.token RETURNING 1"""
_ATTEMPTS = """
INSERT INTO runs_attempt (id, task_id, run_id, step, number, state, host, devices, boot_id, dispatched_at,
    published_at, log_size)
SELECT token, task_id, run_id, step, number, 'dispatched', host, devices, '', at, at, 0
FROM jsonb_to_recordset(%s::jsonb) AS x(token uuid, task_id bigint, run_id uuid, step text, number int, host text,
    devices jsonb, at timestamptz, cpu float8, memory_mb int) RETURNING 1"""
_LEASES = """
INSERT INTO runs_lease (attempt_id, host_id, cpu, memory_mb)
SELECT token, host, cpu, memory_mb
FROM jsonb_to_recordset(%s::jsonb) AS x(token uuid, host text, cpu float8, memory_mb int) RETURNING 1"""
_DEVICES = """
INSERT INTO runs_devicelease (attempt_id, host_id, device)
SELECT token, host, device FROM jsonb_to_recordset(%s::jsonb) AS x(token uuid, host text, device text) RETURNING 1"""
_EVENTS = """
INSERT INTO runs_event (run_id, seq, type, at, step, data)
SELECT run_id, seq, type, at, step, data
FROM jsonb_to_recordset(%s::jsonb) AS x(run_id uuid, seq bigint, type text, at timestamptz, step text, data text)
RETURNING 1"""
_NEWS = """
INSERT INTO runs_news (run_id, seq)
SELECT run_id, seq FROM jsonb_to_recordset(%s::jsonb) AS x(run_id uuid, seq bigint)
RETURNING pg_notify('pipeloom_news', '')"""
_OUTBOX = """
INSERT INTO runs_outbox (kind, key, payload, created_at, due_at, tries)
SELECT kind, key, payload, created_at, due_at, 0
FROM jsonb_to_recordset(%s::jsonb) AS x(kind text, key text, payload text, created_at timestamptz, due_at timestamptz)
RETURNING 1"""
_RUN = """
UPDATE runs_run AS r SET seq = x.seq, state = x.state, stop_requested = x.stop_requested,
    values = coalesce(x.values, r.values), started_at = x.started_at, finished_at = x.finished_at
FROM jsonb_to_recordset(%s::jsonb) AS x(id uuid, was bigint, seq bigint, state text, stop_requested bool, values text,
    started_at timestamptz, finished_at timestamptz)
WHERE r.id = x.id AND r.seq = x.was RETURNING 1"""


def lease_length() -> timedelta:
    """How long a claimed attempt may be silent before it is given up."""
    return timedelta(seconds=settings.PIPELOOM_LEASE_SECONDS)


def write(work: Work) -> None:
    """Everything that the Work changed."""
    ends = Part("ends", _ENDS, list(_ends(work)))
    parts = list(_parts(work))
    if _replaces(work):
        # The end of one attempt must come before the next of the same task, or both would be live for a moment;
        # inside one statement there is no before.
        _execute([ends])
    else:
        parts.append(ends)
    _execute([part for part in parts if part.rows])


def _replaces(work: Work) -> bool:
    """Whether a step gets a new attempt in the transaction that ended its last one."""
    begun = {command.step for command, _ in work.dispatched}
    return any(event.step in begun for event in work.events if _is_end(event))


def _is_end(event: Event) -> bool:
    change = attempt_change(event)
    return change is not None and change.state not in {"dispatched", "running"}


def _parts(work: Work) -> Iterator[Part]:
    claims = list(_claims(work))
    dispatches = list(_dispatches(work))
    released = [{"token": token} for token in work.released]
    yield Part("steps", _STEPS, [_step_row(work, name) for name in work.was])
    yield Part("claims", _CLAIMS, claims)
    yield Part("delivered", _DELIVERED, [{"key": f"dispatch:{each['token']}"} for each in claims], exact=False)
    yield Part("cancels", _CANCELS, [{"token": each, "at": _iso(work.locked.now)} for each in work.cancelled])
    yield Part("releases", _RELEASES, released, exact=False)
    yield Part("device_releases", _DEVICE_RELEASES, released, exact=False)
    yield Part("attempts", _ATTEMPTS, dispatches)
    yield Part("leases", _LEASES, [each for each in dispatches if each["host"] != NOWHERE])
    yield Part("devices", _DEVICES, [{**each, "device": card} for each in dispatches for card in each["devices"]])
    yield Part("events", _EVENTS, _event_rows(work))
    yield Part("news", _NEWS, _news_rows(work))
    yield Part("outbox", _OUTBOX, outbox.rows(work.messages, work.locked.now))
    yield Part("run", _RUN, [_run_row(work)])


def _execute(parts: list[Part]) -> None:
    ctes = ",".join(f"\n{part.name} AS ({part.statement})" for part in parts)
    counts = ", ".join(f"(SELECT count(*) FROM {part.name})" for part in parts)  # noqa: S608 - names of ours
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {ctes}\nSELECT {counts}", [json.dumps(part.rows) for part in parts])
        found = cursor.fetchone()
    for part, count in zip(parts, found, strict=True):
        if part.exact and count != len(part.rows):
            raise LostUpdateError(f"{part.name}: {count} of {len(part.rows)} rows were as the snapshot says")


_TEXTS = ("reason", "outputs", "floats", "chosen", "reused", "answered", "edited")
_TIMES = ("waiting_at", "ready_at", "dispatched_at", "started_at", "finished_at")


def _step_row(work: Work, name: str) -> dict[str, Any]:
    row = store.step_columns(work.loaded.snapshot.steps[name])
    for column in _TEXTS:
        row[column] = json_text(row[column])
    for column in _TIMES:
        row[column] = _iso(row[column])
    queued = work.queued.get(name)
    row["resources"] = store.resources_json(queued.resources) if queued else None
    row["demand"] = queued.demand if queued else None
    return {"run_id": str(work.locked.run_id), "name": name, "was": work.was[name].value, **row}


def _ends(work: Work) -> Iterator[dict[str, Any]]:
    for event in work.events:
        change = attempt_change(event)
        if change is None or change.state in {"dispatched", "running"}:
            continue
        report = work.attempt_fields.get(change.token, {}).get("report")
        yield {
            "token": change.token,
            "state": change.state,
            "at": _iso(event.at),
            "reason": json_text(event.data.get("reason")),
            "report": json_text(report),
        }


def _claims(work: Work) -> Iterator[dict[str, Any]]:
    """The claim deletes the outbox row: that the attempt is being run proves that its message arrived."""
    for event in work.events:
        change = attempt_change(event)
        if change is not None and change.state == "running":
            given = work.attempt_fields.get(change.token, {})
            times = {"at": _iso(event.at), "until": _iso(event.at + lease_length())}
            yield {"token": change.token, **times, **given, "order": json_text(given.get("order"))}


def _dispatches(work: Work) -> Iterator[dict[str, Any]]:
    for command, needs in work.dispatched:
        yield {
            "token": command.token,
            "task_id": work.loaded.task_ids[command.step],
            "run_id": str(work.locked.run_id),
            "step": command.step,
            "number": command.number,
            "host": command.host,
            "devices": list(command.devices),
            "at": _iso(work.locked.now),
            "cpu": needs.cpu if needs else 0.0,
            "memory_mb": needs.memory_mb if needs else 0,
        }


def _event_rows(work: Work) -> list[dict[str, Any]]:
    """Numbered on from the run's own counter."""
    return [_event_row(work, seq, event) for seq, event in enumerate(work.events, start=work.first_seq + 1)]


def _news_rows(work: Work) -> list[dict[str, Any]]:
    """What people may want to be told: whoever tells them deletes the row in the transaction that notes whom."""
    numbered = enumerate(work.events, start=work.first_seq + 1)
    run = str(work.locked.run_id)
    return [{"run_id": run, "seq": seq} for seq, each in numbered if noteworthy(each.type, each.step, each.data)]


def _event_row(work: Work, seq: int, event: Event) -> dict[str, Any]:
    return {
        "run_id": str(work.locked.run_id),
        "seq": seq,
        "type": event.type.value,
        "at": _iso(event.at),
        "step": event.step or "",
        "data": json_text(event.data),
    }


def _run_row(work: Work) -> dict[str, Any]:
    snapshot = work.loaded.snapshot
    fields = snapshot.fields
    return {
        "id": str(work.locked.run_id),
        "was": work.first_seq,
        "seq": snapshot.seq,
        "state": fields.state.value,
        "stop_requested": fields.stop_requested,
        "values": json_text(fields.values) if work.run_changed else None,
        "started_at": _iso(fields.started_at),
        "finished_at": _iso(fields.finished_at),
    }


def json_text(value: Any) -> str | None:
    """As the JSON columns hold it."""
    if value is None:
        return None
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=dict)


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
