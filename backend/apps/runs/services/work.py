"""From the lock to the rows: what `apply` and its kin are made of."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from backend.apps.runs import outbox, store
from backend.apps.runs.models import Run
from backend.apps.runs.services import placing, writing
from backend.apps.runs.services.counted import count_change
from backend.apps.runs.services.types import Applied
from backend.apps.runs.services.unit import BrokenError, Work, breaking
from backend.domain.problems import Problem, problem
from backend.domain.run.states import RUN_TERMINAL
from backend.shared import telemetry
from backend.shared.db import afterwards, notify
from backend.shared.errors import NotFoundError, ProductError

Result = TypeVar("Result")


class QuarantinedError(ProductError):
    """The run's rows or our code contradict each other; it stands still until somebody has looked."""

    def __init__(self, run_id: UUID) -> None:
        found = problem("order.quarantined", run=str(run_id))
        super().__init__(found.code, found.message, [found], status=409)


def run_change(run_id: UUID, act: Callable[[Work], Result]) -> tuple[Result, Applied]:
    """Lock the run, let `act` give inputs, place what became ready, write. Any error leaves no trace, except that
    one of the run's own making puts the run into quarantine."""
    began = time.monotonic()
    try:
        with transaction.atomic():
            work = _begin(run_id)
            result = act(work)
            applied = finish(work)
    except BrokenError as error:
        quarantine(run_id, error.trace)
        raise QuarantinedError(run_id) from error
    if applied.events:
        telemetry.observe("pipeloom_apply_seconds", time.monotonic() - began)
    return result, applied


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
    work.begin_nested()
    others = placing.place(work)
    if work.events:
        work.messages.append(outbox.hint_message(work.locked.run_id, seq=work.loaded.snapshot.seq))
        writing.write(work)
        outbox.after_commit(work.messages)
        afterwards(count_change, work)
        if work.nested or (work.loaded.about.nested and work.loaded.snapshot.state in RUN_TERMINAL):
            # The other run is changed by whoever looks next, in a transaction of its own.
            notify(outbox.CHANNEL)
    afterwards(store.cache_put, work.locked.run_id, work.loaded)
    if others:
        afterwards(kick, others)
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
