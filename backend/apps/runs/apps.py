"""The runs app: what happens when a workflow runs."""

from django.apps import AppConfig


class RunsConfig(AppConfig):
    """Registers the app under its short label."""

    name = "backend.apps.runs"
    label = "runs"
    verbose_name = "Runs"
