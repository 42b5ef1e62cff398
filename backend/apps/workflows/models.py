"""A workflow: one draft that people edit, and versions that never change."""

from typing import Self

from django.conf import settings
from django.db import models

from backend.apps.accounts.models import Asker, Project, Role, Scoped, reach_of
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


class Sharing(models.TextChoices):
    """Who may see something of the gallery besides its project."""

    PRIVATE = "private"
    GROUP = "group"
    PUBLIC = "public"


class Shared(Scoped):
    """`for_user` with no more than a viewer's role reaches what others share; to change it one must belong to it."""

    def for_user(self, user: Asker, role: str = Role.VIEWER) -> Self:
        mine = super().for_user(user, role)
        if role != Role.VIEWER or not user.is_authenticated or not user.is_active or reach_of(user).project:
            return mine
        found: Self = mine | self.filter(self.seen_by(user.get_username()))
        return found

    def seen_by(self, name: str) -> models.Q:
        named = GalleryVersion.objects.filter(users__contains=[name]).values("asset")
        return models.Q(sharing=Sharing.PUBLIC) | models.Q(sharing=Sharing.GROUP, pk__in=named)


class SharedVersions(Shared):
    project_path = "asset__project"

    def seen_by(self, name: str) -> models.Q:
        group = models.Q(asset__sharing=Sharing.GROUP, users__contains=[name])
        return models.Q(asset__sharing=Sharing.PUBLIC) | group


class GalleryAsset(models.Model):
    """A workflow that is offered to others; its id is the `content_id` of programs."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="gallery_assets")
    title = models.CharField(max_length=64)
    sharing = models.CharField(max_length=10, choices=Sharing.choices, default=Sharing.PRIVATE)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = Shared.as_manager()

    class Meta:
        verbose_name = "asset of the gallery"
        constraints = (models.CheckConstraint(condition=models.Q(sharing__in=Sharing.values), name="gallery_sharing"),)


class GalleryVersion(models.Model):
    """A document under a number that never means another one. `users`: who sees it, where a group does."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    asset = models.ForeignKey(GalleryAsset, on_delete=models.CASCADE, related_name="versions")
    number = models.CharField(max_length=20)
    place = models.PositiveIntegerField()
    description = models.TextField(blank=True, default="")
    document = JsonTextField()
    users = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SharedVersions.as_manager()

    class Meta:
        verbose_name = "version in the gallery"
        constraints = (
            models.UniqueConstraint(fields=("asset", "number"), name="gallery_number_once"),
            models.UniqueConstraint(fields=("asset", "place"), name="gallery_place_once"),
        )
