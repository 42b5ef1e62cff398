"""Projects: who belongs to them, who was invited, and what happened to that."""

from uuid import UUID

from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response

from backend.apps.accounts import serializers as wire
from backend.apps.accounts import services
from backend.apps.accounts.models import Invitation, Membership, Project, Role
from backend.apps.accounts.selectors import (
    history_of,
    invitations_of,
    members_of,
    project_fetch,
    projects_of,
    whole_person,
)
from backend.shared.errors import NotFoundError
from backend.shared.http import ProductView, operation, read
from backend.shared.pagination import containing, cut


class ProjectsView(ProductView):
    @operation(query=wire.ProjectListQuery, answer=wire.ProjectPage, summary="List your projects")
    def get(self, request: Request) -> Response:
        rows = containing(projects_of(request.user), self.query.get("search", ""), "name", "personal_of__username")
        if "role" in self.query:
            rows = rows.filter(my_role=self.query["role"])
        page = cut(rows, order=self.query["order"], limit=self.query["limit"], cursor=self.query.get("cursor"))
        return Response(wire.ProjectPage(page, context={"user": request.user}).data)

    @operation(body=wire.ProjectName, answer={201: wire.ProjectOut}, summary="Make a project")
    def post(self, request: Request) -> Response:
        """You are its manager."""
        made = services.project_create(by=whole_person(request.user), **read(wire.ProjectName, request))
        return _shown(request, made, status=201)


def _shown(request: Request, project: Project, status: int = 200) -> Response:
    found = projects_of(request.user).get(pk=project.pk)
    return Response(wire.ProjectOut(found, context={"user": request.user}).data, status=status)


class ProjectView(ProductView):
    @operation(answer=wire.ProjectOut, summary="Show a project")
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002 - the address's name
        return _shown(request, _project(request, id, Role.VIEWER))

    @operation(body=wire.ProjectName, answer=wire.ProjectOut, summary="Rename a project")
    def patch(self, request: Request, id: UUID) -> Response:  # noqa: A002
        project, given = _project(request, id), read(wire.ProjectName, request)
        return _shown(request, services.project_rename(project=project, by=request.user, **given))


def _project(request: Request, key: UUID, role: str = Role.MANAGER) -> Project:
    return project_fetch(user=request.user, role=role, project_id=key)


class MembersView(ProductView):
    @operation(query=wire.MemberListQuery, answer=wire.MemberList, summary="List the members of a project")
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        project = _project(request, id, Role.VIEWER)
        everybody = members_of(project)
        managers = everybody.filter(role=Role.MANAGER).count()
        rows = containing(everybody, self.query.get("search", ""), "user__username", "user__display_name")
        if "role" in self.query:
            rows = rows.filter(role=self.query["role"])
        page = cut(
            rows,
            order=self.query["order"],
            columns={"username": "user__username"},
            limit=self.query["limit"],
            cursor=self.query.get("cursor"),
        )
        return Response(wire.MemberList(page, context={"project": project, "managers": managers}).data)


class MemberView(ProductView):
    @operation(body=wire.MemberChange, answer={204: None}, summary="Change the role of a member")
    def patch(self, request: Request, id: UUID, user: UUID) -> Response:  # noqa: A002
        """The last manager, and the person of a personal project, stay managers."""
        project, given = _project(request, id), read(wire.MemberChange, request)
        services.member_set(project=project, user=_member(project, user).user, by=request.user, **given)
        return Response(status=204)

    @operation(answer={204: None}, summary="Remove a member")
    def delete(self, request: Request, id: UUID, user: UUID) -> Response:  # noqa: A002
        """They see nothing of the project any more, their tokens for it are revoked; what they started runs on."""
        project = _project(request, id)
        services.member_remove(project=project, user=_member(project, user).user, by=request.user)
        return Response(status=204)


def _member(project: Project, key: UUID) -> Membership:
    found = members_of(project).filter(user_id=key).first()
    if found is None:
        raise NotFoundError("member")
    return found


class LeaveView(ProductView):
    @operation(answer={204: None}, summary="Leave a project")
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """The last manager, and the person of a personal project, cannot."""
        user = whole_person(request.user)
        services.member_remove(project=_project(request, id, Role.VIEWER), user=user, by=user)
        return Response(status=204)


class InvitationsView(ProductView):
    @operation(query=wire.InvitationListQuery, answer=wire.InvitationPage, summary="List the invitations to a project")
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        rows = invitations_of(_project(request, id))
        if "role" in self.query:
            rows = rows.filter(role=self.query["role"])
        page = cut(rows, order=self.query["order"], limit=self.query["limit"], cursor=self.query.get("cursor"))
        return Response(wire.InvitationPage(page).data)

    @operation(body=wire.InvitationCreate, answer={201: wire.InvitationMade}, summary="Invite people to a project")
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Whoever holds the link joins with this role. It is shown in this answer and never again."""
        project, given = _project(request, id), read(wire.InvitationCreate, request)
        row, path = services.invitation_create(project=project, by=request.user, **given)
        link = settings.PIPELOOM_PUBLIC_URL + path
        return Response({**wire.InvitationOut(row).data, "link": link}, status=201)


class InvitationView(ProductView):
    @operation(answer={204: None}, summary="Withdraw an invitation")
    def delete(self, request: Request, id: UUID, invitation: UUID) -> Response:  # noqa: A002
        """Those who joined by it stay."""
        found: Invitation | None = invitations_of(_project(request, id)).filter(pk=invitation).first()
        if found is None:
            raise NotFoundError("invitation")
        services.invitation_revoke(invitation=found, by=request.user)
        return Response(status=204)


class HistoryView(ProductView):
    @operation(query=wire.HistoryQuery, answer=wire.HistoryPage, summary="Show who let whom in, when, and as what")
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        told = {name: self.query[name] for name in ("kind", "by", "whom") if name in self.query}
        rows = history_of(_project(request, id)).filter(**told)
        page = cut(rows, order=self.query["order"], limit=self.query["limit"], cursor=self.query.get("cursor"))
        return Response(wire.HistoryPage(page).data)
