"""Where steps run, who waits for a place, and which steps wait for a person."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from backend.apps.runs import selectors, services, store
from backend.apps.runs.models import StepRun
from backend.apps.runs.serializers import wire
from backend.apps.runs.serializers.snapshot import queue_json
from backend.shared.http import ProductView, operation


class HostsView(ProductView):
    @operation(answer=wire.HostsOut, summary="List hosts and the queue")
    def get(self, request: Request) -> Response:
        """What each host has and what is free; and the line, in order. Of other people's runs only the place shows."""
        mine = {str(run_id) for run_id in selectors.runs_of(request.user).values_list("pk", flat=True)}
        return Response({"items": services.hosts_listed(), "queue": _queue(mine)})


def _queue(mine: set[str]) -> list[dict[str, object]]:
    listed = []
    for key, reason in services.queue_reasons().reasons.items():
        run, _, step = key.split("/", 2)
        own = run in mine
        said = queue_json(reason) or {}
        listed.append({"run": run if own else None, "step": step if own else None, **said})
    return sorted(listed, key=lambda each: each["position"])


class TodoView(ProductView):
    @operation(answer=wire.TodoPage, summary="List the steps that wait for a person")
    def get(self, request: Request) -> Response:
        return Response({"items": [_todo(step) for step in selectors.todo_of(request.user)[:200]]})


def _todo(step: StepRun) -> dict[str, object]:
    run = step.run
    definition = store.document_of(run.version_id).step(step.name)
    return {
        "run": str(run.pk),
        "run_number": run.number,
        "workflow": {"id": str(run.workflow_id), "name": run.workflow.name},
        "step": step.name,
        "title": definition.shown_title if definition else step.name,
        "state": step.state,
        "awaits": step.awaits,
        "since": selectors.waiting_since(run.pk, step.name),
    }
