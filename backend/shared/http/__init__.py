"""The edge of the HTTP API: how requests are read, and how refusals are said. Shared by the views of all apps."""

from backend.shared.http.files import Served, file_response
from backend.shared.http.parser import JsonBody, RawBody, json_value
from backend.shared.http.strict import (
    AnyJson,
    JsonObject,
    NoQuery,
    PageQuery,
    SearchQuery,
    Strict,
    Text,
    WholeNumber,
    WholeQuery,
)
from backend.shared.http.view import ProductView, operation, read
from backend.shared.http.yaml_body import YamlBody

__all__ = [
    "AnyJson",
    "JsonBody",
    "JsonObject",
    "NoQuery",
    "PageQuery",
    "ProductView",
    "RawBody",
    "SearchQuery",
    "Served",
    "Strict",
    "Text",
    "WholeNumber",
    "WholeQuery",
    "YamlBody",
    "file_response",
    "json_value",
    "operation",
    "read",
]
