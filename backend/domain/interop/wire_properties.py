"""What a step says about itself: where the wire puts it, and where our document does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.domain.interop.report import Path, Raw, Report
from backend.domain.interop.wire_values import FromWire, ToWire, named
from backend.domain.interop.wire_words import CODED, LABEL_TYPES, SHELL

# What the wire calls otherwise in the config of an output.
_CONFIG_NAMES = {"obs": ("obs_url", "obs_path"), "dataset": ("obs_url", "obs_path")}
_IN_CONFIG = "release_dataset"
"""A kind whose settings are properties on the wire and the config of its output here."""


def properties_read(kind: str, properties: Any, path: Path, read: FromWire) -> Raw:
    if not isinstance(properties, dict):
        if properties is not None:
            read.report.dropped(path, "properties")
        return {}
    found: Raw = _named_codes(read.value(properties, path))
    if kind == "job":
        return _job_read(found, path, read.report)
    return _renamed(found, "mrs_algorithm", "algorithm") if kind == "mrs_job" else found


def output_read(kind: str, output: Raw, properties: Raw, path: Path, read: FromWire) -> Raw:
    type_ = output.get("type")
    config = read.value(output.get("config") or {}, (*path, "config"))
    if isinstance(type_, str) and type_ in _CONFIG_NAMES:
        config = named(config, *_CONFIG_NAMES[type_])
    files = config.get("metric_files") if isinstance(config, dict) else None
    if files is not None and not isinstance(files, list):
        config = {**config, "metric_files": [files]}
    if kind == _IN_CONFIG and isinstance(config, dict):
        config = {**properties, **config}
    made: Raw = {"name": output.get("name"), "type": type_}
    return {**made, "config": config} if config else made


def keeps_properties(kind: str) -> bool:
    return kind != _IN_CONFIG


def _job_read(properties: Raw, path: Path, report: Report) -> Raw:
    algorithm = properties.get("algorithm")
    if isinstance(algorithm, dict):
        algorithm = named(algorithm, "id", "algorithm_id")
        command = algorithm.get("command")
        if isinstance(command, str) or (isinstance(command, dict) and "$parameter" in command):
            algorithm = {**algorithm, "command": [*SHELL, command]}
        properties = {**properties, "algorithm": algorithm}
    resource = properties.get("spec", {}).get("resource") if isinstance(properties.get("spec"), dict) else None
    if isinstance(resource, dict) and "flavor_id" in resource:
        without = {key: value for key, value in resource.items() if key != "flavor_id"}
        resource = {**without, "flavor": {"flavor_id": resource["flavor_id"]}}
        properties = {**properties, "spec": {**properties["spec"], "resource": resource}}
    return properties


def properties_written(kind: str, step: Raw, path: Path, write: ToWire) -> Raw:
    properties = step.get("properties") or {}
    if kind == _IN_CONFIG:
        config: Raw = next((output.get("config") or {} for output in step.get("outputs", ())), {})
        if "seed" in config:
            write.report.dropped((*path, "outputs", 0, "config", "seed"), "seed")
        properties = {key: value for key, value in config.items() if key != "seed"}
        path = (*path, "outputs", 0, "config")
    else:
        path = (*path, "properties")
    if kind == "job":
        properties = _job_written(properties, path, write.report)
    if kind == "mrs_job":
        properties = _renamed(properties, "algorithm", "mrs_algorithm")
    written = _coded(write.value(properties, path))
    return written if isinstance(written, dict) else {}


def output_written(kind: str, output: Raw, path: Path, write: ToWire) -> Raw:
    made: Raw = {"name": output.get("name"), "type": output.get("type")}
    config = output.get("config") or {}
    if kind == _IN_CONFIG or not config:
        return made
    type_ = str(output.get("type"))
    written = write.value(config, (*path, "config"))
    ours_and_theirs = _CONFIG_NAMES.get(type_)
    return {**made, "config": named(written, ours_and_theirs[1], ours_and_theirs[0]) if ours_and_theirs else written}


def _job_written(properties: Raw, path: Path, report: Report) -> Raw:
    algorithm = properties.get("algorithm")
    if isinstance(algorithm, dict):
        algorithm = named(algorithm, "algorithm_id", "id")
        command = algorithm.get("command")
        if isinstance(command, list):
            algorithm = {**algorithm, "command": _one_text(command, (*path, "algorithm", "command"), report)}
        properties = {**properties, "algorithm": algorithm}
    spec = properties.get("spec")
    resource = spec.get("resource") if isinstance(spec, dict) else None
    flavor = resource.get("flavor") if isinstance(resource, dict) else None
    if (
        resource
        and spec
        and isinstance(flavor, dict)
        and set(flavor) == {"flavor_id"}
        and isinstance(flavor["flavor_id"], dict)
    ):
        # A placeholder for the id itself: that is what the older field is for.
        resource = {**{key: value for key, value in resource.items() if key != "flavor"}, **flavor}
        properties = {**properties, "spec": {**spec, "resource": resource}}
    return properties


def _renamed(value: Raw, old: str, new: str) -> Raw:
    changed = named(value, old, new)
    return changed if isinstance(changed, dict) else value


def _one_text(command: list[Any], path: Path, report: Report) -> Any:
    if tuple(command[:2]) == SHELL and len(command) == 3:
        return command[2]
    if all(isinstance(part, str) for part in command):
        report.approximated(path, "a list of arguments", "one command for a shell")
        return " ".join(_quoted(part) for part in command)
    report.approximated(path, "a command with a placeholder among its arguments", "a list, which the cloud may refuse")
    return command


def _quoted(text: str) -> str:
    safe = text and all(letter.isalnum() or letter in "_@%+=:,./-" for letter in text)
    return text if safe else "'" + text.replace("'", "'\"'\"'") + "'"


def _named_codes(value: Any) -> Any:
    """Numbers of closed lists, as names; a label's own type has numbers of its own."""
    return _each(value, {field: {code: name for name, code in codes.items()} for field, codes in CODED.items()}, False)


def _coded(value: Any) -> Any:
    return _each(value, CODED, True)


def _each(value: Any, tables: Mapping[str, Mapping[Any, Any]], to_wire: bool) -> Any:
    if isinstance(value, list):
        return [_each(entry, tables, to_wire) for entry in value]
    if not isinstance(value, dict):
        return value
    made = {}
    for key, member in value.items():
        table = tables.get(key)
        if table is not None and isinstance(member, (int, str)) and not isinstance(member, bool):
            made[key] = table.get(member, member)
        elif key in ("labels", "included_labels", "excluded_labels") and isinstance(member, list):
            made[key] = [_label(entry, to_wire) for entry in member]
        else:
            made[key] = _each(member, tables, to_wire)
    return made


def _label(label: Any, to_wire: bool) -> Any:
    if not isinstance(label, dict) or isinstance(label.get("type"), (bool, dict, list)) or "type" not in label:
        return label
    table: Mapping[Any, Any] = LABEL_TYPES if to_wire else {code: name for name, code in LABEL_TYPES.items()}
    return {**label, "type": table.get(label["type"], label["type"])}
