"""workflow: runs a release of another workflow as one step, with values and data of this one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final

from pydantic import Field, JsonValue

from backend.domain.problems import Problem, pointer, problem
from backend.domain.steps.base import DataType, InputRule, OutputPort, OutputRule, StepKind, Strictly, type_of_tuple
from backend.domain.steps.words import WORKFLOW_NAME_PATTERN, Name

MOST_LEVELS: Final = 5
"""Workflows inside each other, the outermost among them."""


class Release(Strictly):
    """A release never changes, so what a version of this workflow does never changes either."""

    workflow: str = Field(pattern=WORKFLOW_NAME_PATTERN, description="Its name; it is of the same project.")
    version: int = Field(ge=1, le=2**31 - 1, description="The number of one of its releases.")


class NestedParameter(Strictly):
    name: Name = Field(description="Of a placeholder, a data placeholder or a storage of that workflow.")
    value: JsonValue = Field(
        json_schema_extra={"x-may-be-unset": True},
        description="A constant, or a placeholder of this workflow; without a value the other's default holds.",
    )


class NestedProperties(Strictly):
    release: Release = Field(
        json_schema_extra={"x-format": "release"}, description="Which workflow runs here, and which of its releases."
    )
    parameters: Annotated[tuple[NestedParameter, ...], type_of_tuple] = Field(
        (), max_length=1000, description="Values for it."
    )


class NestedOutput(Strictly):
    """An output of one of its steps becomes an output of this step."""

    step: Name = Field(description="A step of that workflow.")
    output: Name = Field(description="One of the outputs of that step.")


def nested_rules(properties: Mapping[str, Any]) -> Iterator[Problem]:
    seen: set[str] = set()
    listed = properties.get("parameters")
    for index, parameter in enumerate(listed if isinstance(listed, list) else ()):
        name = parameter.get("name") if isinstance(parameter, Mapping) else None
        if isinstance(name, str):
            if name in seen:
                yield problem("document.duplicate_argument", pointer("parameters", index), name=name)
            seen.add(name)


_DATA: Final[frozenset[DataType]] = frozenset(
    {"obs", "dataset", "dataset_version", "label_task", "swr", "model", "service"}
)

WORKFLOW = StepKind(
    name="workflow",
    version=1,
    title="Run workflow",
    description="Runs a release of another workflow as one step of this one.",
    executes="run",
    properties=NestedProperties,
    inputs=InputRule(_DATA, at_most=None),
    outputs=OutputRule(
        (
            OutputPort("obs", NestedOutput, "obs"),
            OutputPort("metrics", NestedOutput, None),
            OutputPort("dataset", NestedOutput, "dataset_version"),
            OutputPort("model", NestedOutput, "model"),
        ),
        at_most=None,
    ),
    rules=nested_rules,
)
"""Each input is named like the data placeholder of the other workflow that it fills."""
