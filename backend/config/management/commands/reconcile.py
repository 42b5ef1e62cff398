"""`manage.py reconcile`: repairs whatever a lost message, a dead process or a restart left undone, and tells people
what happened."""

import os
import signal
from typing import Any

from django.core.management.base import BaseCommand

from backend.apps.notifications.reconcile import Messenger
from backend.apps.runs.reconcile import Reconciler, run


class Command(BaseCommand):
    help = "Relay what was committed, notice lost attempts and silent hosts, start what became possible, tell people."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def handle(self, *args: Any, **options: Any) -> None:
        reconciler, messenger = Reconciler(), Messenger()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: reconciler.stopping.set())
        self.stderr.write(f"reconciler {os.getpid()} works")
        messenger.start()
        try:
            run(reconciler)
        finally:
            messenger.stop()
