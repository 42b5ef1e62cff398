"""Schedules: list, make, change, look ahead, look back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from backend.apps.accounts.models import Role
from backend.apps.schedules import selectors, services
from backend.apps.schedules import serializers as wire
from backend.apps.schedules.models import Schedule
from backend.apps.workflows.models import Workflow
from backend.shared.db import db_now
from backend.shared.http import ProductView, operation, read
from backend.shared.pagination import cut


def _schedule(request: Request, key: UUID, role: str = Role.VIEWER) -> Schedule:
    rows = Schedule.objects.select_related("workflow", "workflow__project", "created_by", "owner")
    found: Schedule = rows.fetch_for(request.user, role, pk=key)
    return found


def _shown(row: Schedule) -> dict[str, Any]:
    return dict(wire.ScheduleOut(row, context={"last": selectors.last_fires([row])}).data)


def _page(view: ProductView, request: Request, **also: Any) -> Response:
    query = view.query
    told = {name: query[name] for name in ("workflow", "project", "enabled") if name in query}
    rows = selectors.schedules_of(request.user, **{**told, **also})
    page = cut(rows, order=query["order"], limit=query["limit"], cursor=query.get("cursor"))
    return Response(wire.SchedulePage(page, context={"last": selectors.last_fires(page.items)}).data)


class WorkflowSchedulesView(ProductView):
    @operation(
        query=wire.WorkflowScheduleListQuery, answer=wire.SchedulePage, summary="List the schedules of a workflow"
    )
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002 - the address's name
        return _page(self, request, workflow=Workflow.objects.fetch_for(request.user, pk=id).pk)

    @operation(body=wire.ScheduleCreate, answer={201: wire.ScheduleOut}, summary="Make a schedule")
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """At its times the newest release is run, in the name of whoever makes the schedule, or changes it later."""
        workflow = Workflow.objects.select_related("project").fetch_for(request.user, Role.OPERATOR, pk=id)
        given = read(wire.ScheduleCreate, request)
        row = services.schedule_create(workflow=workflow, by=request.user, now=db_now(), **given)
        return Response(_shown(row), status=201)


class SchedulesView(ProductView):
    @operation(query=wire.ScheduleListQuery, answer=wire.SchedulePage, summary="List schedules of all workflows")
    def get(self, request: Request) -> Response:
        return _page(self, request)


class SchedulePreviewView(ProductView):
    @operation(body=wire.SchedulePreview, answer=wire.SchedulePreviewOut, summary="Say when a schedule would fire")
    def post(self, request: Request) -> Response:
        given = read(wire.SchedulePreview, request)
        return Response(wire.SchedulePreviewOut({"next": services.times_previewed(**given, now=db_now())}).data)


class ScheduleView(ProductView):
    @operation(answer=wire.ScheduleOut, summary="Show a schedule")
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        return Response(_shown(_schedule(request, id)))

    @operation(body=wire.SchedulePatch, answer=wire.ScheduleOut, summary="Change a schedule")
    def patch(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Times that passed while it was off are not made up for."""
        row = _schedule(request, id, Role.OPERATOR)
        given = read(wire.SchedulePatch, request)
        return Response(_shown(services.schedule_change(schedule=row, by=request.user, now=db_now(), **given)))

    @operation(answer={204: None}, summary="Delete a schedule")
    def delete(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """The runs that it started stay."""
        services.schedule_delete(schedule=_schedule(request, id, Role.OPERATOR))
        return Response(status=204)


class ScheduleFiresView(ProductView):
    @operation(query=wire.ScheduleFireListQuery, answer=wire.FirePage, summary="List what came of a schedule's times")
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        rows = selectors.fires_of(_schedule(request, id), outcome=self.query.get("outcome"))
        page = cut(rows, order=self.query["order"], limit=self.query["limit"], cursor=self.query.get("cursor"))
        return Response(wire.FirePage(page).data)
