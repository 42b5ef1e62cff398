"""Is the server fit to answer? For whoever watches it; says nothing about anything else."""

import logging

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe
from psycopg_pool import PoolTimeout

from backend.shared import broker

log = logging.getLogger(__name__)


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    del request
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, PoolTimeout) as error:
        log.warning("health: the database does not answer: %s", error)
        return JsonResponse({"status": "unavailable", "database": "does not answer"}, status=503)
    if not broker.ping():
        # Everything works, only later: the reconciler looks once a second at what nobody could be told.
        return JsonResponse({"status": "degraded", "database": "ok", "redis": "does not answer"})
    return JsonResponse({"status": "ok", "database": "ok", "redis": "ok"})
