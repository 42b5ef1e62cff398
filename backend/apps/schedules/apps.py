"""The schedules app: runs that begin by the clock."""

from django.apps import AppConfig


class SchedulesConfig(AppConfig):
    """Registers the app under its short label."""

    name = "backend.apps.schedules"
    label = "schedules"
    verbose_name = "Schedules"
