"""The live values of metrics files: a revision per attempt and file, in tables of their own, without the run's lock."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from backend.apps.runs import outbox
from backend.apps.runs.models import MetricDelta
from backend.apps.runs.services.types import MetricsUpdate
from backend.shared import telemetry
from backend.shared.db import db_now

KEPT_DELTAS = 200
SWEEP_EVERY = 50

_UPSERT = """
INSERT INTO runs_metric (run_id, attempt_id, step, output, path, rev, value, problem, at)
SELECT a.run_id, a.id, a.step, %s, %s, 1, %s, %s, %s FROM runs_attempt a
WHERE a.id = %s AND a.state IN ('dispatched', 'running')
ON CONFLICT (attempt_id, output, path) DO UPDATE SET rev = runs_metric.rev + 1,
    value = coalesce(excluded.value, runs_metric.value), problem = excluded.problem, at = excluded.at
RETURNING id, rev, run_id, step
"""


def attempt_metrics(*, token: str, updates: Iterable[MetricsUpdate]) -> None:
    """Store what changed and tell who watches. An attempt that is over is told nothing and changes nothing."""
    with transaction.atomic():
        now = db_now()
        stored = [row for each in updates if (row := _stored(token, each, now))]
    telemetry.count("pipeloom_metrics_updates", len(stored))
    if stored and outbox.publishing():
        revs = [[token, each.output, each.path, rev] for each, _, rev, _ in stored]
        message = outbox.hint_message(stored[0][3], metrics=revs)
        outbox.publish(message.kind, message.payload)


def _stored(token: str, update: MetricsUpdate, now: Any) -> tuple[MetricsUpdate, int, int, Any] | None:
    value, wrong = _text(update.value), _text(update.problem)
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, [update.output, update.path, value, wrong, now, token])
        row = cursor.fetchone()
    if row is None:
        return None
    metric, rev, run_id, _ = row
    # Without a delta a reader takes the whole value; so does one that is further behind than we keep.
    MetricDelta.objects.create(metric_id=metric, rev=rev, delta=update.delta, problem=update.problem, at=now)
    if rev % SWEEP_EVERY == 0:
        MetricDelta.objects.filter(metric_id=metric, rev__lt=rev - KEPT_DELTAS).delete()
    return update, metric, rev, run_id


def _text(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
