"""Python source of constants and calls. Every text goes through repr and every name is made here, so whatever a
document says, its program holds nothing but data."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass, field
from typing import Any

WIDTH = 110
_FOREIGN = re.compile(r"[^A-Za-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Code:
    """An expression: `head`, then `parts` up to `tail`; an expression without parts is its head."""

    head: str
    parts: tuple[tuple[str, Code], ...] = ()
    tail: str = ""

    def lines(self, before: str = "", after: str = "", indent: int = 0) -> list[str]:
        flat = self.flat()
        if not self.parts or len(before) + len(flat) + len(after) + indent <= WIDTH:
            return [" " * indent + before + flat + after]
        inner = [line for name, part in self.parts for line in part.lines(name, ",", indent + 4)]
        return [" " * indent + before + self.head, *inner, " " * indent + self.tail + after]

    def flat(self) -> str:
        return self.head + ", ".join(name + part.flat() for name, part in self.parts) + self.tail


def call(name: str, /, **arguments: Code | None) -> Code:
    given = tuple((f"{key}=", value) for key, value in arguments.items() if value is not None)
    return Code(f"{name}(", given, ")")


def call_in_order(name: str, *arguments: Code) -> Code:
    return Code(f"{name}(", tuple(("", value) for value in arguments), ")")


def listing(entries: list[Code]) -> Code:
    return Code("[", tuple(("", entry) for entry in entries), "]")


def mapping(members: dict[str, Code]) -> Code:
    return Code("{", tuple((f"{text(key)}: ", member) for key, member in members.items()), "}")


def text(value: str) -> str:
    written = repr(value)
    return f'"{written[1:-1]}"' if written[0] == "'" and '"' not in written else written


def constant(value: Any) -> Code:
    """A JSON value as it stands. Its depth is bounded by the document's."""
    if isinstance(value, dict):
        return mapping({key: constant(member) for key, member in value.items()})
    if isinstance(value, (list, tuple)):
        return listing([constant(entry) for entry in value])
    return Code(text(value) if isinstance(value, str) else repr(value))


@dataclass(slots=True)
class Variables:
    """A variable for each thing, named after it."""

    taken: set[str] = field(default_factory=lambda: {"wf", "workflow"})
    counts: dict[str, int] = field(default_factory=dict)

    def name(self, wanted: str, fallback: str) -> str:
        plain = _FOREIGN.sub("_", wanted[:64]).strip("_").lower() or fallback
        plain = f"{fallback}_{plain}" if plain[0].isdigit() or keyword.iskeyword(plain) else plain
        name = plain
        while name in self.taken:
            self.counts[plain] = self.counts.get(plain, 1) + 1
            name = f"{plain}_{self.counts[plain]}"
        self.taken.add(name)
        return name
