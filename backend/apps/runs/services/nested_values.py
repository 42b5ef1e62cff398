"""What a step that is a run of another workflow gives to it: its parameters and inputs, as values of that run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.apps.runs import store
from backend.apps.runs.services.order_values import ProjectAssets, Values
from backend.domain.design.nested import given_parameters
from backend.domain.design.references import UNSET, AnyOfReference, OutputReference, as_reference, resolve


def nested_values(loaded: store.Loaded, step: str) -> dict[str, Any]:
    """By the names of that workflow. What has no value here is left out, so its own default holds."""
    definition = store.planned(loaded, step).definition
    document = store.document_of(loaded.about.version_id)
    values = Values(document, loaded.snapshot, step, ProjectAssets(loaded.about.project_id))
    found = {name: resolve(value, values.lookup) for name, (_, value) in given_parameters(definition).items()}
    found |= {each.name: _input(values, each.data) for each in definition.inputs}
    return {name: value for name, value in found.items() if value is not UNSET}


def _input(values: Values, data: Any) -> Any:
    reference = as_reference(data)
    if isinstance(reference, OutputReference | AnyOfReference):
        return _output(values.output(reference))
    return resolve(data, values.lookup)


def _output(made: Mapping[str, Any]) -> dict[str, Any]:
    """An output as the data object that a person would have chosen."""
    data = made.get("data", {})
    if made["type"] == "obs":
        return {"obs_path": made["logical"]}
    if made["type"] == "model":
        return {"model_name": data["model_name"], "model_version": data["version_name"]}
    version = {"version_name": data["version_name"]} if "version_name" in data else {}
    return {"dataset_name": data["dataset_name"], **version}
