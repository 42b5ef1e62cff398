"""From a workflow document to ModelArts wire JSON, with what the wire cannot say in the report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from backend.domain.design.document import Data, Document, Group, Parameter, Step, Storage
from backend.domain.design.load import dumped
from backend.domain.design.nested import is_nested
from backend.domain.design.references import DataReference, ParameterReference, references_in, references_within
from backend.domain.interop.report import Converted, Path, Raw, Report
from backend.domain.interop.wire_properties import output_written, properties_written
from backend.domain.interop.wire_values import ToWire, named
from backend.domain.interop.wire_words import DATA_TYPES


def wire_from_document(document: Document) -> Converted:
    """For a document that has the right form; what it names need not exist."""
    report = Report()
    fixed = frozenset(data.name for data in document.data if not data.placeholder)
    write = ToWire(report, {storage.name: storage for storage in document.storages}, fixed)
    users = _users(document)
    steps = dumped(document).get("steps", [])
    wire: Raw = {
        "name": document.name,
        "description": document.description,
        "parameters": [_parameter(each, users) for each in document.parameters],
        "data_requirements": [
            _data(each, ("data", at), users, write) for at, each in enumerate(document.data) if each.placeholder
        ],
        "data": [
            _data(each, ("data", at), users, write) for at, each in enumerate(document.data) if not each.placeholder
        ],
        "storages": [_storage(each, ("storages", at), report) for at, each in enumerate(document.storages)],
        "steps": [
            _step(each, raw, ("steps", at), write)
            for at, (each, raw) in enumerate(zip(document.steps, steps, strict=True))
        ],
        "policy": {"scenes": [_group(each, ("scenes", at), report) for at, each in enumerate(document.scenes)]},
        "sub_graphs": [_group(each, ("subgraphs", at), report) for at, each in enumerate(document.subgraphs)],
    }
    for at, _ in enumerate(document.notes):
        report.dropped(("notes", at), "a note")
    kept = {key: value for key, value in wire.items() if value not in ([], {"scenes": []}, "") or key == "steps"}
    for group in kept.get("sub_graphs", ()):
        group.pop("id", None)
    report.mapped = sum(len(value) for value in kept.values() if isinstance(value, list))
    return Converted(kept, report)


def _users(document: Document) -> dict[str, list[str]]:
    """Of each placeholder: the steps that use it, so that a form can group it under them."""
    behind = {data.name: list(_parameters_of(data)) for data in document.data}
    users: dict[str, dict[str, None]] = {}
    for step in document.steps:
        for _, reference in references_in(step):
            if isinstance(reference, (ParameterReference, DataReference)):
                more = behind.get(reference.name, []) if isinstance(reference, DataReference) else []
                for name in (reference.name, *more):
                    users.setdefault(name, {})[step.name] = None
    return {name: list(steps) for name, steps in users.items()}


def _parameters_of(data: Data) -> Iterator[str]:
    for condition in data.conditions:
        for _, reference in references_within(condition.value):
            if isinstance(reference, ParameterReference):
                yield reference.name


def _parameter(parameter: Parameter, users: dict[str, list[str]]) -> Raw:
    made: Raw = {"name": parameter.name, "type": parameter.type.lower()}
    if parameter.title:
        made["title"] = parameter.title
    if parameter.description:
        made["description"] = parameter.description
    if parameter.example is not None:
        made["example"] = parameter.example
    if parameter.format:
        made["format"] = parameter.format
    if parameter.has_default:
        made["default"] = parameter.default
    if parameter.enum:
        made["enum"] = list(parameter.enum)
    if parameter.constraint:
        made["constraint"] = parameter.constraint
    if not parameter.required:
        made["required"] = False
    return {**made, "delay": parameter.delay, "used_steps": users.get(parameter.name, [])}


def _data(data: Data, path: Path, users: dict[str, list[str]], write: ToWire) -> Raw:
    type_ = data.type if data.placeholder else DATA_TYPES.get(data.type, data.type)
    made: Raw = {"name": data.name, "type": type_}
    if data.description:
        made["description"] = data.description
    conditions = [
        {
            "attribute": each.attribute,
            "operator": each.operator,
            "value": write.value(each.value, (*path, "conditions", at)),
        }
        for at, each in enumerate(data.conditions)
    ]
    if "object_type" in data.model_fields_set:
        conditions.append({"attribute": "object_type", "operator": "equal", "value": data.object_type})
    if data.data_type_list:
        conditions.append({"attribute": "data_type_list", "operator": "equal", "value": list(data.data_type_list)})
    if conditions:
        made["conditions"] = conditions
    value = data.default if data.placeholder else data.value
    if value is not None:
        made["value"] = named(value, "obs_path", "obs_url")
    if not data.required:
        made["required"] = False
    if data.placeholder:
        made["delay"] = data.delay
    return {**made, "used_steps": users.get(data.name, [])}


def _storage(storage: Storage, path: Path, report: Report) -> Raw:
    made: Raw = {"name": storage.name, "type": "obs"}
    if storage.default is not None:
        made["path"] = storage.default
    for key in ("title", "description"):
        if getattr(storage, key):
            report.dropped((*path, key), f"the {key} of a storage")
    return made


def _step(step: Step, raw: Raw, path: Path, write: ToWire) -> Raw:
    made: Raw = {"name": step.name, "type": step.kind, "title": step.shown_title}
    if is_nested(step):
        became = "a step of type “workflow”, which ModelArts does not know"
        write.report.approximated((*path, "kind"), "a step that runs another workflow", became)
    if step.description:
        made["description"] = step.description
    made["inputs"] = [_input(each, (*path, "inputs", at), write) for at, each in enumerate(raw.get("inputs", ()))]
    outputs = enumerate(raw.get("outputs", ()))
    made["outputs"] = [output_written(step.kind, each, (*path, "outputs", at), write) for at, each in outputs]
    if step.kind == "condition":
        made.update(_branches(step, path, write))
    else:
        made["properties"] = properties_written(step.kind, raw, path, write)
    policy = dict(raw.get("policy") or {})
    if not policy.pop("reuse", True):
        write.report.dropped((*path, "policy", "reuse"), "that its earlier results are never taken over")
    if policy:
        made["policy"] = _policy(policy, (*path, "policy"), write)
    return {**made, "depend_steps": list(step.depends_on)}


def _branches(step: Step, path: Path, write: ToWire) -> Raw:
    properties = step.properties
    conditions = write.conditions(properties.get("conditions"), (*path, "properties", "conditions"))
    branches = {key: properties.get(key, []) for key in ("if_then_steps", "else_then_steps")}
    return {"conditions": conditions, **branches}


def _input(given: Raw, path: Path, write: ToWire) -> Raw:
    return {
        "name": given.get("name"),
        "data": named(write.value(given.get("data"), (*path, "data")), "obs_path", "obs_url"),
    }


def _policy(policy: Raw, path: Path, write: ToWire) -> Raw:
    made: Raw = {key: policy[key] for key in ("poll_interval_seconds", "max_execution_minutes") if key in policy}
    conditions = write.conditions(policy.get("skip_conditions"), (*path, "skip_conditions"))
    return {**made, "skip_conditions": conditions} if conditions else made


def _group(group: Group, path: Path, report: Report) -> Any:
    if group.description:
        report.dropped((*path, "description"), "the description of a group of steps")
    return {"id": group.id, "name": group.name, "steps": list(group.steps)}
