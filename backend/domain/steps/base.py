"""What a kind of step is: its properties (one pydantic model = its JSON Schema), its ports and how it executes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Strict

from backend.domain.problems import Problem

DataType = Literal["obs", "dataset", "dataset_version", "label_task", "swr", "model", "service"]
"""What travels along an edge. A dataset and a version of it differ: training needs a version, releasing makes one."""

OutputType = Literal["obs", "metrics", "dataset", "model", "label_task", "service", "service_content"]
OUTPUT_TYPES: tuple[str, ...] = get_args(OutputType)

Executes = Literal["engine", "server", "inline", "run"]
"""Where it happens: user code in an engine, our code in the server's interpreter, where it is decided, or in a run of
its own."""


class Strictly(BaseModel):
    """Base of everything that is read from a document: nothing unknown, nothing coerced, nothing changed later."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


type_of_tuple = Strict(False)
"""A JSON array is a list in Python; strict pydantic wants a tuple for a tuple. The entries stay strict."""


class Nothing(Strictly):
    """Properties of a kind that has none."""


def no_rules(properties: Mapping[str, Any]) -> Iterable[Problem]:
    """Most kinds have no rule that concerns several properties at once."""
    return ()


@dataclass(frozen=True, slots=True)
class InputRule:
    """How many inputs, and what they may carry."""

    accepts: frozenset[DataType] = frozenset()
    at_least: int = 0
    at_most: int | None = 0


Config = type[BaseModel]
Rules = Callable[[Mapping[str, Any]], Iterable[Problem]]


@dataclass(frozen=True, slots=True)
class OutputPort:
    """One type of output that a kind can declare. `carries` is None where no step can take it as input. `rules` report
    what concerns several fields of its config at once, like those of a kind."""

    type: OutputType
    config: Config
    carries: DataType | None
    rules: Rules = no_rules


@dataclass(frozen=True, slots=True)
class OutputRule:
    ports: tuple[OutputPort, ...] = ()
    at_least: int = 0
    at_most: int | None = 0

    def port(self, type_: str) -> OutputPort | None:
        return next((port for port in self.ports if port.type == type_), None)


@dataclass(frozen=True, slots=True)
class StepKind:
    """One kind of step. `rules` gets the properties as written, with references still in them, and reports what
    concerns several properties at once; its pointers are relative to the properties."""

    name: str
    version: int
    title: str
    description: str
    executes: Executes
    properties: type[BaseModel]
    inputs: InputRule = InputRule()
    outputs: OutputRule = OutputRule()
    rules: Rules = no_rules
    skippable: bool = True
    """May have skip conditions."""
    retried_when_lost: bool = True
    """Its outputs are private to the attempt until it finishes, so a second attempt can do no harm."""


Texts = Annotated[tuple[str, ...], type_of_tuple]
