"""Problem codes `request.*`: what is wrong with a request to the API."""

from __future__ import annotations

from backend.domain.problems.template import Template

CODES: dict[str, Template] = {}
