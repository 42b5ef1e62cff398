"""From ModelArts wire JSON to a workflow document. Nothing is executed, and nothing is refused: what cannot be taken
over is told in the report, and what is wrong with the result by the check of documents."""

from __future__ import annotations

import json
from typing import Any

from backend.domain.interop.report import Converted, Path, Raw, Report, leftovers, objects
from backend.domain.interop.wire_properties import keeps_properties, output_read, properties_read
from backend.domain.interop.wire_values import FromWire, named
from backend.domain.interop.wire_words import STEP_KEYS, WORKFLOW_KEYS

_UNNAMED = "Imported workflow"


def looks_like_wire(raw: object) -> bool:
    """Ours says its schema; theirs has steps with a type."""
    if not isinstance(raw, dict) or "schema" in raw or not isinstance(raw.get("steps"), list):
        return False
    return all(isinstance(step, dict) and "kind" not in step for step in raw["steps"])


def document_from_wire(raw: Raw) -> Converted:
    """For JSON whose depth and size were checked before; time in proportion to its size."""
    report = Report()
    read = FromWire(report)
    name = raw.get("name")
    document: Raw = {
        "schema": 1,
        "name": name if isinstance(name, str) else _UNNAMED,
        "description": _text(raw, "description", ()),
        "parameters": [
            _parameter(entry, path, f"p{at}", read)
            for at, (path, entry) in enumerate(objects(raw, "parameters", (), report), 1)
        ],
        "data": _all_data(raw, read),
        "storages": [_storage(entry, path, report) for path, entry in objects(raw, "storages", (), report)],
        "steps": [
            _step(entry, path, f"s{at}", read) for at, (path, entry) in enumerate(objects(raw, "steps", (), report), 1)
        ],
        "scenes": _scenes(raw.get("policy"), report),
        "subgraphs": [
            _group(entry, path, f"g{at}", report)
            for at, (path, entry) in enumerate(objects(raw, "sub_graphs", (), report), 1)
        ],
    }
    leftovers(raw, WORKFLOW_KEYS, (), report)
    report.mapped = sum(len(listed) for listed in document.values() if isinstance(listed, list))
    return Converted(document, report)


def _text(entry: Raw, key: str, path: Path) -> str:
    found = entry.get(key)
    return found if isinstance(found, str) else ""


_PARAMETER_KEYS = frozenset(
    [
        "name",
        "type",
        "title",
        "description",
        "example",
        "delay",
        "default",
        "value",
        "enum",
        "used_steps",
        "format",
        "constraint",
        "required",
    ]
)


def _parameter(entry: Raw, path: Path, id_: str, read: FromWire) -> Raw:
    type_ = entry.get("type")
    type_ = type_.upper() if isinstance(type_, str) else type_
    made: Raw = {"id": id_, "name": entry.get("name"), "type": type_}
    made.update({key: entry[key] for key in ("title", "description", "format", "enum") if entry.get(key)})
    made.update({key: entry[key] for key in ("delay", "required") if isinstance(entry.get(key), bool)})
    made.update({key: entry[key] for key in ("example",) if entry.get(key) is not None})
    made.update({key: _decoded(entry[key]) for key in ("constraint",) if entry.get(key)})
    for key in ("default", "value"):
        if entry.get(key) is not None:
            made["default"] = _typed(entry[key], type_, (*path, key), read.report)
    if entry.get("value") is not None and entry.get("default") is not None and entry["value"] != entry["default"]:
        read.report.approximated((*path, "value"), f"the value of {entry.get('name')}", "the default")
    leftovers(entry, _PARAMETER_KEYS, path, read.report)
    return made


