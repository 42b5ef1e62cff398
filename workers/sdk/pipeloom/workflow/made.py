"""What every object of a program shares: which fields were given, and the line that made it.

A field that was not given is not written into the document: absent and empty differ there, and here.
"""

from __future__ import annotations

import sys
from abc import ABCMeta
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, dataclass, fields
from difflib import get_close_matches
from pathlib import Path as FilePath
from types import FrameType
from typing import Any, ClassVar, Final, NamedTuple, Protocol, cast

Path = tuple[str | int, ...]
Raw = dict[str, Any]
_PACKAGE: Final = str(FilePath(__file__).resolve().parents[1])


class Unset:
    """A field that nobody gave."""

    def __repr__(self) -> str:
        return "UNSET"

    def __bool__(self) -> bool:
        return False


UNSET: Final[Any] = Unset()


class Writer(Protocol):
    """What the compiler offers to the objects."""

    def value(self, value: Any, path: Path) -> Any:
        """A value that may hold references."""

    def plain(self, value: Any, path: Path) -> Any:
        """A value in which nothing is a reference."""

    def named(self, list_: str, made: Made, raw: Raw) -> str:
        """Notes an entry of one of the document's lists, once, and says its name."""


class Line(NamedTuple):
    """A place in a program: its `file` and the number of the line."""

    file: str
    number: int

    def __str__(self) -> str:
        return f"{self.file}:{self.number}"


class ProgramError(Exception):
    """Something in the program cannot be: the message begins with the line of the program."""

    def __init__(self, line: Line | None, message: str) -> None:
        self.line = line
        self.message = message
        super().__init__(f"{line}: {message}" if line else message)


def line_of_program() -> Line | None:
    """The innermost line outside of this package and of what dataclasses generate."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        file = frame.f_code.co_filename
        if file != "<string>" and not file.startswith((_PACKAGE, "<frozen")):
            return Line(file, frame.f_lineno)
        frame = frame.f_back
    return None


UNFIT: Final = (TypeError, ValueError, AttributeError, LookupError, ArithmeticError, RecursionError)
"""What goes wrong inside when something of another kind is given than was meant."""


class Making(ABCMeta):
    """Whatever an object cannot be made of is told with the line of the program, not with ours."""

    def __call__(cls, *given: Any, **named: Any) -> Any:
        try:
            return super().__call__(*given, **named)
        except UNFIT as error:
            told = str(error).removeprefix(f"{cls.__name__}.__init__() ")
            message = f"{cls.__name__} cannot be made of this: {told}.{cls._meant(named)}"
            raise ProgramError(line_of_program(), message) from None

    def _meant(cls, named: dict[str, Any]) -> str:
        """For the first name that the class does not have."""
        known = [field.name for field in fields(cast("type[Made]", cls)) if field.init]
        wrong = next((name for name in named if name not in known), None)
        return "" if wrong is None else did_you_mean(wrong, known) or f" It takes: {', '.join(known)}."


@dataclass(eq=False)
class Made(metaclass=Making):
    """Base of all objects. `json_names` renames fields that the document calls otherwise; what stands in `lists` may
    be one thing or a list."""

    json_names: ClassVar[dict[str, str]] = {}
    lists: ClassVar[frozenset[str]] = frozenset()

    def __post_init__(self) -> None:
        self.line = line_of_program()

    def given(self) -> Iterator[tuple[str, Any]]:
        """The fields that were given, under the names of the document, in the order of the class. None is a value only
        where a value has to be given."""
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not UNSET and (value is not None or field.default is MISSING):
                held = listed(value) if field.name in self.lists else value
                yield self.json_names.get(field.name, field.name), held

    def written(self, into: Writer, path: Path) -> Any:
        """What the document says for this object."""
        return {key: into.value(value, (*path, key)) for key, value in self.given()}

    def refuse(self, message: str) -> ProgramError:
        """The error that names the line of this object."""
        return ProgramError(self.line, message)


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    near = get_close_matches(wrong, list(known), n=1, cutoff=0.6)
    return f" Did you mean “{near[0]}”?" if near else ""


def kind_told(value: Any) -> str:
    """What somebody gave, in the words of who gave it."""
    if value is None:
        return "None"
    return f"the class {value.__name__}" if isinstance(value, type) else f"a {type(value).__name__}"


def why_unfit(error: Exception) -> str:
    """Python's words, but for those that speak of its own insides."""
    return "it holds itself, or is nested too deeply" if isinstance(error, RecursionError) else str(error)


def listed(value: Any) -> list[Any]:
    """One object or a list of them, as everywhere in these programs."""
    if value is UNSET or value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]
