"""Where people put the steps on the canvas, kept when a program writes the workflow anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def with_places(document: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """A document that says nothing about places takes those of the steps that have the same names before."""
    if "layout" in document:
        return dict(document)
    nodes = _part(_part(before, "layout"), "nodes")
    known = {name: nodes[key] for name, key in _ids(before).items() if key in nodes}
    placed = {key: known[name] for name, key in _ids(document).items() if name in known}
    return {**document, "layout": {"nodes": placed}} if placed else dict(document)


def _ids(document: Mapping[str, Any]) -> dict[str, str]:
    steps = document.get("steps", ())
    listed = [step for step in steps if isinstance(step, Mapping)] if isinstance(steps, list) else []
    named = ((step.get("name"), step.get("id")) for step in listed)
    return {name: key for name, key in named if isinstance(name, str) and isinstance(key, str)}


def _part(whole: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = whole.get(key)
    return found if isinstance(found, Mapping) else {}
