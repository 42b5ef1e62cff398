"""The notifications app: who is told what happened in a run, and where."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Registers the app under its short label."""

    name = "backend.apps.notifications"
    label = "notifications"
    verbose_name = "Notifications"
