"""What a step asks of a host, and how that is read from its flavor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend.domain.design.document import Step
from backend.domain.design.references import UNSET, ParameterReference, as_reference
from backend.domain.problems import Problem, problem


@dataclass(frozen=True, slots=True)
class Resources:
    cpu: float = 1.0
    memory_mb: int = 0
    gpus: int = 0
    gpu_type: str | None = None
    """None: any."""
    pool: str | None = None
    """None: any."""
    container: bool = False
    """Whether it runs in a container, which not every host can start."""


ONE_CORE = Resources()
"""What a step gets that names no flavor."""


class UnknownFlavorError(LookupError):
    def __init__(self, found: Problem) -> None:
        super().__init__(found.message)
        self.problem = found


def resources_for(step: Step, flavors: Mapping[str, Resources], values: Mapping[str, Any]) -> Resources | Problem:
    """Of a step with these values. Total: whatever stands where the flavor should be."""
    flavor = _flavor_of(step, values)
    if flavor is UNSET:
        return ONE_CORE
    if not isinstance(flavor, str):
        return problem("run.flavor_missing", step=step.name)
    if flavor not in flavors:
        return problem("run.flavor_unknown", step=step.name, flavor=flavor, known=", ".join(sorted(flavors)) or "none")
    return flavors[flavor]


def _flavor_of(step: Step, values: Mapping[str, Any]) -> Any:
    """Its id, UNSET where none is named, or anything else that stands in its place.

    A flavor parameter of type STR holds the id itself, one of type JSON an object around it."""
    found: Any = step.properties
    for key in ("spec", "resource", "flavor"):
        found = _given(found, values)
        if not isinstance(found, Mapping):
            return UNSET if found is UNSET else found
        found = found.get(key, UNSET)
    found = _given(found, values)
    if isinstance(found, Mapping):
        found = _given(found.get("flavor_id", ""), values)
    return UNSET if found is None else found


def _given(value: Any, values: Mapping[str, Any]) -> Any:
    reference = as_reference(value)
    return values.get(reference.name, UNSET) if isinstance(reference, ParameterReference) else value
