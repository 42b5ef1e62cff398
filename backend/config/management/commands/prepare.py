"""Internal to `up`: bring the database up to date, install the sample, print the sign-in link as JSON."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from backend.apps.accounts.services import sign_in_link_create, user_ensure_first
from backend.apps.assets.services import engine_register


class Command(BaseCommand):
    help = "Internal: migrate when needed, make the first user, register the sample's engine, print a sign-in link."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--link-only", action="store_true", help="only make a link for the running instance")
        parser.add_argument("--engine", type=json.loads, help="a built engine, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        migrated = 0 if options["link_only"] else _migrate()
        if options["engine"]:
            engine = options["engine"]
            engine_register(
                name=engine["name"],
                version=engine["version"],
                interpreter=engine["interpreter"],
                lock_hash=engine["lock_hash"],
            )
            call_command("install_samples")
        link = sign_in_link_create(user=user_ensure_first())
        self.stdout.write(json.dumps({"migrated": migrated, "link": link}))


def _migrate() -> int:
    """How many were applied; looking costs one query, Django's own command several seconds more."""
    executor = MigrationExecutor(connection)
    planned = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if planned:
        call_command("migrate", interactive=False, verbosity=0)
    return len(planned)
