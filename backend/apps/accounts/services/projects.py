"""Projects and who belongs to them. A project always has a manager, and its own person where it is personal."""

from typing import Any

from django.db import transaction

from backend.apps.accounts.models import ApiToken, Membership, Project, ProjectEvent, Role, User
from backend.domain.problems import problem
from backend.shared.errors import ConflictError, NotFoundError


@transaction.atomic
def project_create(*, name: str, by: User) -> Project:
    project = Project.objects.create(name=name)
    Membership.objects.create(project=project, user=by, role=Role.MANAGER)
    project_note(project, "created", by=by, name=name)
    return project


@transaction.atomic
def project_rename(*, project: Project, name: str, by: User) -> Project:
    held = Project.objects.select_for_update().get(pk=project.pk)
    before, held.name = held.name, name
    if before != name:
        held.save(update_fields=["name"])
        project_note(held, "renamed", by=by, before=before, after=name)
    return held


@transaction.atomic
def member_set(*, project: Project, user: User, role: str, by: User | None = None) -> Membership:
    """Makes a member, or gives one another role."""
    wanted = Role(role)
    # Two managers who step down at the same moment must not both see the other stay.
    held = Project.objects.select_for_update().get(pk=project.pk)
    found = Membership.objects.filter(project=held, user=user).first()
    if found is None:
        project_note(held, "joined", by=by, whom=user, role=wanted.value)
        return Membership.objects.create(project=held, user=user, role=wanted)
    if found.role != wanted:
        if wanted != Role.MANAGER:
            _keep_managed(held, found)
        before, found.role = found.role, wanted
        found.save(update_fields=["role"])
        project_note(held, "role_changed", by=by, whom=user, before=before, after=wanted.value)
    return found


@transaction.atomic
def member_remove(*, project: Project, user: User, by: User | None = None) -> None:
    """Their tokens for this project go along; what they started runs on, because it belongs to the project."""
    held = Project.objects.select_for_update().get(pk=project.pk)
    found = Membership.objects.filter(project=held, user=user).first()
    if found is None:
        raise NotFoundError("member")
    _keep_managed(held, found)
    found.delete()
    ApiToken.objects.filter(user=user, project=held).delete()
    project_note(held, "left" if by == user else "removed", by=by, whom=user, role=found.role)


def _keep_managed(project: Project, going: Membership) -> None:
    if project.personal_of_id == going.user_id:
        raise ConflictError(problem("project.owner_stays", name=going.user.shown_name))
    managers = Membership.objects.filter(project=project, role=Role.MANAGER).exclude(pk=going.pk)
    if going.role == Role.MANAGER and not managers.exists():
        raise ConflictError(problem("project.last_manager", name=going.user.shown_name))


def project_note(project: Project, kind: str, *, by: User | None, whom: User | None = None, **details: Any) -> None:
    ProjectEvent.objects.create(
        project=project,
        kind=kind,
        by=by.username if by else "",
        whom=whom.username if whom else "",
        details=details,
    )
