"""Problem codes `value.*`: what is wrong with a value given for a placeholder."""

from __future__ import annotations

from backend.domain.problems.template import Template

CODES: dict[str, Template] = {}
