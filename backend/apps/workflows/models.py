"""A workflow: one draft that people edit, and versions that never change."""

from typing import Self

from django.conf import settings
from django.db import models

from backend.apps.accounts.models import Asker, Project, Role, Scoped
from backend.shared.clock import uuid7
from backend.shared.db import JsonTextField


class WorkflowQuerySet(Scoped):
    def for_user(self, user: Asker, role: str = Role.VIEWER) -> Self:
        return super().for_user(user, role).filter(deleted_at__isnull=True)


class Workflow(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="workflows")
    name = models.CharField(max_length=128)
    description = models.TextField(blank=True, default="")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    # A deleted workflow leaves the lists and gives its name back; its runs stay readable.
    deleted_at = models.DateTimeField(null=True)
    last_version = models.PositiveIntegerField(default=0)

    objects = WorkflowQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("project", "name"), condition=models.Q(deleted_at__isnull=True), name="workflow_name_once"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Version(Scoped):
    project_path = "workflow__project"

    def for_user(self, user: Asker, role: str = Role.VIEWER) -> Self:
        return super().for_user(user, role).filter(workflow__deleted_at__isnull=True)


class WorkflowVersion(models.Model):
    """A document that never changes (a trigger sees to it); `name` and `released_at` are given once, by a release."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workflow = models.ForeignKey(Workflow, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    document = JsonTextField()
    hash = models.CharField(max_length=64)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    name = models.CharField(max_length=100, blank=True, default="")
    notes = models.TextField(blank=True, default="")
    released_at = models.DateTimeField(null=True)

    objects = Version.as_manager()

    class Meta:
        verbose_name = "version"
        constraints = (models.UniqueConstraint(fields=("workflow", "number"), name="version_number_once"),)

    @property
    def released(self) -> bool:
        return self.released_at is not None


class Draft(models.Model):
    """What people edit. `revision` guards against lost edits, `base_version` knows what the draft grew from."""

    workflow = models.OneToOneField(Workflow, primary_key=True, on_delete=models.CASCADE, related_name="draft")
    document = JsonTextField()
    revision = models.PositiveIntegerField(default=1)
    base_version = models.PositiveIntegerField(default=0)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    objects = Version.as_manager()
