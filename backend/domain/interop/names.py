"""Names that the document takes, made of whatever another program called its parts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_FOREIGN = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST = 56


@dataclass(slots=True)
class Names:
    """One name for each key, no two alike."""

    given: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)

    def give(self, key: str, wanted: str, fallback: str) -> str:
        plain = _FOREIGN.sub("_", wanted[:200]).strip("_-").lstrip("0123456789_-")[:_LONGEST] or fallback
        name = plain
        while name in self.taken:
            self.counts[plain] = self.counts.get(plain, 1) + 1
            name = f"{plain}_{self.counts[plain]}"
        self.taken.add(name)
        self.given.setdefault(key, name)
        return name

    def of(self, key: str) -> str | None:
        return self.given.get(key)
