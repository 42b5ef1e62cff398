"""Renaming rewrites every reference. Works on raw documents, also unfinished ones; nothing is changed in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from backend.domain.design.references import LITERAL

Raw = dict[str, Any]
Rewrite = Callable[[str, Any], Any]
"""Gets the key of a reference and what stands under it; returns what should stand there."""


def rename_step(raw: Raw, old: str, new: str) -> Raw:
    def rewrite(key: str, body: Any) -> Any:
        if key in ("$output", "$metric") and isinstance(body, dict) and body.get("step") == old:
            return {**body, "step": new}
        return body

    renamed = _rewritten(raw, rewrite)
    renamed["steps"] = [_with_step(step, old, new) for step in _list(renamed, "steps")]
    for key in ("scenes", "subgraphs"):
        if isinstance(renamed.get(key), list):
            renamed[key] = [_in_lists(group, ("steps",), old, new) for group in renamed[key]]
    return renamed


def rename_output(raw: Raw, step: str, old: str, new: str) -> Raw:
    def rewrite(key: str, body: Any) -> Any:
        named = key in ("$output", "$metric") and isinstance(body, dict)
        if named and body.get("step") == step and body.get("output") == old:
            return {**body, "output": new}
        return body

    renamed = _rewritten(raw, rewrite)
    renamed["steps"] = [
        {**each, "outputs": _named(_list(each, "outputs"), old, new)} if _is(each, step) else each
        for each in _list(renamed, "steps")
    ]
    return renamed


def rename_parameter(raw: Raw, old: str, new: str) -> Raw:
    return _rename_declared(raw, "parameters", "$parameter", old, new)


def rename_data(raw: Raw, old: str, new: str) -> Raw:
    return _rename_declared(raw, "data", "$data", old, new)


def rename_storage(raw: Raw, old: str, new: str) -> Raw:
    return _rename_declared(raw, "storages", "$storage", old, new)


def _rename_declared(raw: Raw, declared: str, reference: str, old: str, new: str) -> Raw:
    def rewrite(key: str, body: Any) -> Any:
        if key != reference:
            return body
        if isinstance(body, dict) and body.get("name") == old:
            return {**body, "name": new}
        return new if body == old else body

    renamed = _rewritten(raw, rewrite)
    renamed[declared] = _named(_list(renamed, declared), old, new)
    return renamed


def _rewritten(raw: Raw, rewrite: Rewrite) -> Raw:
    """Only steps and the conditions of data hold references: a default that looks like one is a value."""
    after = {**raw, "steps": [_within(step, rewrite) for step in _list(raw, "steps")]}
    if isinstance(raw.get("data"), list):
        after["data"] = [_conditions(data, rewrite) for data in raw["data"]]
    return after


def _conditions(data: Any, rewrite: Rewrite) -> Any:
    named = isinstance(data, dict) and "conditions" in data
    return {**data, "conditions": _within(data["conditions"], rewrite)} if named else data


def _within(value: Any, rewrite: Rewrite) -> Any:
    """Depth is bounded by the document's."""
    if isinstance(value, list):
        return [_within(entry, rewrite) for entry in value]
    if not isinstance(value, dict) or (len(value) == 1 and LITERAL in value):
        return value
    return {key: _member(key, member, rewrite) for key, member in value.items()}


def _member(key: str, member: Any, rewrite: Rewrite) -> Any:
    return rewrite(key, member) if key.startswith("$") and key != "$any_of" else _within(member, rewrite)


def _with_step(step: Any, old: str, new: str) -> Any:
    if not isinstance(step, dict):
        return step
    renamed = _in_lists(step, ("depends_on",), old, new)
    if renamed.get("kind") == "condition" and isinstance(renamed.get("properties"), dict):
        branches = ("if_then_steps", "else_then_steps")
        renamed = {**renamed, "properties": _in_lists(renamed["properties"], branches, old, new)}
    return {**renamed, "name": new} if _is(step, old) else renamed


def _in_lists(value: Any, keys: tuple[str, ...], old: str, new: str) -> Any:
    if not isinstance(value, dict):
        return value
    lists = {key: value[key] for key in keys if isinstance(value.get(key), list)}
    return {**value, **{key: [new if name == old else name for name in names] for key, names in lists.items()}}


def _named(listed: list[Any], old: str, new: str) -> list[Any]:
    return [{**entry, "name": new} if _is(entry, old) else entry for entry in listed]


def _is(entry: Any, name: str) -> bool:
    return isinstance(entry, dict) and entry.get("name") == name


def _list(raw: Any, key: str) -> list[Any]:
    found = raw.get(key) if isinstance(raw, dict) else None
    return found if isinstance(found, list) else []
