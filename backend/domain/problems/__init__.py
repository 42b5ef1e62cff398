"""What can be wrong, said once: a problem has a code from a closed list, a place, a message and what to do next.

The list is split by namespace, one file each; a code that is in no file cannot be reported. Everything here is
standard library and plain syntax, because it is also loaded inside other people's Python environments.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from backend.domain.problems import (
    asset,
    auth,
    condition,
    document,
    gallery,
    interop,
    metrics,
    nested,
    notice,
    order,
    placement,
    project,
    request,
    run,
    schedule,
    step,
    storage,
    untrusted,
    value,
    workflow,
)
from backend.domain.problems.template import Severity, Template

__all__ = ["CATALOGUE", "Problem", "Severity", "Template", "pointer", "problem"]

LONGEST_TEXT = 300
"""A parameter quotes what somebody wrote; nobody reads more of it than this, and a log should not have to store it."""


def _merged(*catalogues: Mapping[str, Template]) -> Mapping[str, Template]:
    merged: dict[str, Template] = {}
    for catalogue in catalogues:
        twice = merged.keys() & catalogue.keys()
        if twice:
            raise ValueError(f"problem codes defined twice: {sorted(twice)}")
        merged.update(catalogue)
    return MappingProxyType(merged)


CATALOGUE: Mapping[str, Template] = _merged(
    asset.CODES,
    auth.CODES,
    condition.CODES,
    document.CODES,
    gallery.CODES,
    interop.CODES,
    metrics.CODES,
    nested.CODES,
    notice.CODES,
    order.CODES,
    placement.CODES,
    project.CODES,
    request.CODES,
    run.CODES,
    schedule.CODES,
    step.CODES,
    storage.CODES,
    untrusted.CODES,
    value.CODES,
    workflow.CODES,
)


# No slots: they would need Python 3.10, and an engine may be older.
@dataclass(frozen=True)
class Problem:
    """One thing that is wrong. `path` is a JSON Pointer; `params` are what a translation needs to say it again."""

    code: str
    path: str
    params: dict[str, Any]
    message: str
    hint: str
    severity: Severity = "error"

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "path": self.path,
            "params": self.params,
            "message": self.message,
            "hint": self.hint,
            "severity": self.severity,
        }


def problem(code: str, path: str = "", /, **params: Any) -> Problem:
    """Make a problem from its template. `suggestion`, where given, is offered in front of the hint."""
    template = CATALOGUE[code]
    shown = {name: _shortened(given) for name, given in params.items()}
    hint = template.hint.format(**shown)
    if shown.get("suggestion"):
        hint = f"Did you mean “{shown['suggestion']}”? {hint}"
    return Problem(code, path, shown, template.message.format(**shown), hint, template.severity)


def pointer(*parts: str | int) -> str:
    """A JSON Pointer (RFC 6901): `pointer("steps", 0)` is `/steps/0`."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def _shortened(given: Any) -> Any:
    if isinstance(given, str):
        printable = given.encode("utf-8", "replace").decode("utf-8").replace("\x00", "\N{REPLACEMENT CHARACTER}")
        return printable if len(printable) <= LONGEST_TEXT else printable[: LONGEST_TEXT - 1] + "…"
    return given
