"""Whatever goes wrong in a request, in the one shape: our refusals, REST framework's, Django's, the database's."""

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from psycopg_pool import PoolTimeout
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from backend.domain.problems import Problem, pointer, problem
from backend.shared.errors import ProductError

log = logging.getLogger(__name__)
# The code of a complaint about a name that a request has no use for; its text lists the known names.
UNKNOWN = "unknown_field"


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """REST framework's hook. None lets Django answer with 500, which is logged."""
    view = context.get("view")
    refused = refusal_of(error, allowed=getattr(view, "allowed_methods", []))
    if refused is None:
        return None
    set_rollback()
    headers: dict[str, str] = refused.headers
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
    if refused.status == 405 and view is not None:
        headers["Allow"] = ", ".join(view.allowed_methods)
    return Response(refused.body(), status=refused.status, headers=headers)


def refusal_of(error: Exception, *, allowed: list[str]) -> ProductError | None:
    if isinstance(error, ProductError):
        return error
    if isinstance(error, exceptions.ValidationError):
        return ProductError.of(*problems_of(error))
    if isinstance(error, OperationalError | InterfaceError | PoolTimeout):
        log.error("the database cannot be reached: %s", error)
        return ProductError.of(problem("request.unavailable"), status=503)
    for kinds, status, make in _TABLE:
        if isinstance(error, kinds):
            return ProductError.of(make(error, allowed), status=status)
    return None


def _quoted(error: exceptions.APIException) -> str:
    """The word that REST framework put in quotes: a method, a media type."""
    return str(error.detail).partition('"')[2].partition('"')[0] or "nothing"


def _denied(error: Exception, allowed: list[str]) -> Problem:
    del allowed
    return problem("auth.csrf") if str(error).startswith("CSRF") else problem("auth.role", needed="manager")


_Kinds = type[Exception] | tuple[type[Exception], ...]
_TABLE: list[tuple[_Kinds, int, Callable[[Any, list[str]], Problem]]] = [
    ((Http404, exceptions.NotFound), 404, lambda _, __: problem("request.no_route")),
    (exceptions.NotAuthenticated, 401, lambda _, __: problem("auth.needed")),
    (exceptions.AuthenticationFailed, 401, lambda error, _: problem("auth.refused", reason=str(error.detail))),
    ((PermissionDenied, exceptions.PermissionDenied), 403, _denied),
    (
        exceptions.MethodNotAllowed,
        405,
        lambda error, allowed: problem("request.method", method=_quoted(error), allowed=", ".join(allowed)),
    ),
    (
        exceptions.NotAcceptable,
        406,
        lambda _, __: problem("request.not_acceptable", offered="application/json"),
    ),
    (
        exceptions.UnsupportedMediaType,
        415,
        lambda error, _: problem("request.media_type", found=_quoted(error), expected="application/json"),
    ),
    (exceptions.Throttled, 429, lambda error, _: problem("request.throttled", seconds=int(error.wait or 1))),
    (
        (RequestDataTooBig, TooManyFieldsSent),
        413,
        lambda _, __: problem("request.too_large", limit=settings.DATA_UPLOAD_MAX_MEMORY_SIZE),
    ),
    (
        (exceptions.ParseError, SuspiciousOperation),
        400,
        lambda error, _: problem("request.malformed", reason=str(error) or type(error).__name__),
    ),
]


def problems_of(error: exceptions.ValidationError) -> list[Problem]:
    return list(_flattened(error.detail, ())) or [problem("request.malformed", reason=str(error))]


def _flattened(detail: Any, path: tuple[str | int, ...]) -> Iterator[Problem]:
    if isinstance(detail, Mapping):
        for name, below in detail.items():
            yield from _flattened(below, path if name == "non_field_errors" else (*path, name))
    elif isinstance(detail, list | tuple):
        for index, below in enumerate(detail):
            plain = isinstance(below, str)
            yield from _flattened(below, path if plain else (*path, index))
    else:
        yield _field_problem(str(detail), getattr(detail, "code", "invalid"), path)


def _field_problem(reason: str, code: str, path: tuple[str | int, ...]) -> Problem:
    field = str(path[-1]) if path else "body"
    if code == "required":
        return problem("request.required", pointer(*path), field=field)
    if code == UNKNOWN:
        return problem("request.unknown_field", pointer(*path), field=field, known=reason)
    return problem("request.invalid", pointer(*path), field=field, reason=reason)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """For addresses that no view answers (and for what Django's own views raise)."""
    del request, exception
    return _json(ProductError.of(problem("request.no_route"), status=404))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    del request, exception
    reason = "it is not well-formed."
    return _json(ProductError.of(problem("request.malformed", reason=reason), status=400))


def server_error(request: HttpRequest) -> HttpResponseBase:
    """The cause is in the log, never in the answer."""
    del request
    return _json(ProductError.of(problem("request.failed"), status=500))


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    del request, reason
    return _json(ProductError.of(problem("auth.csrf"), status=403))


def _json(refused: ProductError) -> JsonResponse:
    return JsonResponse(refused.body(), status=refused.status)
