"""The loop that makes losing any message harmless: it looks at what is stored and does what should have been done.

Each rule finds items and knows how to do one of them; doing it twice, or by several reconcilers at once, is
harmless, because everything goes through the same services as everywhere else. An item that fails is left alone
for a while, so that one broken run cannot keep the loop from all others.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError, connection
from django.db.models import BooleanField, ExpressionWrapper, F, Q
from django.db.models.functions import Coalesce, Now

from backend.apps.accounts.services import sign_ins_forget
from backend.apps.assets.services import (
    flavors_forget,
    unnamed_folder_remove,
    unnamed_folders,
    upload_forget,
    uploads_abandoned,
)
from backend.apps.runs import outbox, selectors, services
from backend.apps.runs.models import Attempt, Lease, MetricDelta, Run, StepRun, WorkerHost
from backend.domain.run.inputs import ForceStopped, StartRun
from backend.domain.run.states import RUN_TERMINAL
from backend.shared import telemetry
from backend.shared.patience import patience

FLOOR_SECONDS = 1.0
BATCH = 50
MOST_ROUNDS = 100
"""Of one rule in a row: whatever it finds, the other rules must have their turn."""
LEFT_ALONE_SECONDS = 30.0
PATIENCE_SECONDS = 20.0
KEPT_DELTAS = timedelta(days=1)
FORGOTTEN_HOSTS = timedelta(days=7)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rule:
    """`find` lists items that look as if something were due; `act` does one and says whether there was something."""

    name: str
    find: Callable[[], Iterable[Any]]
    act: Callable[[Any], bool]
    every_seconds: float = 0.0


def _seconds(name: str) -> timedelta:
    return timedelta(seconds=getattr(settings, name))


def _sound() -> Any:
    """Attempts on hosts; those that are runs of their own have rules of their own."""
    return Attempt.objects.filter(run__quarantined_at__isnull=True).exclude(host="")


# R1 -----------------------------------------------------------------------------------------------------------------


def outbox_due() -> Iterable[bool]:
    """One item: everything that is due, in batches."""
    return [True]


def outbox_relay(_: Any) -> bool:
    return outbox.relay_batch() > 0


# R2 -----------------------------------------------------------------------------------------------------------------


def unclaimed() -> Iterable[Any]:
    """Attempts whose message nobody took."""
    pause = _seconds("PIPELOOM_REPUBLISH_SECONDS")
    late = _sound().filter(state="dispatched", published_at__lt=Now() - pause).order_by("published_at")
    # Only a host that was asked all the time can be blamed: not after a sleep of ours or of the machine.
    refused = Q(dispatched_at__lt=Now() - _seconds("PIPELOOM_TAKE_SECONDS"), published_at__gt=Now() - 2 * pause)
    listed = late.annotate(refused=ExpressionWrapper(refused, BooleanField()))
    return listed.values_list("pk", "host", "published_at", "refused")[:BATCH]


def republish(item: Any) -> bool:
    """To a living host again. From a host that has gone, or takes nothing, the step goes back into the queue."""
    token, host, published, refused = item
    found = selectors.hosts_alive().filter(pk=host).values_list("queue", flat=True).first()
    if found is None or refused:
        return services.attempt_lost(token=str(token), reason="order.not_taken" if found else "order.host_gone")
    rows = Attempt.objects.filter(pk=token, state="dispatched")
    mine = rows.filter(published_at=published).update(published_at=Now())
    if mine and not outbox.publish("dispatch", {"queue": found, "token": str(token)}):
        # Nobody can take what Redis does not carry.
        rows.update(published_at=published)
        return False
    return bool(mine)


# R3, R4 -------------------------------------------------------------------------------------------------------------


def expired() -> Iterable[Any]:
    """Running attempts that nobody has spoken for since their lease ended, and the margin after it."""
    until = Coalesce(F("lease_until"), F("claimed_at") + _seconds("PIPELOOM_LEASE_SECONDS"), F("dispatched_at"))
    silent = _sound().filter(state="running").annotate(until=until)
    late = silent.filter(until__lt=Now() - _seconds("PIPELOOM_LEASE_MARGIN_SECONDS"))
    return late.values_list("pk", flat=True)[:BATCH]


def lease_over(token: Any) -> bool:
    return services.attempt_lost(token=str(token), reason="order.lease_over")


def of_other_boots() -> Iterable[Any]:
    """Running attempts of a host that has started anew since: their processes are certainly dead."""
    boots = WorkerHost.objects.values_list("name", "boot_id")
    stale = Q()
    for name, boot_id in boots:
        stale |= Q(host=name) & ~Q(boot_id=boot_id)
    return _sound().filter(stale, state="running").values_list("pk", flat=True)[:BATCH] if stale else []


def host_restarted(token: Any) -> bool:
    return services.attempt_lost(token=str(token), reason="order.host_restarted")


# R5 -----------------------------------------------------------------------------------------------------------------


def placeable() -> Iterable[Any]:
    """Runs with a step for which there is a place now."""
    return services.runs_with_a_place()


def place(run_id: Any) -> bool:
    applied = services.run_place(run_id)
    return bool(applied and applied.dispatched)


def unstarted() -> Iterable[Any]:
    """Runs that were created and never begun."""
    return Run.objects.filter(state="init", quarantined_at__isnull=True).values_list("pk", flat=True)[:BATCH]


def start(run_id: Any) -> bool:
    return bool(services.apply(run_id=run_id, given=StartRun()).events)


# R6 -----------------------------------------------------------------------------------------------------------------


def stopping_too_long() -> Iterable[Any]:
    """Steps whose process does not end although it was asked to."""
    late = Now() - _seconds("PIPELOOM_STOP_SECONDS")
    tokens = StepRun.objects.filter(state="stopping", token__isnull=False).values("token")
    return _sound().filter(pk__in=tokens, cancel_requested_at__lt=late).values_list("pk", "run_id")[:BATCH]


def force(item: Any) -> bool:
    token, run_id = item
    return bool(services.apply(run_id=run_id, given=ForceStopped(str(token))).events)


# R10, R11, R12 ------------------------------------------------------------------------------------------------------


def silent_hosts() -> Iterable[Any]:
    late = Now() - _seconds("PIPELOOM_HOST_STALE_SECONDS")
    return WorkerHost.objects.filter(online=True, heartbeat_at__lt=late).values_list("pk", flat=True)


def host_offline(name: Any) -> bool:
    log.warning("Host %s has been silent for too long; nothing is sent there until it speaks again.", name)
    return bool(WorkerHost.objects.filter(pk=name, online=True).update(online=False))


def forgotten_hosts() -> Iterable[Any]:
    late = Now() - FORGOTTEN_HOSTS
    return WorkerHost.objects.filter(heartbeat_at__lt=late, leases__isnull=True).values_list("pk", flat=True)


def host_forget(name: Any) -> bool:
    flavors_forget(host=name)
    return WorkerHost.objects.filter(pk=name, leases__isnull=True).delete()[0] > 0


def old_deltas() -> Iterable[Any]:
    """Metrics of attempts that ended long ago: whoever comes now takes the whole values."""
    ended = Attempt.objects.filter(ended_at__lt=Now() - KEPT_DELTAS, metrics__deltas__isnull=False)
    return ended.values_list("pk", flat=True).distinct()[:BATCH]


def deltas_delete(token: Any) -> bool:
    return MetricDelta.objects.filter(metric__attempt_id=token).delete()[0] > 0


def old_runs() -> Iterable[Any]:
    """Only where an administrator has said for how long runs are kept."""
    days = settings.PIPELOOM_KEEP_RUNS_DAYS
    if days <= 0:
        return []
    over = Run.objects.filter(finished_at__lt=Now() - timedelta(days=days), quarantined_at__isnull=True)
    return over.filter(state__in=[state.value for state in RUN_TERMINAL]).order_by("finished_at")[:BATCH]


def run_forget(run: Any) -> bool:
    services.run_delete(run=run)
    return True


def sign_ins_over() -> Iterable[bool]:
    return [True]


def sign_ins_delete(_: Any) -> bool:
    return sign_ins_forget() > 0


def orphaned_leases() -> Iterable[Any]:
    """Must never exist: resources held for an attempt that is over. Told, and mended."""
    over = Lease.objects.exclude(attempt__state__in=("dispatched", "running"))
    return over.filter(attempt__run__quarantined_at__isnull=True).values_list("pk", flat=True)[:BATCH]


def lease_mend(token: Any) -> bool:
    log.error("Attempt %s is over and still held resources. This is an error in Pipeloom; they are free now.", token)
    services.leases_release([str(token)])
    return True


RULES: tuple[Rule, ...] = (
    Rule("outbox", outbox_due, outbox_relay),
    Rule("place", placeable, place),
    Rule("nested end", services.nested_ended, services.nested_end),
    Rule("nested begin", services.nested_waiting, services.nested_begin),
    Rule("nested stop", services.nested_unwanted, services.nested_stop),
    Rule("unclaimed", unclaimed, republish),
    Rule("lease", expired, lease_over),
    Rule("boot", of_other_boots, host_restarted),
    Rule("stopping", stopping_too_long, force),
    Rule("unstarted", unstarted, start, every_seconds=10),
    Rule("silent hosts", silent_hosts, host_offline, every_seconds=5),
    Rule("forgotten hosts", forgotten_hosts, host_forget, every_seconds=600),
    Rule("old deltas", old_deltas, deltas_delete, every_seconds=60),
    Rule("abandoned uploads", uploads_abandoned, upload_forget, every_seconds=600),
    Rule("old runs", old_runs, run_forget, every_seconds=60),
    Rule("unnamed folders", unnamed_folders, unnamed_folder_remove, every_seconds=3_600),
    Rule("old sign-ins", sign_ins_over, sign_ins_delete, every_seconds=3_600),
    Rule("orphaned leases", orphaned_leases, lease_mend, every_seconds=30),
)


class Reconciler:
    """Runs the rules again and again; wakes when somebody commits something to send, and once a second anyway."""

    def __init__(self, rules: Iterable[Rule] = RULES) -> None:
        self.rules = tuple(rules)
        self.stopping = threading.Event()
        self._left_alone: dict[tuple[str, str], float] = {}
        self._next: dict[str, float] = {}

    def stop(self) -> None:
        """From a signal handler or another thread: finish the item at hand and return."""
        self.stopping.set()

    def run_once(self) -> int:
        """Every rule until it finds nothing more to do; returns how much there was."""
        done, began = 0, time.monotonic()
        for rule in self.rules:
            if time.monotonic() >= self._next.get(rule.name, 0.0):
                self._next[rule.name] = time.monotonic() + rule.every_seconds
                done += self._work(rule)
        telemetry.observe("pipeloom_reconciler_turn_seconds", time.monotonic() - began)
        return done

    def _work(self, rule: Rule) -> int:
        done = 0
        for _ in range(MOST_ROUNDS):
            with patience(PATIENCE_SECONDS, ask=True):
                items = list(rule.find())
            found = [self._one(rule, item) for item in items if not self.stopping.is_set()]
            done += sum(found)
            if not any(found) or self.stopping.is_set():
                break
        return done

    def _one(self, rule: Rule, item: Any) -> bool:
        key = (rule.name, str(item))
        if self._left_alone.get(key, 0.0) > time.monotonic():
            return False
        try:
            with patience(PATIENCE_SECONDS, ask=True):
                found = rule.act(item)
            if found:
                telemetry.count("pipeloom_reconciler_repairs", rule=rule.name)
            return found
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            # Among them what the database says of this one item's data: it must not keep the loop from the others.
            self._left_alone = {each: until for each, until in self._left_alone.items() if until > time.monotonic()}
            self._left_alone[key] = time.monotonic() + LEFT_ALONE_SECONDS
            telemetry.count("pipeloom_reconciler_errors", rule=rule.name)
            log.exception("Rule %s failed for %s; it is tried again in %d s.", rule.name, item, LEFT_ALONE_SECONDS)
            return False

    def run_forever(self) -> None:
        """Until `stop`. A database that is away is waited for."""
        outbox.publishing_start()
        while not self.stopping.is_set():
            try:
                _listen()
                while not self.stopping.is_set():
                    self.run_once()
                    self._sleep()
            except (DatabaseError, psycopg.Error) as error:
                log.warning("The database does not answer (%s); trying again in a second.", error)
                connection.close()
                self.stopping.wait(FLOOR_SECONDS)

    def _sleep(self) -> None:
        raw = connection.connection
        for _ in raw.notifies(timeout=FLOOR_SECONDS, stop_after=1):
            break


def _listen() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {outbox.CHANNEL}")


def run(reconciler: Reconciler | None = None) -> None:
    """The body of `manage.py reconcile`."""
    (reconciler or Reconciler()).run_forever()
