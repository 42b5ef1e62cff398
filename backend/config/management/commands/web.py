"""`manage.py web`: the web process alone, for installations whose processes somebody else supervises."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

DEFAULT = "127.0.0.1:8470"


class Command(BaseCommand):
    help = "Serve pages, the API and sockets (containers, systemd). `manage.py up` does this and everything else."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bind", metavar="HOST:PORT", default=DEFAULT, help=f"where to listen (default {DEFAULT})")

    def handle(self, *args: Any, **options: Any) -> None:
        os.environ["PIPELOOM_ROLE"] = "web"
        os.chdir(settings.BASE_DIR)
        # Anew: the role decides how settings hold database connections.
        os.execv(sys.executable, [sys.executable, "-m", "backend.config.web", "--bind", options["bind"]])  # noqa: S606
