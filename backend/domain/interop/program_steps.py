"""Steps as expressions of a program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from backend.domain.design.data_values import type_of_data
from backend.domain.design.document import Document
from backend.domain.design.references import DataReference, OutputReference, as_reference, is_reserved
from backend.domain.interop.program_classes import (
    ARGUMENT,
    BARE_OUTPUTS,
    DATA_SHAPES,
    ENGINE,
    OF_JOB,
    OUTPUTS,
    OWN,
    PROPERTIES,
    SPARK,
    STEPS,
)
from backend.domain.interop.program_text import Code, call, constant, listing
from backend.domain.interop.program_values import Known
from backend.domain.interop.report import Raw
from backend.domain.interop.wire_words import SHELL

_BASE = ("algorithm_id", "subscription_id", "item_version_id", "code_dir", "boot_file", "command", "engine")
_ALGORITHMS = (
    ("wf.AIGalleryAlgorithm", ("subscription_id", "item_version_id")),
    ("wf.Algorithm", ("algorithm_id",)),
)


@dataclass(frozen=True, slots=True)
class StepWriter:
    known: Known
    document: Document

    def step(self, raw: Raw) -> Code:
        kind = raw["kind"]
        class_, input_class = STEPS.get(kind, ("wf.steps.OtherStep", "wf.steps.StepInput"))
        given: dict[str, Code | None] = {"name": constant(raw["name"])}
        if kind not in STEPS:
            given["step_kind"] = constant(kind)
        for key in ("title", "description"):
            if key in raw:
                given[key] = constant(raw[key])
        if "properties" in raw:
            given.update(self._properties(kind, raw["properties"]))
        if "inputs" in raw:
            given["inputs"] = listing([self._input(input_class, each) for each in raw["inputs"]])
        if "outputs" in raw:
            given["outputs"] = listing([self._output(kind, raw, each) for each in raw["outputs"]])
        if "policy" in raw:
            given["policy"] = self._policy(raw["policy"])
        if "depends_on" in raw:
            given["depend_steps"] = self.known.steps_named(raw["depends_on"])
        return call(class_, **given)

    def _input(self, class_: str, raw: Raw) -> Code:
        data = raw["data"]
        type_ = type_of_data(data) if isinstance(data, dict) and not is_reserved(data) else None
        shown = self.known.value(data) if type_ is None else self.known.shaped(DATA_SHAPES[type_], data)
        return call(class_, name=constant(raw["name"]), data=shown)

    def _output(self, kind: str, step: Raw, raw: Raw) -> Code:
        place, name = (kind, raw["type"]), constant(raw["name"])
        if "config" not in raw:
            if kind == "dataset_import" and self._import_makes(step) == raw["type"]:
                return call("wf.steps.DatasetImportOutput", name=name)
            if place in BARE_OUTPUTS:
                return call(BARE_OUTPUTS[place], name=name)
            return call("wf.steps.Output", name=name, type=constant(raw["type"]))
        if place in OUTPUTS:
            class_, argument, shape = OUTPUTS[place]
            config = self.known.shaped(shape, raw["config"])
            # Only by its class does a program tell the configuration of a foreign service from one of our own.
            if raw["type"] != "service_content" or config.head.startswith(shape.name):
                return call(class_, **{"name": name, argument: config})
        return call("wf.steps.Output", name=name, type=constant(raw["type"]), config=self.known.value(raw["config"]))

    def _import_makes(self, step: Raw) -> str | None:
        """What the program will find an import to make; None where it could find something else."""
        found = [self._carried(each["data"]) for each in step.get("inputs", ())]
        return None if None in found else "label_task" if "label_task" in found else "dataset"

    def _carried(self, data: Any) -> str | None:
        reference = as_reference(data)
        if isinstance(reference, DataReference):
            held = self.document.data_named(reference.name)
            return held.type if held and held.placeholder else None
        if isinstance(reference, OutputReference):
            producer = self.document.step(reference.step)
            output = producer.output(reference.output) if producer else None
            return output.type if output and reference.step in self.known.steps else None
        type_ = type_of_data(data) if isinstance(data, dict) and reference is None else None
        return type_ if type_ and data.keys() <= DATA_SHAPES[type_].fields().keys() else None

    def _policy(self, raw: Raw) -> Code:
        given: dict[str, Code | None] = {key: constant(value) for key, value in raw.items() if key != "skip_conditions"}
        if "skip_conditions" in raw:
            given["skip_conditions"] = listing([self.known.condition(each) for each in raw["skip_conditions"]])
        return call("wf.steps.StepPolicy", **given)

    def _properties(self, kind: str, raw: Raw) -> dict[str, Code]:
        own = OWN.get(kind)
        if own is None:
            shape = PROPERTIES.get(kind)
            return {"properties": self.known.value(raw) if shape is None else self.known.shaped(shape, raw)}
        sayable = bool(raw) and not is_reserved(raw) and raw.keys() <= own.keys() and None not in raw.values()
        if not sayable or (kind == "condition" and not _branches(raw)):
            return {"properties": self.known.value(raw)}
        return {own[key]: self._own(kind, key, value) for key, value in raw.items()}

    def _own(self, kind: str, key: str, value: Any) -> Code:
        if key == "conditions":
            return listing([self.known.condition(each) for each in value])
        if kind == "mrs_job" and key == "algorithm":
            return self.known.shaped(SPARK, value)
        if kind == "job" and key == "algorithm":
            return self._algorithm(value)
        shape = OF_JOB.get(key) if kind == "job" else None
        return self.known.value(value) if shape is None else self.known.shaped(shape, value)

    def _algorithm(self, raw: Any) -> Code:
        if not isinstance(raw, dict) or is_reserved(raw) or not _algorithm_fits(raw):
            return self.known.value(raw)
        given: dict[str, Code] = {}
        for key, value in raw.items():
            if key == "parameters":
                given[key] = listing([self.known.shaped(ARGUMENT, each) for each in value])
            elif key == "engine":
                given[key] = self.known.shaped(ENGINE, value)
            elif key == "command":
                given[key] = self.known.value(_one_text(value))
            else:
                given[key] = self.known.value(value)
        for name, needed in _ALGORITHMS:
            if given.keys() - {"parameters"} == set(needed):
                return call(name, **given)
        return call("wf.BaseAlgorithm", **{"id" if key == "algorithm_id" else key: each for key, each in given.items()})


def _branches(raw: Raw) -> bool:
    if not all(isinstance(value, list) for value in raw.values()):
        return False
    return all(isinstance(name, str) for key in raw if key != "conditions" for name in raw[key])


def _algorithm_fits(raw: Raw) -> bool:
    known = raw.keys() <= {*_BASE, "parameters", "environments"} and None not in raw.values()
    return known and all(isinstance(raw.get(key, []), list) for key in ("parameters", "command"))


def _one_text(command: list[Any]) -> Any:
    """A command for a shell is one text in a program."""
    if tuple(command[:2]) != SHELL or len(command) != 3:
        return command
    return command[2] if isinstance(command[2], str) or "$parameter" in command[2] else command
