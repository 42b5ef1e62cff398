"""From Kubeflow's intermediate form of a pipeline to a workflow document: tasks become jobs in their containers."""

from __future__ import annotations

from typing import Any

from backend.domain.interop.names import Names
from backend.domain.interop.report import Converted, Path, Raw, Report, leftovers

_TYPES = {
    "NUMBER_INTEGER": "INT",
    "NUMBER_DOUBLE": "FLOAT",
    "STRING": "STR",
    "BOOLEAN": "BOOL",
    "LIST": "JSON",
    "STRUCT": "JSON",
}
_TASK = frozenset({"taskInfo", "componentRef", "dependentTasks", "inputs", "cachingOptions"})
_CONTAINER = frozenset({"image", "command", "args", "env"})
_FILLED_IN = "{{$"
"""Begins what Kubeflow puts a value in place of."""


def looks_like_kubeflow(raw: object) -> bool:
    return isinstance(raw, dict) and "pipelineInfo" in raw and isinstance(raw.get("root"), dict)


def document_from_kubeflow(raw: Raw) -> Converted:
    report = Report()
    title = _object(raw.get("pipelineInfo")).get("name")
    root = _object(raw.get("root"))
    tasks = _object(_object(root.get("dag")).get("tasks"))
    path: Path = ("root", "dag", "tasks")
    names = Names()
    parameters = _parameters(root, names)
    for key, task in tasks.items():
        names.give(f"task {key}", str(_object(_object(task).get("taskInfo")).get("name") or key), "step")
    steps = [_step(key, _object(task), (*path, key), raw, names, report) for key, task in tasks.items()]
    document: Raw = {
        "schema": 1,
        "name": title if isinstance(title, str) else "Imported workflow",
        "parameters": parameters,
        "steps": steps,
    }
    described = _object(raw.get("pipelineInfo")).get("description")
    if isinstance(described, str) and described:
        document["description"] = described
    for key in ("documents", "platforms"):
        if raw.get(key):
            report.dropped((key,), "settings of a platform")
    report.mapped = len(steps) + len(parameters)
    return Converted(document, report)


def _object(value: Any) -> Raw:
    return value if isinstance(value, dict) else {}


def _parameters(root: Raw, names: Names) -> list[Raw]:
    made = []
    for key, definition in _object(_object(root.get("inputDefinitions")).get("parameters")).items():
        name = names.give(f"parameter {key}", str(key), "value")
        kind = _TYPES.get(str(_object(definition).get("parameterType")), "STR")
        entry: Raw = {"id": name, "name": name, "type": kind}
        default = _object(definition).get("defaultValue")
        if default is not None:
            # Numbers have one form there: 3.0 is a whole number, too.
            whole = kind == "INT" and isinstance(default, float) and default.is_integer()
            entry["default"] = int(default) if whole else default
        if _object(definition).get("isOptional") and default is None:
            entry["required"] = False
        made.append(entry)
    return made


def _step(key: str, task: Raw, path: Path, raw: Raw, names: Names, report: Report) -> Raw:
    leftovers(task, _TASK, path, report)
    algorithm = _algorithm(task, path, raw, report)
    parents = [names.of(f"task {each}") for each in _texts(task.get("dependentTasks"))]
    arguments = []
    for name, given in _object(_object(task.get("inputs")).get("parameters")).items():
        value, producer = _value(_object(given), (*path, "inputs", "parameters", name), names, report)
        parents.append(producer)
        if value is not None:
            arguments.append({"name": str(name), "value": value})
    for name, given in _object(_object(task.get("inputs")).get("artifacts")).items():
        report.dropped((*path, "inputs", "artifacts", name), f"the artifact {name}")
        parents.append(_producer(_object(given).get("taskOutputArtifact"), names))
    name = names.of(f"task {key}") or "step"
    return {
        "id": name,
        "name": name,
        "kind": "job",
        "title": str(key)[:128],
        "properties": {"algorithm": {**algorithm, "parameters": arguments}},
        "depends_on": list(dict.fromkeys(parent for parent in parents if parent and parent != name)),
    }


def _value(given: Raw, path: Path, names: Names, report: Report) -> tuple[Any, str | None]:
    asked = names.of(f"parameter {given.get('componentInputParameter')}")
    if asked is not None:
        return {"$parameter": asked}, None
    constant = _object(given.get("runtimeValue")).get("constant")
    if constant is not None:
        return {"$literal": constant} if isinstance(constant, dict) else constant, None
    report.dropped(path, "a value that another task makes")
    return None, _producer(given.get("taskOutputParameter"), names)


def _producer(source: Any, names: Names) -> str | None:
    return names.of(f"task {_object(source).get('producerTask')}")


def _algorithm(task: Raw, path: Path, raw: Raw, report: Report) -> Raw:
    component = _object(_object(raw.get("components")).get(str(_object(task.get("componentRef")).get("name"))))
    if "dag" in component:
        report.dropped((*path, "componentRef"), "a pipeline inside of another")
    executors = _object(_object(raw.get("deploymentSpec")).get("executors"))
    label = str(component.get("executorLabel"))
    container = _object(_object(executors.get(label)).get("container"))
    leftovers(container, _CONTAINER, ("deploymentSpec", "executors", label, "container"), report)
    words = [*_texts(container.get("command")), *_texts(container.get("args"))]
    for word in dict.fromkeys(word for word in words if _FILLED_IN in word):
        report.unknown_reference(("deploymentSpec", "executors", label, "container"), word)
    listed = container.get("env") if isinstance(container.get("env"), list) else []
    pairs = ((entry.get("name"), entry.get("value")) for entry in listed or () if isinstance(entry, dict))
    made: Raw = {
        "command": words,
        "environments": {name: value for name, value in pairs if isinstance(name, str) and isinstance(value, str)},
    }
    if isinstance(container.get("image"), str):
        made["engine"] = {"image_url": container["image"]}
    return {key: value for key, value in made.items() if value}


def _texts(value: Any) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
