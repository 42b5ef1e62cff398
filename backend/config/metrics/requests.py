"""Measures every HTTP request and gives it a number that its log lines, and its answer, carry."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from backend.shared import telemetry
from backend.shared.clock import uuid7
from backend.shared.logs import log_context

HEADER = "X-Request-ID"
# Whoever sends one may be anybody: it goes into logs, so it is a plain word.
_GIVEN = re.compile(r"[A-Za-z0-9._-]{1,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _number(request: HttpRequest) -> str:
    given = request.headers.get(HEADER, "")
    return given if _GIVEN.fullmatch(given) else uuid7().hex


def _told(request: HttpRequest, response: HttpResponseBase, number: str, began: float) -> HttpResponseBase:
    response.headers[HEADER] = number
    match = request.resolver_match
    # The pattern and never the address: addresses are without number.
    route = f"/{match.route}" if match else "none"
    telemetry.observe(
        "pipeloom_http_request_seconds",
        time.monotonic() - began,
        method=request.method if request.method in _METHODS else "other",
        route=route,
        status=f"{response.status_code // 100}xx",
    )
    return response


@sync_and_async_middleware
def measured(
    get_response: Callable[[HttpRequest], HttpResponseBase] | Callable[[HttpRequest], Awaitable[HttpResponseBase]],
) -> Callable[[HttpRequest], HttpResponseBase] | Callable[[HttpRequest], Awaitable[HttpResponseBase]]:
    """Whichever way (sync or async) the chain below runs."""
    if iscoroutinefunction(get_response):

        async def in_async(request: HttpRequest) -> HttpResponseBase:
            number, began = _number(request), time.monotonic()
            with log_context(request=number):
                return _told(request, await get_response(request), number, began)  # type: ignore[misc]

        return in_async

    def in_sync(request: HttpRequest) -> HttpResponseBase:
        number, began = _number(request), time.monotonic()
        with log_context(request=number):
            return _told(request, get_response(request), number, began)  # type: ignore[arg-type]

    return in_sync
