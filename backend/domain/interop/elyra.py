"""From an Elyra pipeline to a workflow document: notebooks and scripts become jobs in their container image."""

from __future__ import annotations

from typing import Any

from backend.domain.interop.names import Names
from backend.domain.interop.report import Converted, Path, Raw, Report, leftovers, objects

_PROGRAMS = {"execute-notebook-node": "papermill", "execute-python-node": "python", "execute-r-node": "Rscript"}
_TAKEN = frozenset({"filename", "runtime_image", "env_vars", "label"})


def looks_like_elyra(raw: object) -> bool:
    return isinstance(raw, dict) and raw.get("doc_type") == "pipeline" and isinstance(raw.get("pipelines"), list)


def document_from_elyra(raw: Raw) -> Converted:
    """Of several pipelines the first: the others are composed into it, and are told."""
    report = Report()
    pipelines = list(objects(raw, "pipelines", (), report))
    path, pipeline = pipelines[0] if pipelines else ((), {})
    for at, _ in pipelines[1:]:
        report.dropped(at, "a pipeline inside of another")
    data = _object(pipeline.get("app_data"))
    title = _object(data.get("properties")).get("name") or data.get("name")
    names = Names()
    nodes = list(objects(pipeline, "nodes", path, report))
    for _, node in nodes:
        names.give(str(node.get("id")), _label(node), "step")
    shared = _defaults(data, (*path, "app_data", "properties", "pipeline_defaults"), report)
    steps = [_step(node, at, names, report, shared) for at, node in nodes]
    notes = _notes(data, (*path, "app_data"), report)
    positions = {step["id"]: _position(node) for step, (_, node) in zip(steps, nodes, strict=True)}
    positions.update({note["id"]: _position({"app_data": {"ui_data": raw}}) for note, raw in notes})
    document: Raw = {
        "schema": 1,
        "name": title if isinstance(title, str) else "Imported workflow",
        "steps": steps,
        **({"notes": [note for note, _ in notes]} if notes else {}),
        "layout": {"nodes": {id_: place for id_, place in positions.items() if place}},
    }
    report.mapped = len(steps)
    return Converted(document, report)


def _defaults(data: Raw, path: Path, report: Report) -> Raw:
    """Environment variables of all steps; whatever else is a default of all steps has no place here."""
    given = _object(_object(data.get("properties")).get("pipeline_defaults"))
    leftovers(given, frozenset({"env_vars"}), path, report)
    return _environment(given.get("env_vars"))


def _notes(data: Raw, path: Path, report: Report) -> list[tuple[Raw, Raw]]:
    """Comments, each with what it was. No name begins as their ids do."""
    found = objects(_object(data.get("ui_data")), "comments", (*path, "ui_data"), report)
    texts = ((raw, raw.get("content")) for _, raw in found)
    written = [(raw, text) for raw, text in texts if isinstance(text, str) and text]
    return [({"id": f"_note_{at}", "text": text[:10_000]}, raw) for at, (raw, text) in enumerate(written, 1)]


def _object(value: Any) -> Raw:
    return value if isinstance(value, dict) else {}


def _label(node: Raw) -> str:
    data = _object(node.get("app_data"))
    found = _object(data.get("ui_data")).get("label") or _parameters(node).get("filename")
    return found if isinstance(found, str) else ""


def _parameters(node: Raw) -> Raw:
    return _object(_object(node.get("app_data")).get("component_parameters"))


def _position(node: Raw) -> Raw:
    place = _object(_object(node.get("app_data")).get("ui_data"))
    x, y = place.get("x_pos"), place.get("y_pos")
    numbers = all(isinstance(each, (int, float)) and not isinstance(each, bool) for each in (x, y))
    return {"x": x, "y": y} if numbers else {}


def _step(node: Raw, path: Path, names: Names, report: Report, shared: Raw) -> Raw:
    inner = (*path, "app_data", "component_parameters")
    parameters = _parameters(node)
    leftovers(parameters, _TAKEN, inner, report)
    program = _PROGRAMS.get(str(node.get("op")))
    if program is None:
        report.approximated((*path, "op"), f"the component {node.get('op')}", "a job without a program")
    file = parameters.get("filename")
    command = [program, file] if program and isinstance(file, str) else []
    algorithm: Raw = {"command": command, "environments": shared | _environment(parameters.get("env_vars"))}
    if isinstance(parameters.get("runtime_image"), str):
        algorithm["engine"] = {"image_url": parameters["runtime_image"]}
    parents = [names.of(str(link.get("node_id_ref"))) for link in _links(node, path, report)]
    name = names.of(str(node.get("id"))) or "step"
    return {
        "id": name,
        "name": name,
        "kind": "job",
        "title": _label(node)[:128],
        "properties": {"algorithm": {key: value for key, value in algorithm.items() if value}},
        "depends_on": list(dict.fromkeys(parent for parent in parents if parent)),
    }


def _links(node: Raw, path: Path, report: Report) -> list[Raw]:
    ports = objects(node, "inputs", path, report)
    return [link for at, port in ports for _, link in objects(port, "links", at, report)]


def _environment(value: Any) -> Raw:
    listed = value if isinstance(value, list) else []
    pairs = ((entry.get("env_var"), entry.get("value")) for entry in listed if isinstance(entry, dict))
    return {name: held for name, held in pairs if isinstance(name, str) and isinstance(held, str)}
