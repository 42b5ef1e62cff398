"""One change of one run while its transaction is open: what was decided and is not written yet.

Inputs go through `decide`, and their events are folded into the snapshot at once, so that the next input of the same
transaction sees them.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import Error as DatabaseError

from backend.apps.runs import outbox, store
from backend.apps.runs.services.types import Assigned
from backend.domain.run.commands import BeginRun, CancelAttempt, DispatchAttempt, QueueStep, ReleaseAttempt
from backend.domain.run.events import Event
from backend.domain.run.fold import fold
from backend.domain.run.inputs import AssignStep, Input
from backend.domain.run.machine import Decision, decide
from backend.domain.run.resources import Resources
from backend.domain.run.states import StepState
from backend.shared.clock import uuid7
from backend.shared.errors import ProductError

NOWHERE = ""
"""The host of an attempt that is a run of another workflow."""


class BrokenError(Exception):
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
    dispatched: list[tuple[DispatchAttempt, Resources | None]] = field(default_factory=list)
    attempt_fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    messages: list[outbox.Message] = field(default_factory=list)
    run_changed: bool = False
    nested: bool = False
    """Runs have to be made or stopped that are steps of this one."""
    to_begin: list[str] = field(default_factory=list)
    """Such steps, which need nothing but an attempt to begin."""

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
            elif isinstance(command, BeginRun):
                self.to_begin.append(command.step)

    def _cancel(self, token: str) -> None:
        host = self.loaded.snapshot.steps[self.loaded.snapshot.tokens[token]].host
        self.cancelled.append(token)
        if host:
            self.messages.append(outbox.cancel_message(token, host))
        self.nested = self.nested or not host

    def begin_nested(self) -> None:
        """Give an attempt to each step that waits for nothing else; its run is made once that is committed."""
        for step in self.to_begin:
            decision = self.give(AssignStep(step, str(uuid7()), NOWHERE))
            self.dispatched += [(each, None) for each in decision.commands if isinstance(each, DispatchAttempt)]
        self.nested = self.nested or bool(self.to_begin)
        self.to_begin.clear()

    def dispatch(self, assigned: Assigned) -> None:
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
    except (DatabaseError, ProductError, BrokenError):
        raise
    except Exception as error:
        raise BrokenError(traceback.format_exc()) from error
