"""Internal to `restore`: the rows of another world are told that it has ended."""

from typing import Any

from django.core.management.base import BaseCommand

from backend.apps.runs import services


class Command(BaseCommand):
    help = "Internal: after a restore, end what ran at the moment of the backup, so that it begins again."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def handle(self, *args: Any, **options: Any) -> None:
        lost = services.world_ended()
        self.stdout.write(f"{lost} steps that were running begin again when it is started")
