"""`manage.py worker`: runs steps on this machine. More machines = more of these, on the same database and Redis."""

import os
import re
import socket
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from backend.config.embedded.cards import simulated_cards
from backend.config.embedded.problems import SetupError


class Command(BaseCommand):
    help = "Run steps on this machine (a Celery worker with a queue of its own)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", help="the host's name (default: PIPELOOM_WORKER_NAME, else the machine's)")
        parser.add_argument("--concurrency", "--workers", type=int, help="CPU slots (default: the number of CPUs)")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"] or os.environ.get("PIPELOOM_WORKER_NAME") or socket.gethostname()
        if not re.fullmatch(r"[A-Za-z0-9._-]{1,64}", name):
            raise CommandError(f"{name!r} cannot be a host's name: use letters, digits, '.', '_', '-' (--name NAME).")
        try:
            simulated_cards()
        except SetupError as error:
            raise CommandError(str(error)) from error
        slots = options["concurrency"] or os.cpu_count() or 1
        os.environ.update(
            {
                "PIPELOOM_ROLE": "worker",
                "PIPELOOM_WORKER_NAME": name,
                "PIPELOOM_WORKER_QUEUE": f"host.{name}",
                "PIPELOOM_WORKER_SLOTS": str(slots),
                # Celery's own switch for "SIGTERM means the soft shutdown".
                "REMAP_SIGTERM": "SIGQUIT",
            }
        )
        # The parent of Celery: registers the machine, keeps it alive in the database, proves deaths.
        argv = [sys.executable, "-m", "workers.agent"]
        argv += ["--hostname", f"pipeloom@{name}", "--queues", f"host.{name}", "--concurrency", str(slots)]
        argv += ["--optimization", "fair", "--without-gossip", "--without-mingle", "--without-heartbeat"]
        argv += ["--loglevel", "INFO"]
        # The server never imports the workers' code, so this process becomes the worker instead.
        os.chdir(settings.BASE_DIR)
        os.execv(sys.executable, argv)  # noqa: S606
