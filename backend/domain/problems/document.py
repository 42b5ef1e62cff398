"""Problem codes `document.*`: what is wrong with a workflow document."""

from __future__ import annotations

from backend.domain.problems.template import Template

CODES: dict[str, Template] = {}
