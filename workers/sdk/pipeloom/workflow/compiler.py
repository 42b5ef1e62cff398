"""From the objects of a program to a workflow document, and from a place in it back to a line of the program."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from backend.domain.design.canonical import canonical_bytes
from backend.domain.design.references import is_reserved
from backend.domain.problems import pointer
from pipeloom.workflow.made import UNFIT, Line, Made, Path, ProgramError, Raw, kind_told, why_unfit
from pipeloom.workflow.values import Literal

_IDS = {"parameters": "p", "data": "d"}


@dataclass(slots=True)
class Compiler:
    """Collects the placeholders that it meets, in the order in which it meets them."""

    lines: dict[str, Line] = field(default_factory=dict)
    """Where in the program each part of the document was made, by its pointer."""
    lists: dict[str, list[Raw]] = field(default_factory=lambda: {"parameters": [], "data": []})
    _known: dict[tuple[str, str], list[bytes]] = field(default_factory=dict)
    _met: dict[int, Made] = field(default_factory=dict)
    _owner: list[Made] = field(default_factory=list)

    def value(self, value: Any, path: Path) -> Any:
        if isinstance(value, Made):
            return self._made(value, path)
        if isinstance(value, (list, tuple)):
            return [self.value(entry, (*path, index)) for index, entry in enumerate(value)]
        if isinstance(value, dict):
            members = {self._key(key): self.value(member, (*path, str(key))) for key, member in value.items()}
            return {"$literal": self.plain(value, path)} if is_reserved(value) else members
        return self._scalar(value)

    def plain(self, value: Any, path: Path) -> Any:
        if isinstance(value, Literal):
            return self.plain(value.value, path)
        if isinstance(value, Made):
            return self._made(value, path)
        if isinstance(value, (list, tuple)):
            return [self.plain(entry, (*path, index)) for index, entry in enumerate(value)]
        if isinstance(value, dict):
            return {self._key(key): self.plain(member, (*path, str(key))) for key, member in value.items()}
        return self._scalar(value)

    def named(self, list_: str, made: Made, raw: Raw) -> str:
        name = raw.get("name")
        if not isinstance(name, str):
            raise made.refuse(f"A name is a text, not {type(name).__name__}.")
        if id(made) not in self._met:
            self._met[id(made)] = made
            self._add(list_, name, made, raw)
        return name

    def _add(self, list_: str, name: str, made: Made, raw: Raw) -> None:
        """Two of one meaning are one; two of one name and different meanings both stay, for the check to tell."""
        try:
            meaning = canonical_bytes(raw)
        except ValueError as error:
            raise made.refuse(f"“{name}” holds a value that no document can: {error}.") from None
        known = self._known.setdefault((list_, name), [])
        if meaning not in known:
            known.append(meaning)
            entries = self.lists[list_]
            entries.append({"id": f"{_IDS[list_]}{len(entries) + 1}", **raw})
            if made.line:
                self.lines[pointer(list_, len(entries) - 1)] = made.line

    def _made(self, made: Made, path: Path) -> Any:
        if made.line and path:
            self.lines.setdefault(pointer(*path), made.line)
        self._owner.append(made)
        try:
            written = made.written(self, path)
        except UNFIT as error:
            raise made.refuse(f"{type(made).__name__} cannot be written: {why_unfit(error)}.") from None
        self._owner.pop()
        return written

    def _key(self, key: Any) -> str:
        if isinstance(key, str):
            return key
        raise self._refuse(f"The names in an object are texts, not {type(key).__name__}.")

    def _scalar(self, value: Any) -> Any:
        if isinstance(value, Enum):
            return value.value
        if value is None or isinstance(value, (str, bool, int, float)):
            return value
        found = kind_told(value)
        allowed = "Write a text, a number, True, False, None, a list or a dict."
        raise self._refuse(f"{found[0].upper()}{found[1:]} cannot stand in a workflow. {allowed}")

    def _refuse(self, message: str) -> ProgramError:
        return self._owner[-1].refuse(message) if self._owner else ProgramError(None, message)


def line_at(lines: dict[str, Line], path: str) -> tuple[str, Line | None]:
    """The smallest thing that holds the place, and its line."""
    while True:
        if path in lines or not path:
            return path, lines.get(path)
        path = path.rpartition("/")[0]
