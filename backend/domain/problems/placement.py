"""Problem codes `placement.*`: why a step is not placed on a host yet, or never can be."""

from __future__ import annotations

from backend.domain.problems.template import Template

CODES: dict[str, Template] = {}
