"""What can be drawn, checked and released, and cannot be run yet: said before the run begins, never by a step that
does nothing or something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from backend.domain.design.document import Document, Step
from backend.domain.design.references import (
    UNSET,
    DataReference,
    ParameterReference,
    Reference,
    as_reference,
    resolve,
)
from backend.domain.problems import Problem, pointer, problem

NOT_YET: Final = frozenset({"labeling", "dataset_import", "service", "mrs_job"})
_IMPORTED: Final = "MA_IMAGENET_V1"


def unrunnable(document: Document, step: Step, values: Mapping[str, Any]) -> Problem | None:
    """The first thing that keeps a step of a valid document from running here, with a pointer below the step."""
    if step.kind in NOT_YET:
        return problem("run.kind_not_here", "/kind", step=step.name, kind=step.kind)
    find = _FINDERS.get(step.kind)
    for place, part in find(document, step, values) if find else ():
        return problem("run.part_not_here", place, step=step.name, part=part)
    return None


Found = Iterator[tuple[str, str]]


def _job(document: Document, step: Step, values: Mapping[str, Any]) -> Found:
    for index, output in enumerate(step.outputs):
        if output.type == "model":
            yield pointer("outputs", index, "type"), "an output that is a model"


def _create_dataset(document: Document, step: Step, values: Mapping[str, Any]) -> Found:
    properties = _filled(step.properties, values)
    if properties.get("dataset_format", 0) != 0:
        yield "/properties/dataset_format", "a dataset that is a table"
    config = properties.get("import_config")
    if not isinstance(config, Mapping):
        return
    if config.get("import_type", "DIR") != "DIR":
        yield "/properties/import_config/import_type", "a manifest file"
    for index, form in enumerate(config.get("annotation_format_config", ())):
        if isinstance(form, Mapping) and form.get("format_name") != _IMPORTED:
            place = pointer("properties", "import_config", "annotation_format_config", index, "format_name")
            yield place, f"labels written as {form.get('format_name')}"


def _release_dataset(document: Document, step: Step, values: Mapping[str, Any]) -> Found:
    yield from _label_tasks(document, step)
    for index, output in enumerate(step.outputs):
        version_format = _filled(output.config, values).get("version_format", "Default")
        if version_format != "Default":
            yield pointer("outputs", index, "config", "version_format"), f"the version format {version_format}"


def _label_tasks(document: Document, step: Step) -> Found:
    for index, data in enumerate(_given(document, step)):
        if isinstance(data, Mapping) and "task_name" in data:
            yield pointer("inputs", index, "data"), "a label task"


def _model(document: Document, step: Step, values: Mapping[str, Any]) -> Found:
    if len(step.inputs) > 1:
        yield "/inputs", "two inputs for one model"
    for index, data in enumerate(_given(document, step)):
        if isinstance(data, Mapping) and ("swr_path" in data or "subscription_id" in data):
            part = "a container image" if "swr_path" in data else "a model of the gallery"
            yield pointer("inputs", index, "data"), part
    for index, output in enumerate(step.outputs):
        if _filled(output.config, values).get("model_type") == "Template":
            yield pointer("outputs", index, "config", "model_type"), "a model template"


_FINDERS: Final = {
    "job": _job,
    "create_dataset": _create_dataset,
    "release_dataset": _release_dataset,
    "model": _model,
}
_FIELDS: Final[Mapping[str, str]] = {
    "swr": "swr_path",
    "gallery_model": "subscription_id",
    "label_task": "task_name",
}


def _given(document: Document, step: Step) -> Iterator[Any]:
    """What each input is given, with only the field that tells its type where that comes from a placeholder."""
    for given in step.inputs:
        reference = as_reference(given.data)
        data = document.data_named(reference.name) if isinstance(reference, DataReference) else None
        yield given.data if data is None else {_FIELDS.get(data.type, ""): ""}


def _filled(value: Any, values: Mapping[str, Any]) -> Mapping[str, Any]:
    def lookup(reference: Reference) -> Any:
        return values.get(reference.name, UNSET) if isinstance(reference, ParameterReference) else UNSET

    found = resolve(value, lookup)
    return found if isinstance(found, Mapping) else {}
