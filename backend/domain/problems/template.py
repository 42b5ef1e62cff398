"""The wording of one problem code."""

from __future__ import annotations

from typing import Literal, NamedTuple

Severity = Literal["error", "warning"]


class Template(NamedTuple):
    """`message` says what is wrong and where, `hint` what to do next; both may name parameters in braces."""

    message: str
    hint: str
    severity: Severity = "error"
