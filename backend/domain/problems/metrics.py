"""Problem codes `metrics.*`: what is wrong with a metrics file."""

from __future__ import annotations

from backend.domain.problems.template import Template

CODES: dict[str, Template] = {}
