"""`/metrics` of the web process: its own figures and those of the installation."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from backend.config.metrics.stored import Stored
from backend.shared.telemetry import registry
from backend.shared.telemetry.access import may_read

_stored = CollectorRegistry()
_stored.register(Stored())
REFUSAL = (
    "Metrics are for this machine, or for whoever sends PIPELOOM_METRICS_TOKEN as a bearer token. "
    "Set that variable on the server and in your Prometheus.\n"
)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    headers = {name.lower(): value for name, value in request.headers.items()}
    if not may_read(headers, request.META.get("REMOTE_ADDR", "")):
        return HttpResponse(REFUSAL, status=403, content_type="text/plain; charset=utf-8")
    body = generate_latest(registry()) + generate_latest(_stored)
    answer = HttpResponse(body, content_type=CONTENT_TYPE_LATEST)
    answer.headers["Cache-Control"] = "no-store"
    return answer
