"""The JSON Schemas that other programs read: of the document, and of every kind of step."""

from __future__ import annotations

from typing import Any

from backend.domain.design.document import Document
from backend.domain.design.schema import schema_of
from backend.domain.steps.base import StepKind
from backend.domain.steps.registry import KINDS

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def export() -> dict[str, dict[str, Any]]:
    """File name → schema. The files are generated from the models and never edited."""
    files: dict[str, dict[str, Any]] = {"workflow.schema.json": {"$schema": _DIALECT, **schema_of(Document)}}
    for kind in KINDS:
        files[f"steps/{kind.name}.schema.json"] = _kind(kind)
    return files


def _kind(kind: StepKind) -> dict[str, Any]:
    """The schema of the properties; what is beside it stands under words that validators pass over."""
    return {
        "$schema": _DIALECT,
        **schema_of(kind.properties),
        "title": kind.title,
        "description": kind.description,
        "x-kind": {"name": kind.name, "version": kind.version, "executes": kind.executes, "skippable": kind.skippable},
        "x-inputs": {
            "accepts": sorted(kind.inputs.accepts),
            "at_least": kind.inputs.at_least,
            "at_most": kind.inputs.at_most,
        },
        "x-outputs": {
            "at_least": kind.outputs.at_least,
            "at_most": kind.outputs.at_most,
            "ports": {
                port.type: {"carries": port.carries, "config": schema_of(port.config)} for port in kind.outputs.ports
            },
        },
    }
