"""Runs: start, list, show, act, follow."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

from django.db import connection
from rest_framework.request import Request
from rest_framework.response import Response

from backend.apps.accounts.models import Role
from backend.apps.runs import selectors, services
from backend.apps.runs.models import Run
from backend.apps.runs.serializers import wire
from backend.apps.runs.serializers.frames import EventsPage, fact_frame, metrics_frame
from backend.apps.runs.serializers.snapshot import run_json, run_snapshot
from backend.apps.workflows.models import Workflow, WorkflowVersion
from backend.apps.workflows.services import version_freeze
from backend.domain.problems import problem
from backend.domain.run.part import Wanted
from backend.shared.errors import ProductError
from backend.shared.http import ProductView, operation, read
from backend.shared.pagination import cut

POLL_SECONDS = 0.1
SLOWEST_POLL_SECONDS = 0.5
PAGE = 200


class WorkflowRunsView(ProductView):
    @operation(query=wire.WorkflowRunListQuery, answer=wire.RunPage, summary="List the runs of a workflow")
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002 - the address's name
        workflow = Workflow.objects.fetch_for(request.user, pk=id)
        return _page(self, request, workflow=workflow.pk)

    @operation(body=wire.RunCreate, answer={201: wire.RunOut}, summary="Start a run")
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Of a version, or of the draft as it is now (which is frozen as a version first). With `steps`, of these."""
        given = read(wire.RunCreate, request)
        version = run_version(request, id, given.get("version"))
        run = services.run_create(
            version=version,
            values=given.get("values", {}),
            by=request.user,
            name=given["name"],
            labels=given.get("labels", ()),
            wanted=_wanted(given),
        )
        return Response(run_json(run), status=201)


def _wanted(given: dict[str, Any]) -> Wanted | None:
    steps, scene, mode, prior = (given.get(name) for name in ("steps", "scene", "mode", "prior"))
    if not steps and scene is None and mode != "from":
        return None
    named = tuple(dict.fromkeys(steps or ()))
    return Wanted(named, given["mode"], given["reuse"], scene, str(prior) if prior else None)


def run_version(request: Request, workflow_id: UUID, number: int | None) -> WorkflowVersion:
    """The named version, for operators; the draft, frozen, for authors."""
    if number is not None:
        Workflow.objects.fetch_for(request.user, Role.OPERATOR, pk=workflow_id)
        version: WorkflowVersion = WorkflowVersion.objects.select_related("workflow").fetch_for(
            request.user, workflow_id=workflow_id, number=number
        )
        return version
    workflow = Workflow.objects.fetch_for(request.user, Role.AUTHOR, pk=workflow_id)
    return version_freeze(workflow=workflow, user=request.user)


_FILTERS = (
    "project", "state", "label", "search", "scene", "created_by", "created_after", "created_before",
)  # fmt: skip


def _page(view: ProductView, request: Request, **also: Any) -> Response:
    query = view.query
    told = {name: query[name] for name in _FILTERS if name in query}
    page = cut(
        selectors.runs_filtered(request.user, **told, **also),
        order=query["order"],
        limit=query["limit"],
        cursor=query.get("cursor"),
    )
    return Response({"items": [run_json(run) for run in page.items], "next": page.next})


class RunsView(ProductView):
    @operation(query=wire.RunListQuery, answer=wire.RunPage, summary="List runs of all workflows")
    def get(self, request: Request) -> Response:
        also = {name: self.query[name] for name in ("workflow", "workflows", "latest") if name in self.query}
        return _page(self, request, **also)


class RunView(ProductView):
    @operation(answer=wire.RunOut, summary="Show a run")
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        return Response(run_json(selectors.run_fetch(request.user, id)))

    @operation(body=wire.RunPatch, answer=wire.RunOut, summary="Name or label a run")
    def patch(self, request: Request, id: UUID) -> Response:  # noqa: A002
        run = selectors.run_fetch(request.user, id, Role.OPERATOR)
        return Response(run_json(services.run_label(run=run, **read(wire.RunPatch, request))))

    @operation(answer={204: None}, summary="Delete a finished run")
    def delete(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """All that was recorded of it goes; the files that it wrote stay."""
        services.run_delete(run=selectors.run_fetch(request.user, id, Role.AUTHOR))
        return Response(status=204)


class RunSnapshotView(ProductView):
    @operation(answer=wire.SnapshotOut, summary="Show the whole state of a run")
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """With the number of the newest fact in it: follow the events after that number."""
        return Response(run_snapshot(selectors.run_fetch(request.user, id).pk))


class RunEventsView(ProductView):
    @operation(query=wire.EventsQuery, answer=EventsPage, summary="Follow a run without a socket")
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """At most 200 facts; with `wait`, the answer comes as soon as there is one, or any metrics file changes."""
        run = selectors.run_fetch(request.user, id)
        after = self.query["after"]
        if after > run.seq:
            raise ProductError.of(problem("request.after", "/after", after=after, seq=run.seq), status=409)
        _await_news(run, after, self.query["wait"])
        events = selectors.events_page(run.pk, after, PAGE)
        last = events[-1].seq if events else after
        body = {
            "events": [fact_frame(row) for row in events],
            "seq": last,
            "more": len(events) == PAGE,
            "metrics": [metrics_frame(row) for row in selectors.metrics_lately(run.pk)],
        }
        return Response(body)


def _await_news(run: Run, after: int, wait: float) -> None:
    """Look again and again; between two looks the thread holds no connection that others could use."""
    deadline = time.monotonic() + wait
    pause = POLL_SECONDS
    seen = selectors.run_marks(run.pk)
    while seen and seen.seq <= after and not seen.terminal and time.monotonic() < deadline:
        connection.close()
        time.sleep(min(pause, max(0.0, deadline - time.monotonic())))
        pause = min(pause * 1.2, SLOWEST_POLL_SECONDS)
        now = selectors.run_marks(run.pk)
        if now is None or now.metrics != seen.metrics:
            return
        seen = now


class RunActionsView(ProductView):
    @operation(body=wire.RunAction, answer={200: wire.RunActionOut, 201: wire.RunActionOut}, summary="Stop or rerun")
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """stop: everything ends as soon as it can. rerun: a new run of the same version, perhaps with other values;
        with `steps` these and all behind them run again, and what is before them is taken over where it still holds."""
        run = selectors.run_fetch(request.user, id, Role.OPERATOR)
        given = read(wire.RunAction, request)
        if given["action"] == "rerun":
            new = services.run_rerun(run=run, by=request.user, values=given.get("values"), steps=given.get("steps"))
            return Response({"run": run_json(new)}, status=201)
        services.run_stop(run_id=run.pk, by=request.user)
        return Response({"run": run_json(selectors.run_fetch(request.user, id))})


class PlanView(ProductView):
    @operation(body=wire.PlanIn, answer=wire.PlanOut, summary="Say what a run would do")
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """For each step: runs, keeps an earlier result, is skipped, waits for input, cannot run, takes no part, or is
        decided on the way; and why."""
        given = read(wire.PlanIn, request)
        workflow = Workflow.objects.fetch_for(request.user, pk=id)
        document = selectors.document_to_plan(request.user, workflow, given.get("version"))
        place = services.Place(workflow.pk, workflow.project, request.user)
        found = services.run_plan(place=place, document=document, values=given.get("values", {}), wanted=_wanted(given))
        return Response(found)
