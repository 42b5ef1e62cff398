"""Bodies that are YAML, read as the JSON that they could have been."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.parsers import BaseParser

from backend.domain.interop.yaml_text import parse_untrusted_yaml
from backend.domain.problems import problem
from backend.domain.untrusted_json import UntrustedJson
from backend.shared.errors import ProductError
from backend.shared.http.parser import MAX_DEPTH, MAX_ITEMS


class YamlBody(BaseParser):
    """`application/yaml`. Of several documents the first counts; further ones stand under its key `documents`."""

    media_type = "application/yaml"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        del media_type, parser_context
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        data = stream.read(limit + 1)
        if len(data) > limit:
            raise ProductError.of(problem("request.too_large", limit=limit), status=413)
        try:
            return parse_untrusted_yaml(data, max_depth=MAX_DEPTH, max_items=MAX_ITEMS)
        except UntrustedJson as refused:
            raise ProductError.of(refused.problem, status=400) from None
