"""`manage.py up` as Django lists it; manage.py itself takes a shorter way to the same code."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.config.embedded.up import add_arguments, main


class Command(BaseCommand):
    help = "Set up what is missing, run the whole product, print a sign-in link. Ctrl-C stops it in order."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        given = [f"--{name}={options[name]}" for name in ("home", "port", "workers") if options[name] is not None]
        if main(given) != 0:
            raise CommandError("Pipeloom did not start; the sentence above says why.")
