"""One change of one run, from the lock to the rows: what `apply` and its kin are made of.

A Work belongs to one transaction. Inputs go through `decide`, their events are folded into the snapshot at once
(so the next input sees them), and everything that changed is written together at the end.
"""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from django.db import Error as DatabaseError
from django.db import transaction

from backend.apps.runs import outbox, store
from backend.apps.runs.models import Run
from backend.apps.runs.services import placing, writing
from backend.apps.runs.services.types import Applied
from backend.domain.problems import Problem, problem
from backend.domain.run.commands import CancelAttempt, DispatchAttempt, QueueStep, ReleaseAttempt
from backend.domain.run.events import Event
from backend.domain.run.fold import fold
from backend.domain.run.inputs import AssignStep, Input
from backend.domain.run.machine import Decision, decide
from backend.domain.run.resources import Resources
from backend.domain.run.states import StepState
from backend.shared.clock import uuid7
from backend.shared.errors import NotFoundError, ProductError

Result = TypeVar("Result")


class QuarantinedError(ProductError):
    """The run's rows or our code contradict each other; it stands still until somebody has looked."""

    def __init__(self, run_id: UUID) -> None:
        found = problem("order.quarantined", run=str(run_id))
        super().__init__(found.code, found.message, [found], status=409)


class _BrokenError(Exception):
    """An exception of the pure code or of loading, on its way to the quarantine."""

    def __init__(self, trace: str) -> None:
        super().__init__(trace)
        self.trace = trace


@dataclass(slots=True)
class Work:
    """Everything that this transaction does to its run."""

    locked: store.Locked
    loaded: store.Loaded
    first_seq: int
    events: list[Event] = field(default_factory=list)
    was: dict[str, StepState] = field(default_factory=dict)
    queued: dict[str, store.Queued] = field(default_factory=dict)
    released: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    dispatched: list[tuple[DispatchAttempt, Resources]] = field(default_factory=list)
    attempt_fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    messages: list[outbox.Message] = field(default_factory=list)
    run_changed: bool = False

    def give(self, given: Input) -> Decision:
        """Decide about one input and take over what follows. A refused or stale one changes nothing."""
        with breaking():
            decision = decide(self.loaded.plan, self.loaded.snapshot, given, self.locked.now)
            if decision.problem is None and not decision.stale:
                self._take(decision)
        return decision

    def holder(self, token: str) -> str | None:
        """The step whose current attempt has this token."""
        return self.loaded.snapshot.tokens.get(token)

    def _take(self, decision: Decision) -> None:
        snapshot = self.loaded.snapshot
        for name in decision.steps:
            self.was.setdefault(name, snapshot.steps[name].state)
        for event in decision.events:
            fold(self.loaded.plan, snapshot, event)
        self.events.extend(decision.events)
        self.run_changed = self.run_changed or decision.run is not None
        for command in decision.commands:
            if isinstance(command, QueueStep):
                self.queued[command.step] = store.Queued(command.resources)
            elif isinstance(command, ReleaseAttempt):
                self.released.append(command.token)
            elif isinstance(command, CancelAttempt):
                self._cancel(command.token)

    def _cancel(self, token: str) -> None:
        host = self.loaded.snapshot.steps[self.loaded.snapshot.tokens[token]].host
        self.cancelled.append(token)
        self.messages.append(outbox.cancel_message(token, host or ""))

    def dispatch(self, assigned: placing.Assigned) -> None:
        """Begin an attempt of one of this run's pending steps on the host that placement chose."""
        given = AssignStep(assigned.step, str(uuid7()), assigned.host, assigned.devices)
        decision = self.give(given)
        for command in decision.commands:
            if isinstance(command, DispatchAttempt):
                self.dispatched.append((command, assigned.resources))
                self.messages.append(outbox.dispatch_message(command.token, assigned.queue))


@contextmanager
def breaking() -> Iterator[None]:
    """What goes wrong in here is the run's own fault, except for the database and what is said to a person."""
    try:
        yield
    except (DatabaseError, ProductError, _BrokenError):
        raise
    except Exception as error:
        raise _BrokenError(traceback.format_exc()) from error


def run_change(run_id: UUID, act: Callable[[Work], Result]) -> tuple[Result, Applied]:
    """Lock the run, let `act` give inputs, place what became ready, write. Any error leaves no trace, except that
    one of the run's own making puts the run into quarantine."""
    try:
        with transaction.atomic():
            work = _begin(run_id)
            result = act(work)
            return result, finish(work)
    except _BrokenError as error:
        quarantine(run_id, error.trace)
        raise QuarantinedError(run_id) from error


def _begin(run_id: UUID) -> Work:
    locked = store.run_lock(run_id)
    if locked is None:
        raise NotFoundError("run")
    if locked.quarantined:
        raise QuarantinedError(run_id)
    with breaking():
        loaded = store.load(locked)
    return Work(locked, loaded, loaded.snapshot.seq)


def finish(work: Work) -> Applied:
    """Place, write, and arrange for what follows the commit. Must run inside the transaction that began the work."""
    others = placing.place(work)
    if work.events:
        work.messages.append(outbox.hint_message(work.locked.run_id, seq=work.loaded.snapshot.seq))
        writing.write(work)
        outbox.after_commit(work.messages)
    transaction.on_commit(partial(store.cache_put, work.locked.run_id, work.loaded), robust=True)
    if others:
        transaction.on_commit(partial(kick, others), robust=True)
    return Applied(
        run_id=work.locked.run_id,
        seq=work.loaded.snapshot.seq,
        state=work.loaded.snapshot.state.value,
        events=tuple(work.events),
        dispatched=tuple(command.token for command, _ in work.dispatched),
    )


class _Kicks(threading.local):
    """Runs that this thread still has to look at. One loop works them off: a kick that frees a place for the next
    run must not nest inside it, or a hundred waiting runs would be a hundred frames deep."""

    def __init__(self) -> None:
        self.waiting: list[UUID] = []
        self.busy = False


_kicks = _Kicks()


def kick(run_ids: Iterable[UUID]) -> None:
    """Let other runs take their places, each in its own transaction. Web requests leave that to the reconciler."""
    if not outbox.publishing():
        return
    _kicks.waiting.extend(each for each in run_ids if each not in _kicks.waiting)
    if _kicks.busy:
        return
    _kicks.busy = True
    try:
        while _kicks.waiting:
            run_place(_kicks.waiting.pop())
    finally:
        _kicks.busy = False
        _kicks.waiting.clear()


def run_place(run_id: UUID) -> Applied | None:
    """Dispatch what has a place now. A run that has gone or stands in quarantine is nobody's concern here."""
    try:
        return run_change(run_id, lambda work: None)[1]
    except (NotFoundError, QuarantinedError):
        return None


def quarantine(run_id: UUID, trace: str) -> None:
    """Take the run out of everything until somebody has looked; the first trace is the one that tells."""
    Run.objects.filter(pk=run_id, quarantined_at__isnull=True).update(
        quarantined_at=writing.DATABASE_NOW, quarantine_trace=trace[-20_000:]
    )


def refused(problem: Problem) -> ProductError:
    """What `decide` refused, for whoever asked."""
    return ProductError(problem.code, problem.message, [problem], status=409)
