"""Rows to snapshots and back.

Every process keeps the plans and snapshots of the runs it touched last. A snapshot is taken out of the cache
by whoever locked the run's row, brought up to date with the events that others wrote, and put back only after
the commit; so nobody ever sees a snapshot of something that was rolled back.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from backend.apps.runs.models import Event as EventRow
from backend.apps.runs.models import Run, StepRun, Task
from backend.apps.workflows.models import WorkflowVersion
from backend.domain.design.document import Document
from backend.domain.design.load import parse_document
from backend.domain.run.edits import planned_now
from backend.domain.run.events import Event, EventType
from backend.domain.run.fold import fold
from backend.domain.run.part import part_from_json
from backend.domain.run.plan import Plan, PlannedStep, make_plan
from backend.domain.run.resources import Resources
from backend.domain.run.snapshot import RunFields, RunSnapshot, StepSnapshot, restore
from backend.domain.run.states import RUN_TERMINAL, RunState, StepState

CACHED_STEPS = 50_000
CACHED_SECONDS = 300.0
CACHED_DOCUMENTS = 32


@dataclass(frozen=True, slots=True)
class About:
    """What never changes of a run's row."""

    number: int
    project_id: UUID
    workflow_id: UUID
    version_id: UUID
    nested: bool = False
    """Whether it is a step of another run."""


@dataclass(slots=True)
class Loaded:
    """A run in memory: its immutable plan, its snapshot, and the keys of its rows."""

    plan: Plan
    snapshot: RunSnapshot
    task_ids: Mapping[str, int]
    about: About


@dataclass(frozen=True, slots=True)
class Locked:
    """What the locked row says, and the database's clock once the lock was ours."""

    run_id: UUID
    seq: int
    project_id: UUID
    quarantined: bool
    now: datetime


class _Cache:
    """The runs that something happened to lately, bounded by the number of steps that they hold together. A process
    that only begins runs never hears of their ends, so what nobody has asked for in minutes goes, too."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._runs: OrderedDict[UUID, tuple[Loaded, float]] = OrderedDict()
        self._steps = 0

    def __len__(self) -> int:
        return len(self._runs)

    def take(self, run_id: UUID) -> Loaded | None:
        with self._lock:
            return self._pop(run_id)

    def _pop(self, run_id: UUID) -> Loaded | None:
        found = self._runs.pop(run_id, None)
        if found is None:
            return None
        self._steps -= len(found[0].plan.order)
        return found[0]

    def put(self, run_id: UUID, loaded: Loaded) -> None:
        with self._lock:
            known = self._runs.get(run_id)
            if known is not None and known[0].snapshot.seq >= loaded.snapshot.seq:
                return
            self._pop(run_id)
            now = time.monotonic()
            if loaded.snapshot.state not in RUN_TERMINAL:
                self._runs[run_id] = (loaded, now)
                self._steps += len(loaded.plan.order)
            self._trim(now)

    def _trim(self, now: float) -> None:
        while self._runs:
            oldest, (_, at) = next(iter(self._runs.items()))
            crowded = self._steps > CACHED_STEPS and len(self._runs) > 1
            if not crowded and now - at <= CACHED_SECONDS:
                return
            self._pop(oldest)

    def clear(self) -> None:
        with self._lock:
            self._runs.clear()
            self._steps = 0


_cache = _Cache()
_documents: OrderedDict[UUID, Document] = OrderedDict()
_documents_lock = threading.Lock()


def cache_clear() -> None:
    """Forget everything, as a fresh process does."""
    _cache.clear()
    with _documents_lock:
        _documents.clear()


def cache_put(run_id: UUID, loaded: Loaded) -> None:
    """Give a snapshot back, after the commit that made it true."""
    _cache.put(run_id, loaded)


_LOCK = """
WITH locked AS MATERIALIZED (
    SELECT id, seq, project_id, quarantined_at IS NOT NULL AS quarantined FROM runs_run WHERE id = %s FOR UPDATE
) SELECT id, seq, project_id, quarantined, clock_timestamp() FROM locked
"""


def run_lock(run_id: UUID) -> Locked | None:
    """Lock the run until the transaction ends. The clock is read after the wait, so times follow the events' order."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [run_id])
        row = cursor.fetchone()
    return None if row is None else Locked(*row)


def load(locked: Locked) -> Loaded:
    """The locked run's snapshot: the cached one brought up to date, or else everything from its rows."""
    cached = _cache.take(locked.run_id)
    if cached is None or cached.snapshot.seq > locked.seq:
        return load_rows(locked.run_id)
    if cached.snapshot.seq < locked.seq:
        for event in events_after(locked.run_id, cached.snapshot.seq):
            fold(cached.plan, cached.snapshot, event)
    return cached


