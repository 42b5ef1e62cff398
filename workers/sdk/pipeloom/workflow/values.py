"""Placeholders, and what stands for a value that is known later."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

from backend.domain.interop.unfilled import to_be_filled_in
from pipeloom.workflow.made import UNSET, Made, Path, Writer


class PlaceholderType(Enum):
    """What a placeholder's value is: int, str, bool, float, one of a list, a dict or a list."""

    INT = "INT"
    STR = "STR"
    BOOL = "BOOL"
    FLOAT = "FLOAT"
    ENUM = "ENUM"
    JSON = "JSON"
    LIST = "LIST"


@dataclass(eq=False)
class Placeholder(Made):
    """A value that is asked for before a run, or, with `delay=True`, when a step needs it.

    `name`: as of a step; two placeholders of one name and one meaning are one parameter, of two meanings a mistake
    that names both lines. `placeholder_type`: a PlaceholderType. `default` must fit it. `placeholder_format`: "obs",
    "flavor", "train_flavor", "swr" or "pacific"; for LIST it is needed and says what the entries are: "str", "int",
    "float" or "bool". `enum_list` is needed for ENUM. `constraint`, a dict, narrows the choice of a flavor.
    `required=False` lets the form leave it empty, which does not go together with `delay`. `description` is shown on
    the form. `title` and `example` are Pipeloom's own.
    """

    name: str
    placeholder_type: Any
    default: Any = UNSET
    placeholder_format: Any = UNSET
    delay: Any = UNSET
    description: Any = UNSET
    enum_list: Any = UNSET
    constraint: Any = UNSET
    required: Any = UNSET
    title: Any = UNSET
    example: Any = UNSET

    json_names: ClassVar[dict[str, str]] = {
        "placeholder_type": "type",
        "placeholder_format": "format",
        "enum_list": "enum",
    }

    def written(self, into: Writer, path: Path) -> Any:
        return {"$parameter": into.named("parameters", self, self.definition(into))}

    def definition(self, into: Writer) -> dict[str, Any]:
        """As an entry of the workflow's list of parameters."""
        return definition(self, into)


@dataclass(eq=False)
class Literal(Made):
    """A constant, `value`, that is meant exactly as it stands, even where it looks like a reference or like “to be
    filled in”. Pipeloom's own."""

    value: Any

    def written(self, into: Writer, path: Path) -> Any:
        return {"$literal": into.plain(self.value, path)}


@dataclass(eq=False)
class SystemEnv(Made):
    """Something that only the run knows: `name` is "execution_id", "workflow_name" or "step_name". Which names there
    are, and how it is called, is not documented by the source."""

    name: str

    def written(self, into: Writer, path: Path) -> Any:
        return {"$system": self.name}


@dataclass(eq=False)
class Reference(Made):
    """A reference as the document writes it, `raw`, for what no object can say: it names something that is not there.
    Pipeloom's own."""

    raw: dict[str, Any]

    def written(self, into: Writer, path: Path) -> Any:
        return into.plain(self.raw, path)


def definition(made: Made, into: Writer) -> dict[str, Any]:
    """The fields as constants. A default that is still to be filled in is none."""
    written = {key: into.plain(value, ()) for key, value in made.given()}
    unfilled = not isinstance(dict(made.given()).get("default"), Literal) and to_be_filled_in(written.get("default"))
    return {key: value for key, value in written.items() if key != "default" or not unfilled}
