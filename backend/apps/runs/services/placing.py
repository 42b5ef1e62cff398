"""Who goes where: the pure `placement` fed with rows, under one lock, so that no slot is given away twice.

Whoever frees or wants a place takes the lock for the rest of its transaction. So a step that finds everything
taken is seen by the transaction that frees something later, and the other way round; nothing waits for a poll.
Only a window of the queue is read: the first of each need, because what one cannot have, its equals cannot either.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from backend.apps.runs.services.types import Assigned
from backend.apps.runs.services.unit import Work
from backend.domain.run.placement import Gpu, HostCapacity, Placement, Quota, Waiting, placement
from backend.domain.run.resources import Resources
from backend.domain.run.states import StepState
from backend.shared.db import advisory_lock

WINDOW = 256
MOST_PASSES = 16


@dataclass(frozen=True, slots=True)
class Hosts:
    """All hosts with what is free now, and the queue that each reads."""

    capacity: tuple[HostCapacity, ...]
    queues: dict[str, str]

    def any_free(self) -> bool:
        return any(host.usable and host.free_cpu > 0 for host in self.capacity)


def host_stale_after() -> timedelta:
    """How long a host may be silent before nothing is sent to it any more."""
    return timedelta(seconds=settings.PIPELOOM_HOST_STALE_SECONDS)


_HOSTS = """
SELECT h.name, h.queue, h.cpu, h.memory_mb, h.gpus, h.pools,
       h.online AND h.heartbeat_at > clock_timestamp() - %s, h.disk_short_mb, h.containers,
       coalesce(l.cpu, 0), coalesce(l.memory_mb, 0),
       (SELECT coalesce(array_agg(d.device), '{}') FROM runs_devicelease d
        WHERE d.host_id = h.name AND NOT d.attempt_id = ANY(%s::uuid[]))
FROM runs_workerhost h LEFT JOIN LATERAL (
    SELECT sum(l.cpu) AS cpu, sum(l.memory_mb) AS memory_mb FROM runs_lease l
    WHERE l.host_id = h.name AND NOT l.attempt_id = ANY(%s::uuid[])
) AS l ON true ORDER BY h.name
"""


def hosts_read(released: Sequence[str] = ()) -> Hosts:
    """Every known host; those that are away are known but not usable. What `released` attempts hold counts as free."""
    with connection.cursor() as cursor:
        cursor.execute(_HOSTS, [host_stale_after(), list(released), list(released)])
        rows = cursor.fetchall()
    return Hosts(tuple(_capacity(row) for row in rows), {row[0]: row[1] for row in rows})


def _capacity(row: Sequence[Any]) -> HostCapacity:
    name, _, cpu, memory_mb, gpus, pools, alive, disk_short_mb, containers, used_cpu, used_memory, used_devices = row
    cards = tuple(Gpu(each["uuid"], each.get("type")) for each in _json(gpus))
    taken = set(used_devices)
    return HostCapacity(
        name=name,
        free_cpu=cpu - used_cpu,
        free_memory_mb=memory_mb - int(used_memory),
        free_gpus=tuple(card for card in cards if card.uuid not in taken),
        pools=frozenset(_json(pools)),
        alive=bool(alive),
        cpu=cpu,
        memory_mb=memory_mb,
        gpus=cards,
        disk_short_mb=disk_short_mb,
        containers=bool(containers),
    )


def _json(value: Any) -> Any:
    # Django's raw cursors hand jsonb out as text.
    return json.loads(value) if isinstance(value, str) else value


Quotas = dict[str, Quota]
_QUOTAS = """
SELECT q.project_id, q.max_jobs, q.max_gpus, coalesce(u.jobs, 0), coalesce(u.gpus, 0)
FROM runs_quota q LEFT JOIN LATERAL (
    SELECT count(*) AS jobs, sum((SELECT count(*) FROM runs_devicelease d WHERE d.attempt_id = l.attempt_id)) AS gpus
    FROM runs_lease l JOIN runs_attempt a ON a.id = l.attempt_id JOIN runs_run r ON r.id = a.run_id
    WHERE r.project_id = q.project_id AND NOT l.attempt_id = ANY(%s::uuid[])
) AS u ON true WHERE q.max_jobs IS NOT NULL OR q.max_gpus IS NOT NULL
"""


_USAGE = """
SELECT count(*), coalesce(sum((SELECT count(*) FROM runs_devicelease d WHERE d.attempt_id = l.attempt_id)), 0)
FROM runs_lease l JOIN runs_attempt a ON a.id = l.attempt_id JOIN runs_run r ON r.id = a.run_id WHERE r.project_id = %s
"""


def quota_usage(project_id: UUID) -> tuple[int, int]:
    """How many steps the project runs now, and on how many cards."""
    with connection.cursor() as cursor:
        cursor.execute(_USAGE, [project_id])
        jobs, gpus = cursor.fetchone()
    return int(jobs), int(gpus)


def quotas_read(released: Sequence[str] = ()) -> Quotas:
    """Of every project that has one, with what it uses now."""
    with connection.cursor() as cursor:
        cursor.execute(_QUOTAS, [list(released)])
        rows = cursor.fetchall()
    return {str(project): Quota(most, most_gpus, jobs, int(gpus)) for project, most, most_gpus, jobs, gpus in rows}


_WAITING = """
SELECT s.run_id, s.name, s.position, s.resources, s.demand, s.ready_at, r.project_id, r.priority
FROM runs_steprun s JOIN runs_run r ON r.id = s.run_id
WHERE s.state = 'pending' AND r.quarantined_at IS NULL AND NOT (s.demand = ANY(%s)) AND NOT EXISTS (
    SELECT FROM jsonb_to_recordset(%s::jsonb) AS f(project uuid, jobs bool, gpus int)
    WHERE f.project = r.project_id AND (f.jobs OR (s.resources->>'gpus')::int > f.gpus))
