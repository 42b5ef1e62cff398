"""Migrations: one line of them an app, and nothing in the models that they do not say."""

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

OURS = {"accounts", "workflows", "assets", "runs"}


def test_it_has_one_newest_migration_in_every_app() -> None:
    assert MigrationLoader(None).detect_conflicts() == {}


def test_it_says_everything_that_the_models_say() -> None:
    before = MigrationLoader(None).project_state()

    changes = MigrationAutodetector(before, ProjectState.from_apps(apps)).changes(MigrationLoader(None).graph)

    assert {app: found for app, found in changes.items() if app in OURS} == {}
