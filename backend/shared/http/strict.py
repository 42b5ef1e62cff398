"""Serializers that name what they do not know (more likely a slip of the pen than a wish) instead of dropping it."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from backend.shared.http.refusals import UNKNOWN
from backend.shared.pagination import DEFAULT_LIMIT, MAX_CURSOR, MAX_LIMIT


class Strict(serializers.Serializer[Any]):
    """A body or a query string. Unknown names are refused."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            writable = [name for name, field in self.fields.items() if not field.read_only]
            unknown = sorted(str(name) for name in data if name not in writable)
            if unknown:
                told = ErrorDetail(", ".join(writable) or "none", code=UNKNOWN)
                raise serializers.ValidationError({name: [told] for name in unknown})
        return super().to_internal_value(data)


class Text(serializers.CharField):
    """In a body: a text, and no number that is taken for one."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class WholeNumber(serializers.IntegerField):
    """In a body: a whole number, and no text or truth value that is taken for one."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


class NoQuery(Strict):
    """An address without parameters."""


class PageQuery(Strict):
    """What every list understands; lists that can be ordered add `order`."""

    limit = serializers.IntegerField(
        min_value=1, max_value=MAX_LIMIT, default=DEFAULT_LIMIT, help_text="How many at most."
    )
    cursor = serializers.CharField(
        max_length=MAX_CURSOR, required=False, help_text="`next` of the page before; the order must be the same."
    )


class SearchQuery(PageQuery):
    """A list whose rows have names."""

    search = serializers.CharField(required=False, max_length=200, help_text="Words that the names contain.")


class WholeQuery(SearchQuery):
    """A list that is short as a rule, so that one answer holds all of it."""

    limit = serializers.IntegerField(min_value=1, max_value=MAX_LIMIT, default=MAX_LIMIT, help_text="How many at most.")


class AnyJson(serializers.JSONField):
    """A value that is JSON already; the parser has seen to that."""

    def to_internal_value(self, data: Any) -> Any:
        return data

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field({"type": "object", "additionalProperties": {}})
class JsonObject(AnyJson):
    """An object of any content."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            raise serializers.ValidationError("It must be an object.")
        return data
