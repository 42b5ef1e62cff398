"""Looks things up in the JSON Schema of a pydantic model: what may stand at a place, and with which names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from pydantic import BaseModel

Schema = Mapping[str, Any]


@cache
def schema_of(model: type[BaseModel]) -> Schema:
    return model.model_json_schema(by_alias=True)


def places_at(model: type[BaseModel], path: Sequence[str | int]) -> tuple[Schema, ...]:
    """Every alternative that a model has for a place; empty where it says nothing about it."""
    return _places_at(model, tuple(0 if isinstance(part, int) else part for part in path))


# The entries of a list share one place, so thousands of steps ask about the same few.
@lru_cache(maxsize=4096)
def _places_at(model: type[BaseModel], path: tuple[str | int, ...]) -> tuple[Schema, ...]:
    return tuple(schemas_at(schema_of(model), path))


def schemas_at(root: Schema, path: Sequence[str | int]) -> list[Schema]:
    found = list(_alternatives(root, root))
    for part in path:
        found = [deeper for schema in found for deeper in _below(root, schema, part)]
    return found


def keys_at(root: Schema, path: Sequence[str | int]) -> list[str]:
    """The names that an object may have at a place."""
    return [key for schema in schemas_at(root, path) for key in schema.get("properties", ())]


def _below(root: Schema, schema: Schema, part: str | int) -> Iterator[Schema]:
    if isinstance(part, int):
        deeper = schema.get("items")
    else:
        deeper = schema.get("properties", {}).get(part)
        if deeper is None:
            deeper = schema.get("additionalProperties")
            patterns = schema.get("patternProperties")
            if not isinstance(deeper, Mapping) and patterns:
                deeper = next(iter(patterns.values()))
    if isinstance(deeper, Mapping):
        yield from _alternatives(root, deeper)


def _alternatives(root: Schema, schema: Schema) -> Iterator[Schema]:
    """The schema itself with `$ref` followed and `anyOf` opened. Words beside a `$ref` or `anyOf` stay with each."""
    beside = {key: value for key, value in schema.items() if key not in ("$ref", "anyOf")}
    if "$ref" in schema:
        target = root["$defs"][schema["$ref"].rsplit("/", 1)[-1]]
        for alternative in _alternatives(root, target):
            yield {**alternative, **beside}
    elif "anyOf" in schema:
        for option in schema["anyOf"]:
            for alternative in _alternatives(root, option):
                yield {**alternative, **beside}
    else:
        yield schema
