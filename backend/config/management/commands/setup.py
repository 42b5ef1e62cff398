"""`manage.py setup`: what has to be done once before the processes start, and after every upgrade."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from backend.config.embedded.home import home_at, home_ensure
from backend.config.embedded.preparation import ENGINE_NAME, ENGINE_REQUIREMENTS, ENGINE_VERSION
from backend.config.embedded.problems import SetupError
from backend.config.engine_build import EngineError, engine_found, ensure_engine
from backend.shared.db import advisory_lock_session


class Command(BaseCommand):
    help = "Make the home, bring the database up to date, make the first user, install the sample. Harmless to repeat."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--build-engine", action="store_true", help="build the sample's engine when it is missing")

    def handle(self, *args: Any, **options: Any) -> None:
        home = home_at(settings.PIPELOOM_HOME)
        try:
            if home_ensure(home):
                self.stdout.write(f"made the home {home.path}")
        except SetupError as error:
            raise CommandError(str(error)) from error
        engine = self._engine(home.path, build=options["build_engine"])
        answer = StringIO()
        # Several hosts may start at once; one migrates, the others find it done.
        with advisory_lock_session("setup"):
            call_command("prepare", **({"engine": engine} if engine else {}), stdout=answer)
        told = json.loads(answer.getvalue().strip().splitlines()[-1])
        self.stdout.write(
            f"applied {told['migrated']} migrations" if told["migrated"] else "the database is up to date"
        )
        self.stdout.write("sign in with the link of: manage.py signin")

    def _engine(self, home: Path, *, build: bool) -> dict[str, Any] | None:
        asked = (home, ENGINE_NAME, ENGINE_VERSION, ENGINE_REQUIREMENTS)
        try:
            found = ensure_engine(*asked) if build else engine_found(*asked)
        except EngineError as error:
            # Without it the product works, only the sample does not.
            self.stderr.write(f"the sample's engine could not be built: {error}")
            return None
        if found is None:
            self.stdout.write("the sample is left out: its engine is not built here (--build-engine)")
            return None
        return asdict(found)
