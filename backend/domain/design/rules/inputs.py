"""What flows along the edges: whether an input exists, comes from before, and is of a type that the step takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from backend.domain.design.data_values import DATA_VALUES, carried_by, data_carries, type_of_data
from backend.domain.design.references import (
    AnyOfReference,
    DataReference,
    Malformed,
    OutputReference,
    as_reference,
    is_literal,
)
from backend.domain.design.rules.bodies import body, malformed, not_here
from backend.domain.design.view import Part, StepPart, View
from backend.domain.problems import Problem, problem
from backend.domain.steps.base import DataType

_DATA_WORDS: Mapping[DataType, str] = {
    "obs": "a path",
    "dataset": "a dataset",
    "dataset_version": "a version of a dataset",
    "label_task": "a label task",
    "swr": "a container image",
    "model": "a model",
    "service": "a service",
}


def inputs(view: View) -> Iterator[Problem]:
    for step in view.steps:
        for given in step.inputs:
            if "data" in given.raw:
                yield from _input(view, step, given)
        yield from _label_task_type(view, step)
        yield from _task_name(view, step)
        yield from _source_and_target(view, step)


def _input(view: View, step: StepPart, given: Part) -> Iterator[Problem]:
    path = given.path + "/data"
    data = given.raw["data"]
    reference = as_reference(data)
    if isinstance(reference, Malformed):
        yield malformed(reference, path)
    elif isinstance(reference, OutputReference):
        yield from _output(view, step, reference, path)
    elif isinstance(reference, AnyOfReference):
        for index, option in enumerate(reference.options):
            yield from _output(view, step, option, f"{path}/$any_of/{index}")
    elif isinstance(reference, DataReference):
        yield from _data(view, step, reference, path)
    elif reference is not None:
        yield not_here(reference, path, "a “$data”, “$output” or “$any_of” reference, or a data object")
    else:
        yield from _written(view, step, data, path)


def _output(view: View, step: StepPart, reference: OutputReference, path: str) -> Iterator[Problem]:
    producer = view.by_name.get(reference.step)
    if producer is None:
        meant = view.suggest(reference.step, view.by_name)
        yield problem("document.unknown_step", path, name=reference.step, suggestion=meant)
        return
    output = producer.outputs_by_name.get(reference.output)
    if output is None:
        meant = view.suggest(reference.output, producer.outputs_by_name)
        yield problem("document.unknown_output", path, step=reference.step, name=reference.output, suggestion=meant)
    if step.name is not None and not view.comes_before(reference.step, step.name):
        yield problem("document.not_an_ancestor", path, step=reference.step)
    type_ = output.raw.get("type") if output is not None else None
    port = producer.kind.outputs.port(type_) if producer.kind is not None and isinstance(type_, str) else None
    if port is not None and port.carries is None:
        yield problem("document.metrics_as_input", path, name=reference.output)
    elif port is not None and port.carries is not None:
        yield from _accepted(step, (port.carries,), reference.output, path)


def _data(view: View, step: StepPart, reference: DataReference, path: str) -> Iterator[Problem]:
    name = reference.name
    if name not in view.data:
        yield problem("document.unknown_data", path, name=name, suggestion=view.suggest(name, view.data))
        return
    data = view.data[name]
    if data is not None:
        if data.type == "data_selector" and step.kind is not None and step.kind.name != "job":
            yield problem("document.selector_not_here", path, kind=step.kind.name, name=name)
        else:
            yield from _accepted(step, data_carries(data), name, path)


def _written(view: View, step: StepPart, data: Any, path: str) -> Iterator[Problem]:
    """Data written at the input itself. Inside it paths and names may be references."""
    type_ = type_of_data(data) if isinstance(data, dict) and not is_literal(data) else None
    if type_ is None:
        known = ", ".join(dict.fromkeys(next(iter(model.model_fields)) for model in DATA_VALUES.values()))
        yield problem("document.bad_data", path, known=known)
        return
    yield from body(view, DATA_VALUES[type_], data, path)
    yield from _accepted(step, carried_by(type_, data), str(data.get("dataset_name", "")), path)


def _accepted(step: StepPart, carried: Iterable[DataType], name: str, path: str) -> Iterator[Problem]:
    kind = step.kind
    carried = list(carried)
    if kind is None or not carried or kind.inputs.accepts.intersection(carried):
        return
    if carried == ["dataset"] and "dataset_version" in kind.inputs.accepts:
        yield problem("document.dataset_not_released", path, kind=kind.name, name=name)
    elif kind.inputs.accepts:
        accepted = ", ".join(_DATA_WORDS[type_] for type_ in sorted(kind.inputs.accepts))
        found = " or ".join(_DATA_WORDS[type_] for type_ in sorted(carried))
        yield problem("document.input_type", path, kind=kind.name, found=found, accepted=accepted)


def _label_task_type(view: View, step: StepPart) -> Iterator[Problem]:
    """A label task knows its type; a dataset does not, so the version made of it has to say."""
    if step.kind is None or step.kind.name != "release_dataset":
        return
    if not any(_is_dataset(view, given) for given in step.inputs):
        return
    for output in step.outputs:
        config = output.raw.get("config", {})
        if isinstance(config, dict) and config.get("label_task_type") is None:
            place = output.path + "/config" if "config" in output.raw else output.path
            yield problem("document.label_task_type_missing", place)


def _task_name(view: View, step: StepPart) -> Iterator[Problem]:
    """A label task has its name; for a dataset, one is made or looked up by the name that the step says."""
    properties = step.raw.get("properties", {})
    if step.kind is None or step.kind.name != "labeling" or not isinstance(properties, dict):
        return
    if properties.get("task_name") is None and any(_is_dataset(view, given) for given in step.inputs):
        yield problem("document.task_name_missing", step.path)


def _source_and_target(view: View, step: StepPart) -> Iterator[Problem]:
    """One input is what is imported into, the other where it comes from."""
    if step.kind is None or step.kind.name != "dataset_import" or len(step.inputs) != 2:
        return
    first, second = (_carried(view, given) for given in step.inputs)
    if first and second and (first <= _FILES) == (second <= _FILES):
        yield problem("document.import_inputs", step.path + "/inputs")


_FILES: frozenset[DataType] = frozenset({"obs"})


def _is_dataset(view: View, given: Part) -> bool:
    carried = _carried(view, given)
    return bool(carried & {"dataset", "dataset_version"})


def _carried(view: View, given: Part) -> frozenset[DataType]:
    """What an input can be, as far as that is known."""
    data = given.raw.get("data")
    reference = as_reference(data)
    if isinstance(reference, DataReference):
        found = view.data.get(reference.name)
        return frozenset() if found is None else data_carries(found)
    if isinstance(reference, OutputReference):
        return _made(view, reference)
    if isinstance(reference, AnyOfReference):
        return frozenset(carried for option in reference.options for carried in _made(view, option))
    type_ = type_of_data(data) if isinstance(data, dict) else None
    return frozenset() if type_ is None else carried_by(type_, data)


def _made(view: View, reference: OutputReference) -> frozenset[DataType]:
    producer = view.by_name.get(reference.step)
    output = producer.outputs_by_name.get(reference.output) if producer else None
    type_ = output.raw.get("type") if output else None
    if producer is None or producer.kind is None or not isinstance(type_, str):
        return frozenset()
    port = producer.kind.outputs.port(type_)
    return frozenset() if port is None or port.carries is None else frozenset({port.carries})
