"""Problem codes `step.*`: why an attempt of a step did not succeed."""

from __future__ import annotations

from backend.domain.problems.template import Template

CODES: dict[str, Template] = {}
