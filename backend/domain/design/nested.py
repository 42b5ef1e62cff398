"""A workflow that runs as a step of another: whether what is given to it and taken from it fits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from backend.domain.design.data_values import carried_by, data_carries, type_of_data
from backend.domain.design.document import Data, Document, Parameter, Step
from backend.domain.design.references import (
    AnyOfReference,
    DataReference,
    OutputReference,
    ParameterReference,
    StorageReference,
    as_reference,
    references_within,
)
from backend.domain.design.suggest import Suggester
from backend.domain.design.values import check_values
from backend.domain.problems import Problem, pointer, problem
from backend.domain.steps.base import DataType
from backend.domain.steps.registry import kind_of
from backend.domain.steps.workflow import WORKFLOW

Release = tuple[str, int]
"""A workflow's name and the number of a release."""


def is_nested(step: Step) -> bool:
    return step.kind == WORKFLOW.name


def release_of(step: Step) -> Release | None:
    """What a step runs; None while that is not written yet."""
    release = step.properties.get("release")
    if not isinstance(release, dict):
        return None
    name, version = release.get("workflow"), release.get("version")
    fits = isinstance(name, str) and isinstance(version, int) and not isinstance(version, bool)
    return (name, version) if fits else None  # type: ignore[return-value]


def nested_problems(outer: Document, step: Step, inner: Document) -> Iterator[Problem]:
    """What does not fit between a step of a valid document and the workflow that it runs; pointers are below the
    step."""
    yield from _Fit(outer, step, inner).problems()


def given_parameters(step: Step) -> dict[str, tuple[int, Any]]:
    """By name: place in the list, and value."""
    listed = step.properties.get("parameters")
    found: dict[str, tuple[int, Any]] = {}
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        name = entry.get("name") if isinstance(entry, dict) and "value" in entry else None
        if isinstance(entry, dict) and isinstance(name, str):
            found.setdefault(name, (index, entry["value"]))
    return found


_WIDER: Final = frozenset({("INT", "FLOAT")})


