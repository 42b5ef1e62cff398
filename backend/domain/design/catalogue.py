"""What this server has. A document may name things that it has not: that is a warning, because another server may."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from backend.domain.design.view import StepPart, View
from backend.domain.problems import Problem, problem
from backend.domain.steps.job import JOB


@dataclass(frozen=True, slots=True)
class Catalogue:
    engines: frozenset[tuple[str, str]] = frozenset()
    """Name and version."""
    flavors: frozenset[str] = frozenset()


def available(view: View, catalogue: Catalogue) -> Iterator[Problem]:
    for step in view.steps:
        if step.kind is JOB:
            yield from _engine(step, catalogue)
            yield from _flavor(step, catalogue)


def _engine(step: StepPart, catalogue: Catalogue) -> Iterator[Problem]:
    engine = _at(step.raw, "properties", "algorithm", "engine")
    name, version = _at(engine, "engine_name"), _at(engine, "engine_version")
    if isinstance(name, str) and isinstance(version, str) and (name, version) not in catalogue.engines:
        known = ", ".join(sorted(" ".join(engine) for engine in catalogue.engines)) or "none"
        path = step.path + "/properties/algorithm/engine"
        yield problem("document.unknown_engine", path, engine=f"{name} {version}", known=known)


def _flavor(step: StepPart, catalogue: Catalogue) -> Iterator[Problem]:
    flavor = _at(step.raw, "properties", "spec", "resource", "flavor", "flavor_id")
    if isinstance(flavor, str) and flavor not in catalogue.flavors:
        path = step.path + "/properties/spec/resource/flavor/flavor_id"
        known = ", ".join(sorted(catalogue.flavors)) or "none"
        yield problem("document.unknown_flavor", path, flavor=flavor, known=known)


def _at(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value
