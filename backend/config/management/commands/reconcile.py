"""`manage.py reconcile`: repairs whatever a lost message, a dead process or a restart left undone."""

import logging
import os
import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.apps.runs.reconcile import Reconciler, run
from backend.shared.telemetry.serving import AddressError, serve

log = logging.getLogger("pipeloom.reconciler")


class Command(BaseCommand):
    help = "Relay what was committed, notice lost attempts and silent hosts, start what became possible."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def handle(self, *args: Any, **options: Any) -> None:
        reconciler = Reconciler()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: reconciler.stopping.set())
        address = os.environ.get("PIPELOOM_RECONCILER_METRICS")
        try:
            figures = serve(address) if address else None
        except AddressError as error:
            raise CommandError(str(error)) from error
        log.info("Reconciler %d works.", os.getpid())
        run(reconciler)
        if figures:
            figures.shutdown()
