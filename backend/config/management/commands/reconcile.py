"""`manage.py reconcile`: repairs whatever a lost message, a dead process or a restart left undone, starts what is due,
and tells people what happened."""

import logging
import os
import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.apps.notifications.reconcile import Messenger
from backend.apps.runs.reconcile import RULES, Reconciler, run
from backend.apps.schedules import reconcile as schedules
from backend.shared.telemetry.serving import AddressError, serve

log = logging.getLogger("pipeloom.reconciler")


class Command(BaseCommand):
    help = "Relay what was committed, notice lost attempts and silent hosts, start what became possible, tell people."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def handle(self, *args: Any, **options: Any) -> None:
        reconciler, messenger = Reconciler((*RULES, *schedules.RULES)), Messenger()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: reconciler.stopping.set())
        address = os.environ.get("PIPELOOM_RECONCILER_METRICS")
        try:
            figures = serve(address) if address else None
        except AddressError as error:
            raise CommandError(str(error)) from error
        log.info("Reconciler %d works.", os.getpid())
        messenger.start()
        try:
            run(reconciler)
        finally:
            messenger.stop()
            if figures:
                figures.shutdown()
