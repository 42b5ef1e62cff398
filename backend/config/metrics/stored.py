"""What is true of the whole installation, read from the database when somebody asks for the web process's figures.

Only what is open is counted here: it stays small, and partial indexes find it. What has ended is counted as it ends.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from psycopg_pool import PoolTimeout

log = logging.getLogger(__name__)

_RUNS = "SELECT state, count(*) FROM runs_run WHERE state IN ('init', 'running') GROUP BY state"
_STEPS = """
SELECT s.state, count(*) FROM runs_run r JOIN runs_steprun s ON s.run_id = r.id
WHERE r.state IN ('init', 'running') AND s.state IN
    ('wait_inputs', 'hold', 'pending', 'creating', 'running', 'stopping') GROUP BY s.state
"""
_QUEUE = """
SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(ready_at)), 0)
FROM runs_steprun WHERE state = 'pending'
"""
_OUTBOX = """
SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(due_at)), 0)
FROM runs_outbox WHERE due_at <= clock_timestamp()
"""
_HOSTS = """
SELECT count(*) FILTER (WHERE alive), count(*) FILTER (WHERE NOT alive),
    coalesce(sum(cpu) FILTER (WHERE alive), 0), coalesce(sum(gpus) FILTER (WHERE alive), 0),
    coalesce(sum(used_cpu), 0), coalesce(sum(used_gpus), 0)
FROM (
    SELECT h.cpu, jsonb_array_length(h.gpus) AS gpus,
        h.online AND h.heartbeat_at > clock_timestamp() - make_interval(secs => %s) AS alive,
        (SELECT sum(l.cpu) FROM runs_lease l WHERE l.host_id = h.name) AS used_cpu,
        (SELECT count(*) FROM runs_devicelease d WHERE d.host_id = h.name) AS used_gpus
    FROM runs_workerhost h
) AS hosts
"""
_QUARANTINED = "SELECT count(*) FROM runs_run WHERE quarantined_at IS NOT NULL AND state IN ('init', 'running')"


class Stored(Collector):
    """Answers in one scrape, or says by `pipeloom_database_up` why it cannot."""

    def describe(self) -> Iterator[Metric]:
        """Nothing is looked up when the collector is registered."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        try:
            found = list(self._found())
        except (DatabaseError, PoolTimeout) as error:
            log.warning("metrics: the database does not answer: %s", error)
            found = []
        yield _one("pipeloom_database_up", "Whether the database answered this question.", float(bool(found)))
        yield from found

    def _found(self) -> Iterator[Metric]:
        yield _many("pipeloom_runs", "Runs that are not over, by state.", _rows(_RUNS), ("init", "running"))
        states = ("wait_inputs", "hold", "pending", "creating", "running", "stopping")
        yield _many("pipeloom_steps", "Steps of such runs that are under way or wait, by state.", _rows(_STEPS), states)
        ((length, oldest),) = _rows(_QUEUE)
        yield _one("pipeloom_queue_length", "Steps that wait for a place on a host.", length)
        yield _one("pipeloom_queue_oldest_seconds", "How long the oldest of them has waited.", oldest)
        ((due, lag),) = _rows(_OUTBOX)
        yield _one("pipeloom_outbox_due", "Messages that should have been sent by now.", due)
        yield _one("pipeloom_outbox_lag_seconds", "How long the oldest of them is overdue.", lag)
        ((quarantined,),) = _rows(_QUARANTINED)
        yield _one("pipeloom_runs_quarantined", "Open runs that stand still because their rows are wrong.", quarantined)
        yield from _hosts()


def _hosts() -> Iterator[Metric]:
    ((online, away, cpu, gpus, used_cpu, used_gpus),) = _rows(_HOSTS, [settings.PIPELOOM_HOST_STALE_SECONDS])
    hosts = [("online", online), ("away", away)]
    yield _many("pipeloom_hosts", "Worker hosts, by whether they answer.", hosts, ())
    slots = [("total", cpu), ("used", used_cpu)]
    yield _many("pipeloom_cpu_slots", "Cores of the hosts that answer, and cores held by attempts.", slots, (), "kind")
    cards = [("total", gpus), ("used", used_gpus)]
    yield _many("pipeloom_gpu_slots", "Cards of the hosts that answer, and cards held by attempts.", cards, (), "kind")


def _rows(query: str, params: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return list(cursor.fetchall())


def _one(name: str, text: str, value: Any) -> Metric:
    return GaugeMetricFamily(name, text, value=float(value))


def _many(name: str, text: str, rows: list[tuple[Any, ...]], states: tuple[str, ...], label: str = "state") -> Metric:
    """States without a row are 0 and not missing: a graph of them would have holes."""
    family = GaugeMetricFamily(name, text, labels=[label])
    for state, value in {**dict.fromkeys(states, 0), **dict(rows)}.items():
        family.add_metric([state], float(value))
    return family
