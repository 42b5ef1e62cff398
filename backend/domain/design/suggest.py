"""“Did you mean …?”, within a budget: comparing every wrong name with every known one would be quadratic."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

_LONGEST = 64


class Suggester:
    """Finds the known name that was probably meant, until so many comparisons have been made."""

    def __init__(self, comparisons: int = 20_000) -> None:
        self.left = comparisons

    def __call__(self, wrong: str, known: Collection[str]) -> str | None:
        if len(wrong) > _LONGEST or len(known) > self.left:
            return None
        self.left -= len(known)
        near = (name for name in known if len(name) <= _LONGEST)
        return next(iter(get_close_matches(wrong, near, n=1, cutoff=0.6)), None)
