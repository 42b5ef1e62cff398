"""Problem codes `run.*`: what a run or a step cannot do now."""

from __future__ import annotations

from backend.domain.problems.template import Template

CODES: dict[str, Template] = {}
