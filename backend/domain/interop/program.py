"""From a workflow document to a Python program that makes the same document again, but for ids and layout.

Whatever the objects of `pipeloom.workflow` cannot say as such (a draft's dangling reference, an unknown field) stands
in the program as plain JSON, so nothing is lost.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from backend.domain.design.document import Document, Step
from backend.domain.design.load import dumped
from backend.domain.design.references import MetricReference, OutputReference, references_in
from backend.domain.interop.program_classes import DATA, DATA_SHAPES
from backend.domain.interop.program_steps import StepWriter
from backend.domain.interop.program_text import Code, Variables, call, call_in_order, constant, listing
from backend.domain.interop.program_values import Known
from backend.domain.interop.report import Raw
from backend.domain.interop.unfilled import to_be_filled_in

_PARAMETER = {"type": "placeholder_type", "format": "placeholder_format", "enum": "enum_list"}


def program_from_document(document: Document) -> str:
    """For a document that has the right form; what it names need not exist. Equal documents give equal programs."""
    return _Program(document, dumped(document)).text()


@dataclass(slots=True)
class _Program:
    document: Document
    raw: Raw
    known: Known = field(default_factory=Known)
    variables: Variables = field(default_factory=Variables)
    blocks: list[str] = field(default_factory=list)

    def text(self) -> str:
        parameters = [self._parameter(each) for each in self.raw.get("parameters", ())]
        data = [self._data(each) for each in self.raw.get("data", ())]
        storages = [self._storage(each) for each in self.raw.get("storages", ())]
        steps = self._steps()
        groups = self._groups(steps)
        given: dict[str, Code | None] = {"name": constant(self.raw["name"])}
        if "description" in self.raw:
            given["desc"] = constant(self.raw["description"])
        for key, made in (("steps", steps), ("storages", storages), ("parameters", parameters), ("data", data)):
            if key in self.raw:
                given[key] = listing([Code(name) for name in made])
        if "notes" in self.raw:
            given["notes"] = constant([note.get("text") for note in self.raw["notes"]])
        self._assign("workflow", call("wf.Workflow", **given, **groups))
        return "from pipeloom import workflow as wf\n\n" + "\n".join(self.blocks) + "\n"

    def _assign(self, name: str, code: Code) -> str:
        self.blocks.append("\n".join(code.lines(f"{name} = ")))
        return name

    def _named(self, raw: Raw, fallback: str, code: Code) -> str:
        return self._assign(self.variables.name(raw["name"], fallback), code)

    def _parameter(self, raw: Raw) -> str:
        given: dict[str, Code | None] = {
            _PARAMETER.get(key, key): _exact(value, key) for key, value in raw.items() if key not in ("id", "type")
        }
        type_ = Code(f"wf.PlaceholderType.{raw['type']}")
        code = call("wf.Placeholder", name=given.pop("name"), placeholder_type=type_, **given)
        return self.known.parameters.setdefault(raw["name"], self._named(raw, "parameter", code))

    def _data(self, raw: Raw) -> str:
        given = {key: self._of_data(raw, key) for key in raw if key not in ("id", "type", "conditions")}
        conditions = list(raw.get("conditions", ()))
        if raw.get("placeholder") is False:
            del given["placeholder"]
            given["type"] = constant(raw["type"])
            given.setdefault("value", Code("wf.Literal(None)"))
            name = "wf.data.FixedData"
        else:
            name = DATA[raw["type"]][0]
            rule = conditions[0] if conditions and raw["type"] == "model_list" else {}
            if (
                rule.keys() == {"attribute", "value"}
                and rule["attribute"] == "model_name"
                and rule["value"] is not None
            ):
                given["model_name"] = self.known.value(conditions.pop(0)["value"])
        if conditions or ("conditions" in raw and "model_name" not in given):
            given["conditions"] = listing([self.known.condition_of_data(each) for each in conditions])
        variable = self._named(raw, "data", call(name, **given))
        return self.known.data.setdefault(raw["name"], variable)

    def _of_data(self, raw: Raw, key: str) -> Code:
        value, shape = raw[key], DATA_SHAPES.get(raw["type"])
        plain = isinstance(value, dict) and all(isinstance(member, str) for member in value.values())
        if key in ("default", "value") and plain and shape is not None and not to_be_filled_in(value):
            return self.known.shaped(shape, value)
        return _exact(value, key)

    def _storage(self, raw: Raw) -> str:
        flags = (raw.get("create_dir"), raw.get("with_execution_id"))
        name = "wf.data.OutputStorage" if flags == (True, True) else "wf.data.Storage"
        name = "wf.data.InputStorage" if flags == (False, False) else name
        said = () if name == "wf.data.Storage" else ("create_dir", "with_execution_id")
        given = {key: _exact(value, key) for key, value in raw.items() if key not in said}
        return self.known.storages.setdefault(raw["name"], self._named(raw, "storage", call(name, **given)))

    def _steps(self) -> list[str]:
        """Written parents first, listed as the document lists them."""
        names = [""] * len(self.document.steps)
        for at in _parents_first(self.document.steps):
            step = self.document.steps[at]
            code = StepWriter(self.known, self.document).step(self.raw["steps"][at])
            names[at] = self._named(self.raw["steps"][at], "step", code)
            self.known.steps.setdefault(step.name, (names[at], frozenset(each.name for each in step.outputs)))
        return names

    def _groups(self, steps: list[str]) -> dict[str, Code | None]:
        made: dict[str, Code | None] = {}
        if "scenes" in self.raw:
            scenes = [self._group("wf.policy.Scene", each, "scene_") for each in self.raw["scenes"]]
            made["policy"] = call("wf.policy.Policy", scenes=listing(scenes))
        if "subgraphs" in self.raw:
            made["subgraphs"] = listing([self._group("wf.Subgraph", each, "") for each in self.raw["subgraphs"]])
        return made

    def _group(self, name: str, raw: Raw, prefix: str) -> Code:
        given: dict[str, Code | None] = {f"{prefix}name": constant(raw["name"])}
        given[f"{prefix}steps"] = self.known.steps_named(raw.get("steps", ()))
        if "description" in raw:
            given["description"] = constant(raw["description"])
        return call(name, **given)


def _exact(value: Any, key: str) -> Code:
    """Null, and a default that looks like “to be filled in”, need saying so."""
    if value is None or (key == "default" and to_be_filled_in(value)):
        return call_in_order("wf.Literal", constant(value))
    return constant(value)


def _parents_first(steps: tuple[Step, ...]) -> list[int]:
    """What goes round in a circle comes last."""
    places = {step.name: at for at, step in reversed(list(enumerate(steps)))}
    parents = [_parents(step, places) - {at} for at, step in enumerate(steps)]
    children: dict[int, list[int]] = {}
    for at, above in enumerate(parents):
        for parent in above:
            children.setdefault(parent, []).append(at)
    waiting = [len(above) for above in parents]
    ready = deque(at for at, count in enumerate(waiting) if count == 0)
    order: list[int] = []
    while ready:
        at = ready.popleft()
        order.append(at)
        for child in children.get(at, ()):
            waiting[child] -= 1
            if waiting[child] == 0:
                ready.append(child)
    return order + sorted(set(range(len(steps))) - set(order))


def _parents(step: Step, places: dict[str, int]) -> set[int]:
    named = set(step.depends_on)
    named.update(
        reference.step
        for _, reference in references_in(step)
        if isinstance(reference, (OutputReference, MetricReference))
    )
    return {places[name] for name in named if name in places}
