"""Users, their projects and roles, and the secrets (stored hashed) by which they come in."""

from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models.functions import Lower

from backend.shared.clock import now, uuid7
from backend.shared.errors import ForbiddenError, NotFoundError


class Role(models.TextChoices):
    """In rising order: each may do all that the one before may."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    AUTHOR = "author"
    MANAGER = "manager"

    @classmethod
    def at_least(cls, role: str) -> list[str]:
        names = list(cls.values)
        return names[names.index(role) :]


Asker = AbstractBaseUser | AnonymousUser


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a token reaches: into one project only, or with no more than one role. None: as far as its person."""

    project: UUID | None = None
    role: str | None = None

    @property
    def whole(self) -> bool:
        return self.project is None and self.role is None

    def allows(self, role: str) -> bool:
        return self.role is None or role not in Role.at_least(self.role)[1:]

    def least(self, role: str) -> str:
        return role if self.allows(role) else str(self.role)


def reach_of(user: Asker) -> Reach:
    """Of the credentials by which this person came in just now."""
    found: Reach = getattr(user, "reach", Reach())
    return found


class Scoped(models.QuerySet[Any]):
    """The only door from a person to rows: `for_user`. `project_path` leads from the row to its project."""

    project_path = "project"

    def for_user(self, user: Asker, role: str = Role.VIEWER) -> Self:
        """The rows of projects in which the user has at least this role."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        reach = reach_of(user)
        mine = Membership.objects.filter(user=user, role__in=Role.at_least(role))
        if reach.project is not None:
            mine = mine.filter(project_id=reach.project)
        if not reach.allows(role):
            mine = mine.none()
        return self.filter(self.belonging(mine.values("project_id")))

    def belonging(self, projects: Any) -> models.Q:
        return models.Q(**{f"{self.project_path}__in": projects})

    def fetch_for(self, user: Asker, role: str = Role.VIEWER, **lookup: Any) -> Any:
        """One row; NotFoundError when it is not the user's to see, ForbiddenError when the role is too small."""
        row = self.for_user(user).filter(**lookup).first()
        if row is None:
            raise NotFoundError(str(self.model._meta.verbose_name))
        if role != Role.VIEWER and not self.for_user(user, role).filter(pk=row.pk).exists():
            raise ForbiddenError(role)
        return row


class ScopedOrShared(Scoped):
    """Rows without a project are seen by every signed-in user."""

    def belonging(self, projects: Any) -> models.Q:
        return super().belonging(projects) | models.Q(**{f"{self.project_path}__isnull": True})


class Own(models.QuerySet[Any]):
    """Rows that belong to one person and to nobody else, whatever the role."""

    def for_user(self, user: Asker, role: str = Role.VIEWER) -> Self:
        del role
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(user=user)

    def fetch_for(self, user: Asker, **lookup: Any) -> Any:
        row = self.for_user(user).filter(**lookup).first()
        if row is None:
            raise NotFoundError(str(self.model._meta.verbose_name))
        return row


def scoped(path: str) -> Any:
    """A manager for rows whose project is found along `path`, as in scoped("workflow__project")."""
    return type("ScopedBy", (Scoped,), {"project_path": path}).as_manager()


class UserManager(DjangoUserManager["User"]):
    def for_user(self, user: Asker, role: str = Role.VIEWER) -> models.QuerySet["User"]:
        del role
        return self.filter(pk=user.pk) if user.is_authenticated and user.is_active else self.none()


class User(AbstractUser):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(blank=True, default="")
    display_name = models.CharField(max_length=80, blank=True, default="")
    language = models.CharField(max_length=10, blank=True, default="")

    objects = UserManager()  # type: ignore[misc]

    class Meta(AbstractUser.Meta):
        constraints = (
            # "Ada" and "ada" must not be two people.
            models.UniqueConstraint(Lower("username"), name="username_once"),
        )

    @property
    def shown_name(self) -> str:
        return self.display_name or self.username


class ProjectQuerySet(Scoped):
    project_path = "pk"


class Project(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=100)
    personal_of = models.OneToOneField(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="personal_project"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "project"

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    joined_at = models.DateTimeField(default=now)

    objects = Scoped.as_manager()

    class Meta:
        verbose_name = "member"
        constraints = (
            models.UniqueConstraint(fields=("project", "user"), name="membership_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role"),
        )


class ApiToken(models.Model):
    """A script's key: 256 random bits, of which only the hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    project = models.ForeignKey(Project, null=True, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=10, choices=Role.choices, blank=True, default="")

    objects = Own.as_manager()

    class Meta:
        verbose_name = "token"

    @property
    def reach(self) -> Reach:
        return Reach(project=self.project_id, role=self.role or None)


class SignInLink(models.Model):
    """A link that signs in once, within minutes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_in_links")
    hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = Own.as_manager()


class Invitation(models.Model):
    """A link that makes its holder a member. Only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=10, choices=Role.choices)
    note = models.CharField(max_length=100, blank=True, default="")
    hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    max_uses = models.PositiveSmallIntegerField(default=1)
    uses = models.PositiveSmallIntegerField(default=0)

    objects = Scoped.as_manager()

    class Meta:
        verbose_name = "invitation"
        constraints = (
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="invitation_role"),
            models.CheckConstraint(condition=models.Q(uses__lte=models.F("max_uses")), name="invitation_uses"),
        )


class ProjectEvent(models.Model):
    """Who let whom in, when, and as what. Names are kept as they were then."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(auto_now_add=True)
    kind = models.CharField(max_length=30)
    by = models.CharField(max_length=150, blank=True, default="")
    whom = models.CharField(max_length=150, blank=True, default="")
    details = models.JSONField(default=dict)

    objects = Scoped.as_manager()


class SignInTry(models.Model):
    """A password that was tried: how often it may be is counted here, for all processes."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(default=now, db_index=True)

    objects: models.Manager["SignInTry"] = models.Manager()
