"""`manage.py doctor`: is this machine, and what runs on it, fit for Pipeloom?"""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from backend.config.diagnosis import diagnose
from backend.config.findings import BAD, GOOD


class Command(BaseCommand):
    help = "Check versions, database, Redis, disk, isolation, GPUs and engines; exit 1 when something must be done."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def handle(self, *args: Any, **options: Any) -> None:
        bad = 0
        for finding in diagnose():
            bad += finding.level == BAD
            paint = {BAD: self.style.ERROR, GOOD: self.style.SUCCESS}.get(finding.level, self.style.WARNING)
            self.stdout.write(f"  {paint(finding.level.ljust(4))}  {finding.subject.ljust(11)} {finding.text}")
        if bad:
            self.stdout.write(f"{bad} {'thing needs' if bad == 1 else 'things need'} attention.")
            sys.exit(1)
        self.stdout.write("All is well.")