class _Fit:
    def __init__(self, outer: Document, step: Step, inner: Document) -> None:
        self.outer, self.step, self.inner = outer, step, inner
        self.parameters = given_parameters(step)
        self.inputs = {each.name: (index, each.data) for index, each in enumerate(step.inputs)}
        self.asked: dict[str, Any] = {
            each.name: each for group in (inner.parameters, inner.data, inner.storages) for each in group
        }
        self.suggest = Suggester()

    def problems(self) -> Iterator[Problem]:
        for name, (index, value) in self.parameters.items():
            yield from self._given(name, pointer("properties", "parameters", index, "name"))
            yield from self._parameter(name, value, pointer("properties", "parameters", index, "value"))
        for name, (index, data) in self.inputs.items():
            if name in self.parameters:
                yield problem("nested.given_twice", pointer("inputs", index), name=name)
            yield from self._given(name, pointer("inputs", index, "name"))
            yield from self._input(name, data, pointer("inputs", index, "data"))
        yield from self._constants()
        for index, output in enumerate(self.step.outputs):
            yield from self._output(output.type, output.config, pointer("outputs", index, "config"))

    def _given(self, name: str, path: str) -> Iterator[Problem]:
        asked = self.asked.get(name)
        if asked is None:
            meant = self.suggest(name, self.asked)
            yield problem("nested.unknown_value", path, workflow=self.inner.name, name=name, suggestion=meant)
        elif isinstance(asked, Data) and not asked.placeholder:
            yield problem("nested.fixed_value", path, workflow=self.inner.name, name=name)

    def _parameter(self, name: str, value: Any, path: str) -> Iterator[Problem]:
        """Only what a placeholder of this workflow promises; constants are checked like those of a run."""
        asked, reference = self.asked.get(name), as_reference(value)
        if isinstance(reference, StorageReference) and isinstance(asked, (Parameter, Data)):
            if not (isinstance(asked, Parameter) and asked.type == "STR"):
                yield self._unfit(name, path, _kind(asked), "a path")
            return
        given = self.outer.parameter(reference.name) if isinstance(reference, ParameterReference) else None
        if given is None or asked is None:
            return
        wanted = asked.type if isinstance(asked, Parameter) else "JSON" if isinstance(asked, Data) else "STR"
        same = given.type == wanted and (wanted != "LIST" or given.format == asked.format)
        if not same and (given.type, wanted) not in _WIDER and "ENUM" not in (given.type, wanted):
            yield self._unfit(name, path, _kind(asked), given.type)

    def _input(self, name: str, data: Any, path: str) -> Iterator[Problem]:
        asked = self.asked.get(name)
        if asked is None:
            return
        carried = self._carried(data)
        wanted = data_carries(asked) if isinstance(asked, Data) else frozenset()
        if carried and not carried & wanted:
            yield self._unfit(name, path, _kind(asked), " or ".join(sorted(carried)))

    def _carried(self, data: Any) -> frozenset[DataType]:
        reference = as_reference(data)
        if isinstance(reference, DataReference):
            found = self.outer.data_named(reference.name)
            return data_carries(found) if found else frozenset()
        if isinstance(reference, OutputReference):
            return self._made(reference)
        if isinstance(reference, AnyOfReference):
            return frozenset(carried for option in reference.options for carried in self._made(option))
        type_ = type_of_data(data) if isinstance(data, dict) else None
        return carried_by(type_, data) if type_ else frozenset()

    def _made(self, reference: OutputReference) -> frozenset[DataType]:
        producer = self.outer.step(reference.step)
        output = producer.output(reference.output) if producer else None
        carried = carried_at(producer, output.type) if producer and output else None
        return frozenset({carried}) if carried else frozenset()

    def _constants(self) -> Iterator[Problem]:
        """As if somebody had typed them into the form of that workflow, and whether anything was left out."""
        constant = {
            name: value
            for name, (_, value) in self.parameters.items()
            if name in self.asked and not any(references_within(value))
        }
        for found in check_values(self.inner, constant):
            name = found.path.split("/")[2] if found.path.count("/") > 1 else ""
            if found.code == "value.missing":
                if name not in self.parameters and name not in self.inputs:
                    yield problem("nested.missing_value", "/properties", workflow=self.inner.name, name=name)
            elif name in constant and found.code != "value.fixed":
                place = pointer("properties", "parameters", self.parameters[name][0], "value")
                below = found.path.removeprefix(pointer("values", name))
                yield problem(found.code, place + below, **found.params)

    def _output(self, type_: str, config: Mapping[str, Any], path: str) -> Iterator[Problem]:
        name, output = config.get("step"), config.get("output")
        if not isinstance(name, str) or not isinstance(output, str):
            return
        about = {"workflow": self.inner.name}
        producer = self.inner.step(name)
        if producer is None:
            meant = self.suggest(name, [each.name for each in self.inner.steps])
            yield problem("nested.unknown_step", path + "/step", **about, name=name, suggestion=meant)
            return
        made = producer.output(output)
        if made is None:
            meant = self.suggest(output, [each.name for each in producer.outputs])
            yield problem("nested.unknown_output", path + "/output", **about, step=name, name=output, suggestion=meant)
        elif (made.type, carried_at(producer, made.type)) != (type_, carried_at(self.step, type_)):
            found = carried_at(producer, made.type) or made.type
            expected = carried_at(self.step, type_) or type_
            yield problem(
                "nested.output_type", path + "/output", name=output, step=name, found=found, expected=expected
            )

    def _unfit(self, name: str, path: str, expected: str, found: str) -> Problem:
        return problem("nested.wrong_type", path, workflow=self.inner.name, name=name, expected=expected, found=found)


def carried_at(step: Step, type_: str) -> DataType | None:
    kind = kind_of(step.kind)
    port = kind.outputs.port(type_) if kind else None
    return port.carries if port else None


def _kind(asked: Any) -> str:
    if isinstance(asked, Data):
        return str(asked.type)
    return asked.type if isinstance(asked, Parameter) else "a folder of a storage"
