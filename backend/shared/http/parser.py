"""Reads JSON bodies: bounded, and only values that survive being stored and sent back."""

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.parsers import BaseParser

from backend.domain.problems import problem
from backend.domain.untrusted_json import UntrustedJson, parse_untrusted_json
from backend.shared.errors import ProductError

# A document of 10,000 steps has about a million entries.
MAX_ITEMS = 2_000_000
MAX_DEPTH = 100


class JsonBody(BaseParser):
    """`application/json`, by the reader for JSON that nobody vouches for."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        del media_type, parser_context
        return json_value(stream)


def json_value(stream: IO[bytes]) -> Any:
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise ProductError.of(problem("request.too_large", limit=limit), status=413)
    try:
        return parse_untrusted_json(data, max_bytes=limit, max_depth=MAX_DEPTH, max_items=MAX_ITEMS)
    except UntrustedJson as refused:
        raise ProductError.of(refused.problem, status=400) from None


class RawBody(BaseParser):
    """The bytes as they come, whatever type they claim: the address decides how a body is read, not its sender."""

    media_type = "*/*"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        del media_type, parser_context
        return stream
