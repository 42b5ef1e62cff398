"""Every address of the product and the methods it answers, read from the URL configuration itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
METHODS = ("GET", *UNSAFE)


@dataclass(frozen=True)
class Route:
    """`path` with its parameters in braces, as in /api/workflows/{id}/."""

    name: str
    path: str
    method: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def routes() -> list[Route]:
    found = []
    for pattern, path in _patterns(get_resolver().url_patterns, "/"):
        found += [Route(pattern.name or path, path, method) for method in _methods(pattern.callback)]
    return found


def _patterns(listed: list[Any], above: str) -> Iterator[tuple[URLPattern, str]]:
    for each in listed:
        path = above + _braced(str(each.pattern))
        if isinstance(each, URLResolver):
            yield from _patterns(each.url_patterns, path)
        else:
            yield each, path


def _braced(pattern: str) -> str:
    """<uuid:id> → {id}"""
    parts = pattern.replace("<", "{").split("{")
    return parts[0] + "".join("{" + part.split(":", 1)[-1].replace(">", "}", 1) for part in parts[1:])


def _methods(callback: Any) -> tuple[str, ...]:
    view = getattr(callback, "view_class", None) or getattr(callback, "cls", None)
    if view is None:
        return METHODS
    return tuple(method for method in METHODS if hasattr(view, method.lower()))