def load_rows(run_id: UUID) -> Loaded:
    """Everything from the rows, as a process does that has not seen the run before."""
    run = Run.objects.get(pk=run_id)
    plan = plan_of(run)
    rows = StepRun.objects.filter(run_id=run_id)
    steps = {row.name: snapshot_of(row) for row in rows}
    snapshot = restore(plan, run_id=str(run_id), seq=run.seq, fields=fields_of(run), steps=steps)
    tasks = dict(Task.objects.filter(step__run_id=run_id, index=0).values_list("step__name", "id"))
    return Loaded(plan, snapshot, tasks, about(run))


def about(run: Run) -> About:
    """The part of the row that no transaction changes."""
    return About(run.number, run.project_id, run.workflow_id, run.version_id, run.parent_attempt is not None)


def plan_of(run: Run) -> Plan:
    """The plan that this run follows; the same in every process and at any time."""
    flavors = {name: Resources(**given) for name, given in run.flavors.items()}
    part = part_from_json(run.part) if run.part else None
    return make_plan(document_of(run.version_id), run.first_values, flavors=flavors, part=part, boxed=run.boxed)


def planned(loaded: Loaded, step: str) -> PlannedStep:
    """A step of the run, with what people changed of it before they tried it again."""
    return planned_now(loaded.plan, step, loaded.snapshot.steps[step])


def document_of(version_id: UUID) -> Document:
    """A version's document, parsed once a process: versions never change."""
    with _documents_lock:
        known = _documents.get(version_id)
        if known is not None:
            _documents.move_to_end(version_id)
            return known
    raw = WorkflowVersion.objects.values_list("document", flat=True).get(pk=version_id)
    document, problems = parse_document(raw)
    if document is None:
        raise ValueError(f"version {version_id} cannot be read: {[each.message for each in problems]}")
    with _documents_lock:
        _documents[version_id] = document
        while len(_documents) > CACHED_DOCUMENTS:
            _documents.popitem(last=False)
    return document


def events_after(run_id: UUID, seq: int, limit: int | None = None) -> list[Event]:
    """The run's facts after number `seq`, as the domain knows them."""
    rows = EventRow.objects.filter(run_id=run_id, seq__gt=seq).order_by("seq")
    return [event_of(row) for row in (rows[:limit] if limit else rows)]


def event_of(row: EventRow) -> Event:
    """One row as a domain event."""
    return Event(EventType(row.type), row.at, row.step or None, row.data)


def fields_of(run: Run) -> RunFields:
    """The part of the snapshot that is stored with the run itself."""
    return RunFields(
        state=RunState(run.state),
        stop_requested=run.stop_requested,
        values=run.values,
        created_at=run.created_at,
        started_at=run.started_at,
        finished_at=run.finished_at,
    )


_SAME = (
    "reason",
    "attempts",
    "lost",
    "outputs",
    "floats",
    "branch",
    "chosen",
    "stop_requested",
    "reused",
    "answered",
    "edited",
)
_TIMES = ("waiting_at", "ready_at", "dispatched_at", "started_at", "finished_at")


def snapshot_of(row: StepRun) -> StepSnapshot:
    """One step's row as the domain knows it."""
    return StepSnapshot(
        state=StepState(row.state),
        token=str(row.token) if row.token else None,
        host=row.host or None,
        devices=tuple(row.devices),
        awaits=tuple(row.awaits),
        **{name: getattr(row, name) for name in _SAME + _TIMES},
    )


def step_columns(step: StepSnapshot) -> dict[str, Any]:
    """The inverse of `snapshot_of`, with plain values for every column."""
    return {
        "state": step.state.value,
        "token": step.token,
        "host": step.host or "",
        "devices": list(step.devices),
        "awaits": list(step.awaits),
        **{name: getattr(step, name) for name in _SAME + _TIMES},
    }


@dataclass(slots=True)
class Queued:
    """What a pending step needs, and the name of that need (equal needs are equally easy to place)."""

    resources: Resources
    demand: str = field(init=False)

    def __post_init__(self) -> None:
        need = self.resources
        self.demand = f"{need.cpu:g}/{need.memory_mb}/{need.gpus}/{need.gpu_type or ''}/{need.pool or ''}"
        if need.container:
            self.demand += "/container"


def resources_json(needs: Resources) -> dict[str, Any]:
    """What a step needs, as it is stored beside it."""
    return {name: getattr(needs, name) for name in Resources.__slots__}
