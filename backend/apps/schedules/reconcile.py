"""The clock: looks for schedules whose time has come, and for runs of theirs that have failed. These rules go round
with those of the runs, in the reconciler's one loop."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from backend.apps.runs.reconcile import Rule
from backend.apps.schedules import selectors, services
from backend.shared.db import db_now

BATCH = 50


def due() -> Iterable[Any]:
    """Schedules whose time has come, by the clock of the database: one for all reconcilers."""
    return selectors.due(db_now(), BATCH)


def fire(schedule: Any) -> bool:
    return services.schedule_fire(schedule, now=db_now())


def ended() -> Iterable[Any]:
    return selectors.ended(BATCH)


def retry(fire_id: Any) -> bool:
    return services.fire_retry(fire_id)


def old() -> Iterable[bool]:
    """One item: everything that is old, in batches."""
    return [True]


def forget(_: Any) -> bool:
    return services.fires_forget(now=db_now()) > 0


RULES: tuple[Rule, ...] = (
    Rule("schedules", due, fire, every_seconds=0.5),
    Rule("scheduled retries", ended, retry, every_seconds=2),
    Rule("old fires", old, forget, every_seconds=3_600),
)
