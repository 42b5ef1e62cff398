"""A step that is a run of another workflow: what it gives to that run, and what it takes from it at the end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from backend.domain.design.document import Step
from backend.domain.design.nested import given_parameters
from backend.domain.design.references import UNSET, AnyOfReference, OutputReference, as_reference, resolve
from backend.domain.problems import problem
from backend.domain.run.inputs import AttemptFinished
from backend.domain.run.step_values import StepValues
from backend.domain.run.turn import as_reason


def nested_values(values: StepValues, definition: Step) -> dict[str, Any]:
    """By the names of that workflow. What has no value here is left out, so its own default holds."""
    found = {name: resolve(value, values.lookup) for name, (_, value) in given_parameters(definition).items()}
    found |= {each.name: _input(values, each.data) for each in definition.inputs}
    return {name: value for name, value in found.items() if value is not UNSET}


def _input(values: StepValues, data: Any) -> Any:
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


class Done(Protocol):
    """A step of the run that has ended. `state` is its word."""

    @property
    def state(self) -> str: ...
    @property
    def outputs(self) -> Mapping[str, Any]: ...
    @property
    def floats(self) -> Mapping[str, Mapping[str, float]]: ...


def nested_result(
    token: str, definition: Step, steps: Mapping[str, Done], *, run: str, number: int, workflow: str
) -> AttemptFinished:
    """Of a run that was completed; it fails where an output that is handed on was never made."""
    outputs: dict[str, Any] = {}
    floats: dict[str, Any] = {}
    for declared in definition.outputs:
        name, output = str(declared.config.get("step")), str(declared.config.get("output"))
        step = steps.get(name)
        if declared.type == "metrics":
            floats[declared.name] = dict(step.floats.get(output, {})) if step else {}
            continue
        made = step.outputs.get(output) if step else None
        if made is None:
            told = {"step": name, "output": output, "state": step.state if step else "not there"}
            missing = problem("nested.output_missing", workflow=workflow, number=number, **told)
            return AttemptFinished(token, "failed", reason=as_reason(missing))
        came_from = {"run": run, "number": number, "workflow": workflow, "step": name}
        outputs[declared.name] = {**made, "made_by": made.get("made_by", came_from)}
    return AttemptFinished(token, "succeeded", outputs, floats)