ORDER BY r.priority DESC, s.ready_at, s.run_id, s.position LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class _Candidate:
    run_id: UUID
    step: str
    demand: str
    waiting: Waiting


def _candidates(blocked: Iterable[str], limit: int, quotas: Quotas | None = None) -> list[_Candidate]:
    """With `quotas` without what they hold back: a project that may have no more must not fill the window, and what
    its steps cannot have, those of others can."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [list(blocked), json.dumps(_held_back(quotas or {})), limit])
        rows = cursor.fetchall()
    return [_candidate(*row) for row in rows]


def _held_back(quotas: Quotas) -> list[dict[str, Any]]:
    return [
        {
            "project": project,
            "jobs": quota.max_jobs is not None and quota.jobs >= quota.max_jobs,
            "gpus": None if quota.max_gpus is None else max(0, quota.max_gpus - quota.gpus),
        }
        for project, quota in quotas.items()
    ]


def _candidate(
    run_id: UUID, step: str, position: int, resources: Any, demand: str, since: datetime, project: UUID, priority: int
) -> _Candidate:
    needs = Resources(**_json(resources))
    waiting = Waiting(queue_key(run_id, position, step), needs, since, str(project), priority)
    return _Candidate(run_id, step, demand, waiting)


def queue_key(run_id: object, position: int, step: str) -> str:
    """Names a step in the queue. Among steps of the same moment older runs go first, and then the order of the plan."""
    return f"{run_id}/{position:06d}/{step}"


def _own(work: Work) -> list[_Candidate]:
    """Steps of this run that became ready just now, so that no row says it yet."""
    run_id, project = work.locked.run_id, str(work.locked.project_id)
    return [
        _Candidate(run_id, name, each.demand, Waiting(key, each.resources, work.locked.now, project))
        for name, each in work.queued.items()
        if work.loaded.snapshot.steps[name].state is StepState.PENDING
        for key in [queue_key(run_id, work.loaded.plan.position[name], name)]
    ]


def _still_waiting(work: Work, candidates: Iterable[_Candidate]) -> list[_Candidate]:
    """Rows of this run may be out of date: what the transaction changed counts."""
    steps, run_id = work.loaded.snapshot.steps, work.locked.run_id
    return [
        each
        for each in candidates
        if each.run_id != run_id or (steps[each.step].state is StepState.PENDING and each.step not in work.queued)
    ]


def place(work: Work) -> set[UUID]:
    """Dispatch what can go of this run; returns the other runs for which there is a place now."""
    pending = work.loaded.snapshot.counts.get(StepState.PENDING, 0)
    if not pending and not work.released:
        return set()
    advisory_lock("placement")
    hosts = hosts_read(work.released)
    own, others = _assign(hosts, work)
    for each in own:
        work.dispatch(each)
    return others


def _assign(hosts: Hosts, work: Work) -> tuple[list[Assigned], set[UUID]]:
    run_id = work.locked.run_id
    chosen = assignments(hosts, lambda rows: _still_waiting(work, rows), _own(work), quotas_read(work.released))
    own = [
        Assigned(each.step, host, devices, hosts.queues[host], each.waiting.resources)
        for each, host, devices in chosen
        if each.run_id == run_id
    ]
    return own, {each.run_id for each, _, _ in chosen if each.run_id != run_id}


Chosen = tuple[_Candidate, str, tuple[str, ...]]


def assignments(
    hosts: Hosts,
    select: Callable[[list[_Candidate]], list[_Candidate]] = lambda rows: rows,
    extra: Sequence[_Candidate] = (),
    quotas: Quotas | None = None,
) -> list[Chosen]:
    """Walk the queue window by window. A need without a place is not read again, but those that were read stay in
    the sum: room is kept for them."""
    if not hosts.any_free():
        return []
    quotas = quotas_read() if quotas is None else quotas
    candidates: list[_Candidate] = list(extra)
    blocked: set[str] = set()
    for _ in range(MOST_PASSES):
        rows = _candidates(blocked, WINDOW, quotas)
        candidates += select(rows)
        chosen = _placed(candidates, hosts, quotas)
        stuck = {each.demand for each in candidates} - {each.demand for each, _, _ in chosen}
        if chosen or len(rows) < WINDOW or stuck <= blocked:
            return chosen
        blocked |= stuck
    return []


def _placed(candidates: Sequence[_Candidate], hosts: Hosts, quotas: Quotas) -> list[Chosen]:
    by_key = {each.waiting.key: each for each in candidates}
    found: Placement = placement([each.waiting for each in candidates], hosts.capacity, quotas)
    return [(by_key[each.key], each.host, each.devices) for each in found.assignments]


def runs_with_a_place() -> set[UUID]:
    """Runs of which a step could be dispatched now. Looked up without a lock: each is then tried in its own turn."""
    return {each.run_id for each, _, _ in assignments(hosts_read())}


def queue_reasons(limit: int = 2_000) -> Placement:
    """Why each waiting step waits, and where in the line it stands."""
    candidates = _candidates((), limit)
    return placement([each.waiting for each in candidates], hosts_read().capacity, quotas_read())


def impossible(needs: Iterable[tuple[str, Resources]], now: datetime) -> dict[str, Any]:
    """Of the named needs those that no known host could ever serve, with the reason. No host known: nothing is."""
    capacity = hosts_read().capacity
    if not capacity:
        return {}
    waiting = [Waiting(name, each, now, "") for name, each in needs]
    reasons = placement(waiting, capacity, {}).reasons
    return {name: reason for name, reason in reasons.items() if reason.impossible}


_RELEASE = """
WITH devices AS (DELETE FROM runs_devicelease WHERE attempt_id = ANY(%s::uuid[]))
DELETE FROM runs_lease WHERE attempt_id = ANY(%s::uuid[])
"""


def leases_release(tokens: Sequence[str]) -> None:
    """Give back what these attempts held."""
    if tokens:
        with connection.cursor() as cursor:
            cursor.execute(_RELEASE, [list(tokens), list(tokens)])