def _decoded(value: Any) -> Any:
    """Some programs write an object as a text of JSON."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _typed(value: Any, type_: Any, path: Path, report: Report) -> Any:
    """A number, truth value or object that was written as a text. Texts and choices stay texts."""
    if not isinstance(value, str) or type_ in ("STR", "ENUM"):
        return value
    found = _decoded(value)
    found = _decoded(found) if isinstance(found, str) else found
    if isinstance(found, str) or (isinstance(found, float) and found != found) or found is None:
        return value
    report.approximated(path, f"the text {value}", "the value that it names")
    return found


def _all_data(raw: Raw, read: FromWire) -> list[Raw]:
    asked = [_data(entry, path, True, read) for path, entry in objects(raw, "data_requirements", (), read.report)]
    fixed = [_data(entry, path, False, read) for path, entry in objects(raw, "data", (), read.report)]
    return [{"id": f"d{at}", **entry} for at, entry in enumerate([*asked, *fixed], 1)]


_DATA_KEYS = frozenset(["name", "type", "conditions", "value", "used_steps", "delay", "required", "description"])


def _data(entry: Raw, path: Path, placeholder: bool, read: FromWire) -> Raw:
    type_ = entry.get("type")
    value = named(entry.get("value"), "obs_url", "obs_path")
    if type_ == "model":
        type_ = "gallery_model" if isinstance(value, dict) and "subscription_id" in value else "model_list"
    made: Raw = {"name": entry.get("name"), "type": "swr" if type_ == "image" else type_}
    if not placeholder:
        made["placeholder"] = False
    if entry.get("description"):
        made["description"] = entry["description"]
    for key in ("delay", "required"):
        if isinstance(entry.get(key), bool):
            made[key] = entry[key]
    if value:
        made["default" if placeholder else "value"] = value
    conditions = []
    for at, condition in objects(entry, "conditions", path, read.report):
        attribute = condition.get("attribute")
        if attribute in ("object_type", "data_type_list") and isinstance(condition.get("value"), (str, list)):
            made[str(attribute)] = condition["value"]
        else:
            held = read.value(condition.get("value"), (*at, "value"))
            conditions.append({"attribute": attribute, "operator": condition.get("operator", "equal"), "value": held})
    leftovers(entry, _DATA_KEYS, path, read.report)
    return {**made, "conditions": conditions} if conditions else made


_STORAGE_KEYS = frozenset(["name", "type", "path", "title", "description", "create_dir", "with_execution_id"])


def _storage(entry: Raw, path: Path, report: Report) -> Raw:
    made: Raw = {"name": entry.get("name")}
    for key in ("title", "description", "create_dir", "with_execution_id"):
        if key in entry:
            made[key] = entry[key]
    if entry.get("path"):
        made["default"] = entry["path"]
    if entry.get("type", "obs") != "obs":
        report.dropped((*path, "type"), f"the type {entry['type']}")
    leftovers(entry, _STORAGE_KEYS, path, report)
    return made


def _step(entry: Raw, path: Path, id_: str, read: FromWire) -> Raw:
    kind = entry.get("type")
    kind_name = kind if isinstance(kind, str) else ""
    properties = properties_read(kind_name, _decoded(entry.get("properties")), (*path, "properties"), read)
    made: Raw = {"id": id_, "name": entry.get("name"), "kind": kind_name}
    for key in ("title", "description"):
        if entry.get(key):
            made[key] = entry[key]
    made["inputs"] = [_input(each, at, read) for at, each in objects(entry, "inputs", path, read.report)]
    outputs = objects(entry, "outputs", path, read.report)
    made["outputs"] = [output_read(kind_name, each, properties, at, read) for at, each in outputs]
    if kind_name == "condition":
        branches = {key: _names(entry.get(key)) for key in ("if_then_steps", "else_then_steps")}
        properties = {"conditions": read.conditions(entry.get("conditions"), (*path, "conditions")), **branches}
    made["properties"] = properties if keeps_properties(kind_name) else {}
    policy = _policy(entry.get("policy"), (*path, "policy"), read)
    if policy:
        made["policy"] = policy
    made["depends_on"] = _names(entry.get("depend_steps"))
    leftovers(entry, STEP_KEYS, path, read.report)
    return made


def _input(entry: Raw, path: Path, read: FromWire) -> Raw:
    data = entry.get("data")
    decoded = _decoded(data) if isinstance(data, str) and data.startswith(('"', "[", "{")) else data
    return {"name": entry.get("name"), "data": read.data(decoded, (*path, "data"))}


def _names(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


_POLICY_KEYS = frozenset({"poll_interval_seconds", "max_execution_minutes", "skip_conditions"})


def _policy(policy: Any, path: Path, read: FromWire) -> Raw:
    if not isinstance(policy, dict):
        return {}
    made: Raw = {}
    for key in ("poll_interval_seconds", "max_execution_minutes"):
        if policy.get(key) is not None:
            made[key] = _number(policy[key])
    conditions = read.conditions(policy.get("skip_conditions"), (*path, "skip_conditions"))
    if conditions:
        made["skip_conditions"] = conditions
    leftovers(policy, _POLICY_KEYS, path, read.report)
    return made


def _number(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    found = _decoded(value)
    return found if isinstance(found, (int, float)) and not isinstance(found, bool) else value


def _scenes(policy: Any, report: Report) -> list[Raw]:
    if not isinstance(policy, dict):
        return []
    if policy.get("use_scene"):
        report.dropped(("policy", "use_scene"), "which scene is on: that is chosen when a run is started")
    leftovers(policy, frozenset({"use_scene", "scene_id", "scenes"}), ("policy",), report)
    listed = objects(policy, "scenes", ("policy",), report)
    return [_group(entry, path, f"c{at}", report) for at, (path, entry) in enumerate(listed, 1)]


def _group(entry: Raw, path: Path, id_: str, report: Report) -> Raw:
    known = entry.get("id")
    leftovers(entry, frozenset({"id", "name", "steps"}), path, report)
    return {
        "id": known if isinstance(known, str) and known else id_,
        "name": entry.get("name"),
        "steps": _names(entry.get("steps")),
    }
