"""Values and references as expressions of a program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.domain.design.references import (
    LITERAL,
    AnyOfReference,
    DataReference,
    MetricReference,
    OutputReference,
    ParameterReference,
    StorageReference,
    SystemReference,
    as_reference,
    is_literal,
    is_reserved,
)
from backend.domain.interop.program_classes import CONDITION_OF_DATA, ENUMS, Shape
from backend.domain.interop.program_text import Code, call, call_in_order, constant, listing, mapping, text
from backend.domain.interop.report import Raw
from backend.domain.steps.condition import OPERATORS


@dataclass(slots=True)
class Known:
    """The variables that are there already, by the names of the document; of a step with its outputs."""

    parameters: dict[str, str] = field(default_factory=dict)
    data: dict[str, str] = field(default_factory=dict)
    storages: dict[str, str] = field(default_factory=dict)
    steps: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)

    def value(self, value: Any) -> Code:
        if is_literal(value):
            inner = constant(value[LITERAL])
            return inner if is_reserved(value[LITERAL]) else call_in_order("wf.Literal", inner)
        if is_reserved(value):
            return self.reference(value) or call_in_order("wf.Reference", constant(value))
        if isinstance(value, dict):
            return mapping({key: self.value(member) for key, member in value.items()})
        if isinstance(value, list):
            return listing([self.value(entry) for entry in value])
        return constant(value)

    def reference(self, raw: Raw) -> Code | None:
        """None where the objects of a program cannot say it, because what it names is not there."""
        reference = as_reference(raw)
        if isinstance(reference, ParameterReference):
            return _variable(self.parameters, reference.name)
        if isinstance(reference, DataReference):
            return _variable(self.data, reference.name)
        if isinstance(reference, OutputReference):
            return self._output(reference.step, reference.output)
        if isinstance(reference, MetricReference):
            source = self._output(reference.step, reference.output)
            return source and call_in_order("wf.steps.MetricInfo", source, constant(reference.key))
        if isinstance(reference, AnyOfReference):
            options = listing([self.value(option) for option in raw["$any_of"]])
            return call("wf.data.DataConsumptionSelector", data_list=options)
        if isinstance(reference, SystemReference):
            return call_in_order("wf.SystemEnv", constant(reference.name))
        return self._storage(reference, raw["$storage"]) if isinstance(reference, StorageReference) else None

    def _output(self, step: str, output: str) -> Code | None:
        variable, outputs = self.steps.get(step, ("", frozenset()))
        return Code(f"{variable}.outputs[{text(output)}].as_input()") if output in outputs else None

    def _storage(self, reference: StorageReference, body: Raw) -> Code | None:
        variable = self.storages.get(reference.name)
        if variable is None or None in body.values() or body.get("path") == "":
            return None
        flags = {key: body[key] for key in ("with_execution_id", "create_dir") if key in body}
        shown = "".join(f", {key}={flag}" for key, flag in flags.items())
        return Code(f"{variable}.join({text(reference.path)}{shown})")

    def shaped(self, shape: Shape, value: Any) -> Code:
        """A call of the class, where its fields can say the value; otherwise the value as it is."""
        if not isinstance(value, dict) or is_reserved(value) or not _fits(shape, value):
            return self.value(value)
        return call(shape.name, **{key: self._member(shape, key, member) for key, member in value.items()})

    def _member(self, shape: Shape, key: str, member: Any) -> Code:
        inner = shape.nested.get(key)
        if inner is not None:
            return (
                listing([self.shaped(inner, each) for each in member])
                if key in shape.lists()
                else self.shaped(inner, member)
            )
        enumeration, words = ENUMS.get(key, ("", frozenset()))
        return Code(f"{enumeration}.{member}") if isinstance(member, str) and member in words else self.value(member)

    def condition(self, value: Any) -> Code:
        operator = value.get("type") if isinstance(value, dict) else None
        if not isinstance(value, dict) or value.keys() != {"type", "left", "right"} or operator not in OPERATORS:
            return self.value(value)
        return call(
            "wf.steps.Condition",
            condition_type=Code(f"wf.steps.ConditionTypeEnum.{operator}"),
            left=self.condition(value["left"]),
            right=self.condition(value["right"]),
        )

    def condition_of_data(self, value: Any) -> Code:
        return self.shaped(CONDITION_OF_DATA, value)

    def steps_named(self, names: Sequence[str]) -> Code:
        """Variables, or names as texts where a step is not there (yet)."""
        return listing([_variable_of_step(self.steps, name) for name in names])


def _variable(variables: dict[str, str], name: str) -> Code | None:
    return Code(variables[name]) if name in variables else None


def _variable_of_step(steps: dict[str, tuple[str, frozenset[str]]], name: str) -> Code:
    return Code(steps[name][0]) if name in steps else constant(name)


def _fits(shape: Shape, value: Raw) -> bool:
    fields, lists = shape.fields(), shape.lists()
    if not value.keys() <= fields.keys() or any(needed and key not in value for key, needed in fields.items()):
        return False
    for key, member in value.items():
        if member is None and not fields[key]:
            return False
        if (key in lists) != isinstance(member, list) and key in (lists | shape.nested.keys()):
            return False
    return True
