"""Problem codes `auth.*`: who may do what."""

from __future__ import annotations

from backend.domain.problems.template import Template

CODES: dict[str, Template] = {}
