"""One step of a run: its state, metrics, figures, log, outputs, and what can be done to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework.request import Request
from rest_framework.response import Response

from backend.apps.accounts.models import Role
from backend.apps.assets.services import storage_roots
from backend.apps.runs import files, selectors, services, store
from backend.apps.runs.figures import figures
from backend.apps.runs.models import Run, StepRun
from backend.apps.runs.serializers import wire
from backend.apps.runs.serializers.snapshot import metrics_json, nested_json, step_json
from backend.shared.http import ProductView, file_response, operation, read

A_FILE = {(200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY, "The bytes, or the asked-for range.")}


def _step(request: Request, run_id: UUID, name: str, role: str = Role.VIEWER) -> tuple[Run, StepRun]:
    run = selectors.run_fetch(request.user, run_id, role)
    return run, selectors.step_fetch(run, name)


class StepView(ProductView):
    @operation(answer=wire.StepDetailOut, summary="Show a step of a run")
    def get(self, request: Request, id: UUID, name: str) -> Response:  # noqa: A002 - the address's name
        run, step = _step(request, id, name)
        reasons = services.queue_reasons().reasons if step.state == "pending" else {}
        shown: dict[str, Any] = {
            "run": str(run.pk),
            "step": step_json(store.plan_of(run), step, reasons, nested_json(run.pk)),
        }
        shown["attempt_list"] = wire.AttemptOut(selectors.attempts_of(run.pk, name), many=True).data
        return Response(shown)


class StepMetricsView(ProductView):
    @operation(answer=wire.MetricsOut, summary="Show a step's metrics files")
    def get(self, request: Request, id: UUID, name: str) -> Response:  # noqa: A002
        run, step = _step(request, id, name)
        return Response({"items": metrics_json(run.pk, step.name)})


class StepFiguresView(ProductView):
    @operation(answer=wire.FiguresOut, summary="Show a step's metrics as figures")
    def get(self, request: Request, id: UUID, name: str) -> Response:  # noqa: A002
        """Of the newest attempt that wrote any. Take them once, then apply the stream's changes."""
        run, step = _step(request, id, name)
        listed = metrics_json(run.pk, step.name)
        newest = [each for each in listed if each["attempt"] == listed[-1]["attempt"]]
        about = ("output", "path", "attempt", "rev")
        items = [{**{key: each[key] for key in about}, **drawn} for each in newest for drawn in figures(each["value"])]
        return Response({"items": items})


class StepLogsView(ProductView):
    @operation(query=wire.LogQuery, answer=A_FILE, summary="Read a step's log")
    def get(self, request: Request, id: UUID, name: str) -> HttpResponseBase:  # noqa: A002
        """By byte offset: `Range: bytes=1000-` answers what came after the first thousand bytes."""
        run, step = _step(request, id, name)
        token = selectors.log_token(run.pk, step.name, self.query.get("attempt"))
        return file_response(request, files.log_open(token, step.name))


class StepOutputsView(ProductView):
    @operation(answer=wire.OutputsOut, summary="List a step's outputs")
    def get(self, request: Request, id: UUID, name: str) -> Response:  # noqa: A002
        run, step = _step(request, id, name)
        return Response({"items": files.outputs_list(step, selectors.succeeded_attempt(run.pk, step.name))})


class StepOutputView(ProductView):
    @operation(query=wire.FileQuery, answer=A_FILE, summary="Download a file of an output")
    def get(self, request: Request, id: UUID, name: str, output: str) -> HttpResponseBase:  # noqa: A002
        run, step = _step(request, id, name)
        roots = storage_roots(project=run.project)
        return file_response(request, files.output_open(step, output, self.query["path"], roots))


class StepActionsView(ProductView):
    @operation(body=wire.StepAction, answer=wire.StepDetailOut, summary="Retry, stop or continue a step")
    def post(self, request: Request, id: UUID, name: str) -> Response:  # noqa: A002
        run, step = _step(request, id, name, Role.OPERATOR)
        given = read(wire.StepAction, request)
        about = {"run_id": run.pk, "step": step.name, "by": request.user}
        if given["action"] == "stop":
            services.step_stop(**about)
        elif given["action"] == "retry":
            if given.get("step"):
                # Whoever changes what a step does might as well have drawn it.
                selectors.run_fetch(request.user, run.pk, Role.AUTHOR)
            services.step_retry(**about, values=given.get("values"), edit=given.get("step"))
        else:
            services.step_continue(**about, values=given.get("values", {}))
        return StepView.get(StepView(), request, id, name)
