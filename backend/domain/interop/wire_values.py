"""Values and references, from the wire's `$ref/…` texts to ours and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend.domain.design.document import Storage
from backend.domain.design.references import (
    LITERAL,
    AnyOfReference,
    DataReference,
    Malformed,
    MetricReference,
    OutputReference,
    ParameterReference,
    StorageReference,
    SystemReference,
    as_reference,
    is_literal,
    is_reserved,
)
from backend.domain.interop.report import Path, Report
from backend.domain.interop.wire_words import OPERATORS, OPERATORS_READ

PREFIX = "$ref/"
_STORAGE = re.compile(r"storages(?:\(([^)]*)\))?/([^/]+)(?:/(.*))?", re.DOTALL)
_FLAG = re.compile(r"\s*(with_execution_id|create_dir)\s*=\s*(True|False)\s*")


# ------------------------------------------------------------------------------------------------ from the wire


@dataclass(frozen=True, slots=True)
class FromWire:
    report: Report

    def value(self, value: Any, path: Path) -> Any:
        """Depth is bounded before."""
        if isinstance(value, str):
            return self.text(value, path)
        if isinstance(value, list):
            return [self.value(entry, (*path, index)) for index, entry in enumerate(value)]
        if isinstance(value, dict):
            inner = {str(key): self.value(member, (*path, str(key))) for key, member in value.items()}
            return {LITERAL: inner} if is_reserved(value) else inner
        return value

    def text(self, text: str, path: Path) -> Any:
        if not text.startswith(PREFIX):
            return text
        found = _reference(text.removeprefix(PREFIX))
        if found is None:
            self.report.unknown_reference(path, text)
            return text
        return found

    def data(self, value: Any, path: Path) -> Any:
        """What an input is given: several consumptions are a selector."""
        if isinstance(value, list):
            return {"$any_of": [self.value(entry, (*path, index)) for index, entry in enumerate(value)]}
        return named(self.value(value, path), "obs_url", "obs_path")

    def conditions(self, value: Any, path: Path) -> Any:
        listed = value if isinstance(value, list) else [] if value is None else [value]
        return [self.condition(entry, (*path, index)) for index, entry in enumerate(listed)]

    def condition(self, value: Any, path: Path) -> Any:
        if not isinstance(value, dict):
            return value
        sign = value.get("type")
        operands = {side: self.operand(value[side], (*path, side)) for side in ("left", "right") if side in value}
        return {"type": OPERATORS_READ.get(sign, sign) if isinstance(sign, str) else sign, **operands}

    def operand(self, value: Any, path: Path) -> Any:
        if isinstance(value, dict) and "type" in value and "left" in value:
            return self.condition(value, path)
        if isinstance(value, dict) and set(value) == {"input_data", "json_key"}:
            source = self.value(value["input_data"], (*path, "input_data"))
            output = as_reference(source)
            if isinstance(output, OutputReference):
                return {"$metric": {"step": output.step, "output": output.output, "key": value["json_key"]}}
        plain = self.value(value, path)
        if isinstance(plain, dict) and as_reference(plain) is None and not is_literal(plain):
            return {LITERAL: plain}
        return plain


def _reference(text: str) -> dict[str, Any] | None:
    head, _, rest = text.partition("/")
    if head == "parameters" and rest:
        return {"$parameter": rest}
    if head in ("data", "data_requirements") and rest:
        return {"$data": rest}
    if head == "system_envs" and rest:
        return {"$system": rest}
    if head == "consumptions":
        step, _, output = rest.partition("/")
        return {"$output": {"step": step, "output": output}} if step and output else None
    return _storage(text)


def _storage(text: str) -> dict[str, Any] | None:
    found = _STORAGE.fullmatch(text)
    if found is None:
        return None
    flags, name, path = found.groups()
    body: dict[str, Any] = {"name": name, "path": path or ""}
    for part in (flags or "").split(","):
        flag = _FLAG.fullmatch(part)
        if flag is not None:
            body[flag[1]] = flag[2] == "True"
        elif part.strip():
            return None
    return {"$storage": body}


def named(value: Any, old: str, new: str) -> Any:
    """An object with one of its fields called otherwise, in its place."""
    if not isinstance(value, dict) or old not in value or new in value:
        return value
    return {new if key == old else key: member for key, member in value.items()}


# -------------------------------------------------------------------------------------------------- to the wire


@dataclass(frozen=True, slots=True)
class ToWire:
    report: Report
    storages: Mapping[str, Storage]
    fixed: frozenset[str]
    """Names of data that is no placeholder."""

    def value(self, value: Any, path: Path) -> Any:
        if is_literal(value):
            return self.value_inside(value[LITERAL], (*path, LITERAL))
        reference = as_reference(value)
        if isinstance(reference, Malformed):
            self.report.dropped(path, reference.key)
            return None
        if isinstance(reference, AnyOfReference):
            return [self.reference(option, path) for option in reference.options]
        if reference is not None:
            return self.reference(reference, path)
        if isinstance(value, dict):
            return {key: self.value(member, (*path, key)) for key, member in value.items()}
        if isinstance(value, list):
            return [self.value(entry, (*path, index)) for index, entry in enumerate(value)]
        return self.value_inside(value, path)

    def value_inside(self, value: Any, path: Path) -> Any:
        """Nothing in here is a reference; a text that looks like one on the wire will be read as one there."""
        stack = [value]
        while stack:
            part = stack.pop()
            stack.extend(part.values() if isinstance(part, dict) else part if isinstance(part, list) else ())
            if isinstance(part, str) and part.startswith(PREFIX):
                self.report.approximated(path, part, "a reference")
        return value

    def reference(self, reference: Any, path: Path) -> Any:
        if isinstance(reference, ParameterReference):
            return f"{PREFIX}parameters/{reference.name}"
        if isinstance(reference, DataReference):
            place = "data" if reference.name in self.fixed else "data_requirements"
            return f"{PREFIX}{place}/{reference.name}"
        if isinstance(reference, OutputReference):
            return f"{PREFIX}consumptions/{reference.step}/{reference.output}"
        if isinstance(reference, MetricReference):
            source = f"{PREFIX}consumptions/{reference.step}/{reference.output}"
            return {"input_data": source, "json_key": reference.key}
        if isinstance(reference, SystemReference):
            text = f"{PREFIX}system_envs/{reference.name}"
            self.report.approximated(path, f"$system {reference.name}", text)
            return text
        return self.storage(reference)

    def storage(self, reference: StorageReference) -> str:
        declared = self.storages.get(reference.name)
        flags = []
        for flag in ("with_execution_id", "create_dir"):
            said = getattr(reference, flag)
            held = said if said is not None else bool(declared and getattr(declared, flag))
            flags.append(f"{flag}={held}")
        shown = "" if all(flag.endswith("False") for flag in flags) else f"({', '.join(flags)})"
        return f"{PREFIX}storages{shown}/{reference.name}/{reference.path.lstrip('/')}"

    def conditions(self, value: Any, path: Path) -> list[Any]:
        listed = value if isinstance(value, list) else []
        return [self.condition(entry, (*path, index)) for index, entry in enumerate(listed)]

    def condition(self, value: Any, path: Path) -> Any:
        if not isinstance(value, dict):
            return value
        sides = {side: self.operand(value.get(side), (*path, side)) for side in ("left", "right")}
        operator = value.get("type")
        return {"type": OPERATORS.get(operator, operator) if isinstance(operator, str) else operator, **sides}

    def operand(self, value: Any, path: Path) -> Any:
        nested = isinstance(value, dict) and "type" in value and not is_reserved(value)
        return self.condition(value, path) if nested else self.value(value, path)
