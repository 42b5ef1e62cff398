"""Workflows: drafts, and the immutable versions that runs point at."""

from django.apps import AppConfig


class WorkflowsConfig(AppConfig):
    name = "backend.apps.workflows"
    label = "workflows"
