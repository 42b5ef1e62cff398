"""`manage.py restore DIR --home NEW`: a backup becomes a home that `manage.py up` starts."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.config.embedded.console import Console
from backend.config.embedded.home import home_at
from backend.config.embedded.problems import SetupError
from backend.config.restore import backup_restore


class Command(BaseCommand):
    help = "Make a new home from a backup. What ran at the moment of the backup begins again when it is started."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", help="what `manage.py backup` has made")
        parser.add_argument("--home", help="a folder that is empty or does not exist yet (default: PIPELOOM_HOME)")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = options["home"] or os.environ.get("PIPELOOM_HOME")
        if not chosen:
            raise CommandError("Say where the new home shall be: --home DIR, or PIPELOOM_HOME.")
        home = home_at(chosen)
        try:
            backup_restore(Path(options["folder"]).expanduser().absolute(), home, Console())
        except (SetupError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{home.path} is restored; start it with: manage.py up --home {home.path}")
