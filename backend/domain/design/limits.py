"""How much one document may hold. Beyond it we refuse politely instead of working for minutes."""

from __future__ import annotations

MAX_DOCUMENT_BYTES = 16 * 1024 * 1024
MAX_DOCUMENT_ITEMS = 1_000_000
MAX_DEPTH = 64
MAX_STEPS = 10_000
MAX_EDGES = 50_000
MAX_PLACEHOLDERS = 10_000
MAX_PROBLEMS = 1_000
"""A document with more problems than this is told the first ones; fixing them shows the rest."""
LONGEST_TIMEOUT_MINUTES = 527_040
"""A year."""
