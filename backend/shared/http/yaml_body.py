"""Reads YAML bodies as the JSON that they could have been: plain data, bounded, nothing that refers or builds."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import IO, Any, Final

import yaml
from django.conf import settings
from rest_framework.parsers import BaseParser

from backend.domain.problems import problem
from backend.domain.untrusted_json import UntrustedJson, parse_untrusted_json
from backend.shared.errors import ProductError
from backend.shared.http.parser import MAX_DEPTH, MAX_ITEMS

MOST_DOCUMENTS: Final = 10


class _Plain(yaml.SafeLoader):
    """Dates stay texts, as they are in JSON; a key that stands twice is a mistake, as it is there."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        found = super().construct_mapping(node, deep=deep)
        if len(found) != len(node.value):
            keys = Counter(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
            twice = ", ".join(f"“{key}”" for key, count in keys.items() if count > 1)
            raise ValueError(f"keys stand twice in what begins in line {node.start_mark.line + 1}: {twice}")
        return found


_Plain.yaml_implicit_resolvers = {
    first: [each for each in resolvers if each[0] != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


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
            return yaml_value(data)
        except UntrustedJson as refused:
            raise ProductError.of(refused.problem, status=400) from None
        except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise ProductError.of(problem("request.yaml", reason=reason), status=400) from None


def yaml_value(data: bytes) -> Any:
    """Looked through before anything is built: an alias can mean a billion things, and depth is a stack."""
    _refuse_bombs(yaml.parse(data, Loader=yaml.SafeLoader))
    listed = list(yaml.load_all(data, Loader=_Plain))
    first = listed[0] if listed else None
    found = {**first, "documents": listed[1:]} if len(listed) > 1 and isinstance(first, dict) else first
    text = json.dumps(found).encode()
    return parse_untrusted_json(text, max_bytes=len(text), max_depth=MAX_DEPTH, max_items=MAX_ITEMS)


def _refuse_bombs(events: Iterator[yaml.Event]) -> None:
    depth = documents = 0
    for items, event in enumerate(events):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise ValueError("anchors and aliases are not read")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        documents += isinstance(event, yaml.DocumentStartEvent)
        if depth > MAX_DEPTH or items > MAX_ITEMS or documents > MOST_DOCUMENTS:
            raise ValueError("it is too deep, or holds too much")
