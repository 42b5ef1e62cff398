"""The base of all API views, and the one decorator that both describes an operation and reads its request."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from backend.domain.problems import problem
from backend.shared.errors import ProductError
from backend.shared.http.parser import JsonBody
from backend.shared.http.strict import NoQuery

Method = TypeVar("Method", bound=Callable[..., Any])
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class ProductView(APIView):
    """Translate in, one call, translate out. `self.query` holds the checked parameters of the address."""

    parser_classes: ClassVar[list[type[BaseParser]]] = [JsonBody]
    query: Mapping[str, Any]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        _refuse_unstorable([*kwargs.values(), *(text for pair in _pairs(request) for text in pair)])
        self.query = self._read_query(request)

    def _read_query(self, request: Request) -> Mapping[str, Any]:
        name = "get" if request.method == "HEAD" else (request.method or "").lower()
        handler = getattr(self, name, None)
        if handler is None or request.method == "OPTIONS":
            return {}
        reader = getattr(handler, "query_reader", NoQuery)(data=request.query_params.dict(), context={"view": self})
        reader.is_valid(raise_exception=True)
        found: Mapping[str, Any] = reader.validated_data
        return found


def _pairs(request: Request) -> list[tuple[str, str]]:
    return [(name, text) for name, listed in request.query_params.lists() for text in listed]


def _refuse_unstorable(texts: list[Any]) -> None:
    for text in texts:
        found = _UNSTORABLE.search(text) if isinstance(text, str) else None
        if found:
            raise ProductError.of(problem("request.text", found=f"U+{ord(found.group()):04X}"))


def operation(
    *,
    query: type[Serializer[Any]] | None = None,
    headers: Sequence[OpenApiParameter] = (),
    body: Any = None,
    answer: Any = None,
    **more: Any,
) -> Callable[[Method], Method]:
    """What a method reads and answers: for the OpenAPI description and for the reading itself."""

    def decorate(method: Method) -> Method:
        parameters = [*([query] if query else ()), *headers]
        described = extend_schema(parameters=parameters or None, request=body, responses=answer, **more)(method)
        described.query_reader = query or NoQuery
        return described

    return decorate


def read(reader: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    """The checked body, or a refusal that lists everything wrong with it."""
    serializer = reader(data=request.data, context={"request": request})
    serializer.is_valid(raise_exception=True)
    found: dict[str, Any] = serializer.validated_data
    return found
