"""Lists across runs: what waits for people, steps beside each other, labels, and how many workflows are how."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from backend.apps.runs import comparing, selectors, store
from backend.apps.runs.models import Run, StepRun
from backend.apps.runs.serializers import lists as wire
from backend.apps.runs.serializers.snapshot import duration
from backend.apps.workflows.models import Workflow
from backend.shared.http import ProductView, operation
from backend.shared.pagination import cut, cut_items


class TodoView(ProductView):
    @operation(query=wire.TodoQuery, answer=wire.TodoPage, summary="List the steps that wait for a person")
    def get(self, request: Request) -> Response:
        names = {"project": "run__project_id", "workflow": "run__workflow_id", "state": "state"}
        wanted = {column: self.query[name] for name, column in names.items() if name in self.query}
        page = cut(
            selectors.todo_of(request.user).filter(**wanted),
            order=self.query["order"],
            columns={"created_at": "run__created_at"},
            limit=self.query["limit"],
            cursor=self.query.get("cursor"),
        )
        return Response({"items": [_todo(step) for step in page.items], "next": page.next})


def _todo(step: StepRun) -> dict[str, object]:
    run = step.run
    return {
        "run": str(run.pk),
        "run_number": run.number,
        "workflow": {"id": str(run.workflow_id), "name": run.workflow.name},
        "step": step.name,
        "title": title_of(run, step.name),
        "state": step.state,
        "awaits": step.awaits,
        "since": selectors.waiting_since(run.pk, step.name),
    }


def title_of(run: Run, step: str) -> str:
    definition = store.document_of(run.version_id).step(step)
    return definition.shown_title if definition else step


class OverviewView(ProductView):
    @operation(query=wire.OverviewQuery, answer=wire.OverviewOut, summary="Count workflows by how they are")
    def get(self, request: Request) -> Response:
        return Response(comparing.overview_of(request.user, project=self.query.get("project")))


class LabelsView(ProductView):
    @operation(query=wire.LabelQuery, answer=wire.LabelList, summary="List the labels of runs")
    def get(self, request: Request) -> Response:
        told = {name: self.query[name] for name in ("project", "workflow") if name in self.query}
        by = {"label": ("label",), "count": ("count", "label")}
        found = comparing.labels_of(request.user, **told)
        return Response(asdict(cut_items(found, self.query, columns=by, search=("label",))))


class StepRunsView(ProductView):
    @operation(query=wire.StepRunQuery, answer=wire.StepRunPage, summary="Compare the steps of a workflow's runs")
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002 - the address's name
        """Each with the parameters of its run and its own metrics; `compare_columns` names them."""
        workflow = Workflow.objects.fetch_for(request.user, pk=id)
        wanted = ("step", "kind", "state", "run_state", "runs", "label")
        told = {name: self.query[name] for name in wanted if name in self.query}
        page = cut(
            comparing.steps_of(request.user, workflow=workflow.pk, **told),
            order=self.query["order"],
            columns={"created_at": "run__created_at"},
            limit=self.query["limit"],
            cursor=self.query.get("cursor"),
        )
        items = [_compared(step) for step in page.items]
        columns = {part: list(dict.fromkeys(n for each in items for n in each[part])) for part in _COLUMNS}
        return Response({"items": items, "next": page.next, "compare_columns": columns})


_COLUMNS = ("parameters", "metrics")


def _compared(step: StepRun) -> dict[str, Any]:
    run = step.run
    return {
        "run": {name: getattr(run, name) for name in ("id", "number", "name", "state", "labels", "created_at")},
        "step": step.name,
        **{name: getattr(step, name) for name in ("kind", "state", "reason", "attempts", "started_at", "finished_at")},
        "reused": step.reused is not None,
        "duration": duration(step.started_at, step.finished_at),
        "parameters": run.values,
        "metrics": {f"{output}.{key}": value for output, keys in step.floats.items() for key, value in keys.items()},
    }
