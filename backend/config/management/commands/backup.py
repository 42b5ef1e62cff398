"""`manage.py backup DIR`: while everything runs, or of servers of your own."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from backend.apps.assets.services import folders_outside
from backend.config.backup import backup_make
from backend.config.embedded.address import database_url
from backend.config.embedded.home import home_at
from backend.config.embedded.problems import SetupError


class Command(BaseCommand):
    help = "Copy the database and the files that cannot be made again into a new folder. Pipeloom may be running."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", help="a folder that does not exist yet")

    def handle(self, *args: Any, **options: Any) -> None:
        home = home_at(settings.PIPELOOM_HOME)
        target = Path(options["folder"]).expanduser().absolute()
        try:
            about = backup_make(home, target, database=database_url(home), outside=folders_outside(home.path))
        except (SetupError, OSError) as error:
            raise CommandError(str(error)) from error
        for each in about["outside"]:
            self.stderr.write(f"The storage folder {each} lies outside the home and is not in the backup.")
        self.stdout.write(f"{target}: the database and {about['files']} files, {about['bytes'] / 1e6:.1f} MB")
