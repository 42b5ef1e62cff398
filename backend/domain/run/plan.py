"""A workflow version made ready to run: who waits for whom, what each step needs, and what it may use.

A plan is immutable and depends only on the document, the first values and the flavors, so every process can keep
one per version and run. What changes during a run is in the snapshot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend.domain.design.document import Document, Step

DEFAULT_MAX_LOST = 2
"""How often a step whose attempt was lost is queued again: the outputs of an attempt are private, so that is safe."""


@dataclass(frozen=True, slots=True)
class Resources:
    cpu: float = 1.0
    memory_mb: int = 0
    gpus: int = 0
    gpu_type: str | None = None
    pool: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One possible origin of an input: the output of another step, or (`step` None) something that is simply there."""

    step: str | None
    output: str | None = None


@dataclass(frozen=True, slots=True)
class InputNeed:
    """An input needs its only source, or, with `selector`, the first source that is valid in this run."""

    name: str
    sources: tuple[Source, ...]
    selector: bool


@dataclass(frozen=True, slots=True)
class PlannedStep:
    name: str
    kind: str
    parents: tuple[str, ...]
    children: tuple[str, ...]
    inputs: tuple[InputNeed, ...]
    awaits: tuple[str, ...]
    """Delayed values that the step uses; it waits until each has been given."""
    skip_awaits: tuple[str, ...]
    """Those of them that its skip conditions use: needed before it can be known whether it runs at all."""
    skip_conditions: tuple[Any, ...]
    conditions: tuple[Any, ...]
    """Of a condition step: what decides its branch."""
    then_steps: tuple[str, ...]
    else_steps: tuple[str, ...]
    inline: bool
    """Decided in the engine itself, without an attempt."""
    timeout_seconds: int
    max_lost: int
    definition: Step


@dataclass(frozen=True, slots=True)
class Plan:
    steps: Mapping[str, PlannedStep]
    order: tuple[str, ...]
    """Every step after its parents; ties as drawn. Breaks ties wherever the machine has to choose an order."""
    position: Mapping[str, int]
    awaited_by: Mapping[str, tuple[str, ...]]
    values: Mapping[str, Any]
    flavors: Mapping[str, Resources]


def make_plan(document: Document, values: Mapping[str, Any], *, flavors: Mapping[str, Resources]) -> Plan: ...
def resources_of(plan: Plan, step: str, values: Mapping[str, Any]) -> Resources: ...
