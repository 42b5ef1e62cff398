"""Where steps run, who waits for a place, and what a project may use."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from backend.apps.accounts.models import Asker, Project, Role
from backend.apps.runs import selectors, services
from backend.apps.runs.api.lists import title_of
from backend.apps.runs.models import Run
from backend.apps.runs.serializers import hosts as shapes
from backend.apps.runs.serializers.snapshot import queue_json
from backend.shared.http import ProductView, operation, read
from backend.shared.pagination import cut_items


class HostsView(ProductView):
    @operation(answer=shapes.HostsOut, summary="List hosts and the queue")
    def get(self, request: Request) -> Response:
        """What each host has and what is free; and the line, in order. Of other people's runs only the place shows."""
        return Response({"items": services.hosts_listed(), "queue": _queue(request.user)})


class PoolsView(ProductView):
    @operation(query=shapes.PoolListQuery, answer=shapes.PoolList, summary="List the pools")
    def get(self, request: Request) -> Response:
        """Groups of hosts, named in PIPELOOM_POOLS there, that a flavor can ask for."""
        wanted = self.query["online"]
        found = [each for each in services.pools_listed() if wanted is None or each["online"] == wanted]
        by = {"pool_id": ("pool_id",), "gpus": ("gpus", "pool_id")}
        return Response(asdict(cut_items(found, self.query, columns=by, search=("pool_id",))))


def _queue(user: Asker) -> list[dict[str, object]]:
    reasons = {tuple(key.split("/", 2)): reason for key, reason in services.queue_reasons().reasons.items()}
    rows = selectors.runs_of(user).filter(pk__in={run for run, _, _ in reasons})
    mine = {str(run.pk): run for run in rows}
    listed = [{**_waiting(mine.get(run), step), **(queue_json(why) or {})} for (run, _, step), why in reasons.items()]
    return sorted(listed, key=lambda each: each["position"])


def _waiting(run: Run | None, step: str) -> dict[str, object]:
    """Of a run that is not theirs, nobody learns more than that it waits."""
    if run is None:
        return {"run": None, "step": None, "title": None}
    workflow = {"id": str(run.workflow_id), "name": run.workflow.name}
    return {
        "run": {"id": str(run.pk), "number": run.number, "workflow": workflow},
        "step": step,
        "title": title_of(run, step),
    }


class QuotaView(ProductView):
    @operation(answer=shapes.QuotaOut, summary="What a project may use at once, and uses now")
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002 - the address's name
        project = Project.objects.fetch_for(request.user, pk=id)
        return Response(services.quota_shown(project=project))

    @operation(body=shapes.QuotaIn, answer=shapes.QuotaOut, summary="Set what a project may use at once")
    def put(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Steps beyond it wait in line and say so; what runs already goes on. Null: no limit."""
        project = Project.objects.fetch_for(request.user, Role.MANAGER, pk=id)
        services.quota_set(project=project, **read(shapes.QuotaIn, request))
        return Response(services.quota_shown(project=project))
