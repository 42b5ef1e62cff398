"""Invitations: a link that makes its holder a member of a project, with the role that it names."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from backend.apps.accounts.models import Invitation, Membership, Project, Role, User
from backend.apps.accounts.selectors import hash_of
from backend.apps.accounts.services.people import user_register
from backend.apps.accounts.services.projects import member_set, project_note
from backend.domain.problems import problem
from backend.shared.clock import now
from backend.shared.errors import ProductError


@transaction.atomic
def invitation_create(
    *, project: Project, role: str, by: User, days: int = 7, max_uses: int = 1, note: str = ""
) -> tuple[Invitation, str]:
    """The row, and the path of the page where it is accepted: shown now and never again."""
    plain = secrets.token_urlsafe(32)
    row = Invitation.objects.create(
        project=project,
        role=Role(role),
        hash=hash_of(plain),
        created_by=by,
        expires_at=now() + timedelta(days=days),
        max_uses=max_uses,
        note=note,
    )
    project_note(project, "invited", by=by, role=role, note=note, uses=max_uses)
    return row, f"/join/{plain}/"


@transaction.atomic
def invitation_revoke(*, invitation: Invitation, by: User) -> None:
    """Those who joined by it stay."""
    changed = Invitation.objects.filter(pk=invitation.pk, revoked_at__isnull=True).update(revoked_at=now())
    if changed:
        project_note(invitation.project, "invitation_revoked", by=by, role=invitation.role, note=invitation.note)


@transaction.atomic
def invitation_accept(*, token: str, user: User) -> Project:
    """Somebody who is a member already keeps their role, and the invitation its use."""
    found = _usable(token)
    if not Membership.objects.filter(project_id=found.project_id, user=user).exists():
        _use(found)
        member_set(project=found.project, user=user, role=found.role, by=found.created_by)
    project: Project = found.project
    return project


@transaction.atomic
def invitation_register(*, token: str, username: str, password: str) -> tuple[User, Project]:
    """A new person, only together with their place in the project."""
    found = _usable(token)
    user = user_register(username=username, password=password)
    _use(found)
    member_set(project=found.project, user=user, role=found.role, by=found.created_by)
    return user, found.project


def _usable(token: str) -> Invitation:
    usable = Invitation.objects.select_related("project", "created_by").filter(
        hash=hash_of(token), revoked_at__isnull=True, expires_at__gt=now(), uses__lt=F("max_uses")
    )
    found: Invitation | None = usable.first()
    if found is None:
        raise ProductError.of(problem("project.invitation_over"), status=404)
    return found


def _use(invitation: Invitation) -> None:
    """Of two at the same moment one update finds the last use left."""
    open_still = Invitation.objects.filter(
        pk=invitation.pk, revoked_at__isnull=True, expires_at__gt=now(), uses__lt=F("max_uses")
    )
    if not open_still.update(uses=F("uses") + 1):
        raise ProductError.of(problem("project.invitation_over"), status=404)
