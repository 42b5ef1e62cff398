"""Every figure that a process of ours counts, said once: its name, its help, its labels.

Labels are closed lists (states, rules, routes), never ids: the number of series must not grow with use. What is true
of the installation as a whole, and not of one process, is read from the database when somebody asks (config/metrics).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["counter", "gauge", "histogram"]
_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_SLOW = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 1800.0, 7200.0)


@dataclass(frozen=True, slots=True)
class Instrument:
    kind: Kind
    name: str
    help: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = _FAST


INSTRUMENTS: tuple[Instrument, ...] = (
    Instrument("counter", "pipeloom_runs_finished", "Runs that reached an end, by how they ended.", ("state",)),
    Instrument("counter", "pipeloom_steps_finished", "Steps that reached an end, by how they ended.", ("state",)),
    Instrument(
        "histogram", "pipeloom_queue_wait_seconds", "From a step being ready to its dispatch.", buckets=_SLOW
    ),
    Instrument("histogram", "pipeloom_dispatch_seconds", "From the dispatch of an attempt to its claim by a worker."),
    Instrument(
        "histogram", "pipeloom_finish_seconds", "From the end of a step's process to the commit of its result.",
    ),
    Instrument("histogram", "pipeloom_apply_seconds", "One change of one run: lock, decide, write, commit."),
    Instrument("counter", "pipeloom_attempts_lost", "Attempts given up, by the code of the reason.", ("reason",)),
    Instrument("counter", "pipeloom_metrics_updates", "Changes of metrics files that were stored."),
    Instrument("counter", "pipeloom_reconciler_repairs", "What the reconciler's rules found and did.", ("rule",)),
    Instrument("counter", "pipeloom_reconciler_errors", "Items at which a rule of the reconciler failed.", ("rule",)),
    Instrument("histogram", "pipeloom_reconciler_turn_seconds", "One look of the reconciler at everything."),
    Instrument("counter", "pipeloom_publish_failures", "Messages that Redis did not take; they are repeated."),
    Instrument("gauge", "pipeloom_sockets", "Open WebSockets of this process."),
    Instrument("counter", "pipeloom_frames_sent", "Frames sent over WebSockets."),
    Instrument(
        "histogram", "pipeloom_event_delivery_seconds", "From an event's commit to its frame being on the socket.",
    ),
    Instrument(
        "histogram", "pipeloom_http_request_seconds", "HTTP requests, by route and class of answer.",
        ("method", "route", "status"),
    ),
)  # fmt: skip
