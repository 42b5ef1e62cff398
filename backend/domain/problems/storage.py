"""Problem codes `storage.*`: what is wrong with a path or a file in a storage."""

from __future__ import annotations

from backend.domain.problems.template import Template

CODES: dict[str, Template] = {}
