"""Hooks that complete the OpenAPI description with what holds for every operation."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema as Spectacular

METHODS = frozenset({"get", "put", "post", "patch", "delete"})
REFUSED = {"$ref": "#/components/responses/Refused"}
OPEN = {"/api/schema/"}

_REFUSAL = {
    "type": "object",
    "description": "Every refusal has this form. A conflict (409) adds `current`: what is there now.",
    "required": ["code", "message", "problems"],
    "properties": {
        "code": {"type": "string"},
        "message": {"type": "string"},
        "problems": {"type": "array", "items": {"$ref": "#/components/schemas/Problem"}},
        "current": {"description": "Only with 409: what is there now."},
    },
}


class AutoSchema(Spectacular):
    """Operations are named after what they do and where: `workflows_draft_put`, never by a guess at a list."""

    def get_operation_id(self) -> str:
        parts = [part.replace("-", "_") for part in self.path.split("/") if part and part != "api"]
        named = [part.strip("{}") if not part.startswith("{") else f"by_{part.strip('{}')}" for part in parts]
        return "_".join([*named, self.method.lower()])

    def get_tags(self) -> list[str]:
        parts = [part for part in self.path.split("/") if part and part != "api"]
        return [parts[0]] if parts else ["api"]


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "backend.apps.accounts.auth.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        del auto_schema
        return {"type": "http", "scheme": "bearer", "description": "A token made at /api/tokens/."}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The cookie's name depends on the port; the description must not."""

    target_class = "rest_framework.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        del auto_schema
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "pipeloom_session",
            "description": "A browser's session (the cookie's name ends in the port); unsafe methods need X-CSRFToken.",
        }


def complete(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """spectacular's post-processing hook: every operation can refuse, and all refusals have one form."""
    del generator, request, public
    components = result.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    # `Problem` is described by the serializer of the check's answer.
    schemas["Refusal"] = _REFUSAL
    components.setdefault("responses", {})["Refused"] = {
        "description": "Refused, with the reasons.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}},
    }
    for path, item in result.get("paths", {}).items():
        for method, described in item.items():
            if method in METHODS and path not in OPEN:
                described.setdefault("responses", {})["4XX"] = REFUSED
    _open_any(result)
    return result


def _open_any(part: Any) -> None:
    """ "Anything, or null" is anything: as a oneOf, null would fit twice and so never."""
    if isinstance(part, dict):
        if {} in part.get("oneOf", ()):
            del part["oneOf"]
        for below in part.values():
            _open_any(below)
    elif isinstance(part, list):
        for below in part:
            _open_any(below)
