"""`manage.py engine NAME VERSION INTERPRETER`: an environment of yours becomes an engine that jobs can name."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.apps.assets.services import engine_register


class Command(BaseCommand):
    help = "Register a Python environment as an engine, or say anew where it is. Every worker must find it there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="engine_name in a job")
        parser.add_argument("version", help="engine_version in a job")
        parser.add_argument("interpreter", help="the environment's Python, for example /opt/torch/bin/python")
        parser.add_argument("--description", default="", help="what is in it")

    def handle(self, *args: Any, **options: Any) -> None:
        # Not resolved: the interpreter of a virtual environment is a link that leads out of it.
        interpreter = Path(options["interpreter"]).absolute()
        if not interpreter.is_file() or not os.access(interpreter, os.X_OK):
            raise CommandError(f"{interpreter} is no program. Give the Python of the environment.")
        made = engine_register(
            name=options["name"],
            version=options["version"],
            interpreter=str(interpreter),
            description=options["description"],
        )
        self.stdout.write(f"Engine {made.name} {made.version}: {made.interpreter}")
