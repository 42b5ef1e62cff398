"""A workflow version made ready to run: who waits for whom, what each step needs, and what it may use.

A plan is immutable and depends only on the document, the first values and the flavors, so every process can keep
one per run. What changes while it runs is in the snapshot.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from backend.domain.design.document import Document, Step
from backend.domain.design.graph import Graph, graph_from, graph_of
from backend.domain.design.references import (
    AnyOfReference,
    DataReference,
    OutputReference,
    ParameterReference,
    StorageReference,
    references_in,
    references_within,
)
from backend.domain.design.values import effective_values
from backend.domain.problems import Problem
from backend.domain.run.images import uses_image
from backend.domain.run.part import Part, Reused
from backend.domain.run.resources import Resources, UnknownFlavorError, resources_for
from backend.domain.run.runnable import unrunnable
from backend.domain.steps.condition import Condition, ConditionProperties
from backend.domain.steps.registry import kind_of

__all__ = ["InputNeed", "Plan", "PlannedStep", "Resources", "Source", "make_plan", "resources_of"]

DEFAULT_MAX_LOST = 2
"""How often a step whose attempt was lost is queued again, if its kind may be: outputs of an attempt are private."""


@dataclass(frozen=True, slots=True)
class Source:
    """One possible origin of an input: an output of another step."""

    step: str
    output: str


@dataclass(frozen=True, slots=True)
class InputNeed:
    """An input needs its only source or, with `selector`, the first source that is valid in this run."""

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
    """Only inputs that come from other steps."""
    awaits: tuple[str, ...]
    """Delayed values that the step uses: it waits until each has been given."""
    skip_awaits: tuple[str, ...]
    """Those of them that its skip conditions use: needed before it can be known whether it runs at all."""
    skip_conditions: tuple[Condition, ...]
    conditions: tuple[Condition, ...]
    """What decides the branch of a condition step."""
    then_steps: tuple[str, ...]
    else_steps: tuple[str, ...]
    inline: bool
    """Decided in the engine itself, without an attempt."""
    nested: bool
    """A run of another workflow; its attempts have no host."""
    timeout_seconds: int
    max_lost: int
    definition: Step
    uses: tuple[str, ...] = ()
    """The values that it depends on, delayed or not."""
    reuse: Reused | None = None
    """What an earlier run of it left: taken over instead of running, unless something before it turns out otherwise."""
    not_here: Problem | None = None
    """What keeps it from running on this server at all; its pointer is below the step."""
    boxed: bool = False
    """Whether it runs in a container."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`order` has every step after its parents; it breaks ties wherever the machine has to choose."""

    steps: Mapping[str, PlannedStep]
    order: tuple[str, ...]
    position: Mapping[str, int]
    roots: tuple[str, ...]
    awaited_by: Mapping[str, tuple[str, ...]]
    """Delayed value -> the steps that wait for it."""
    values: Mapping[str, Any]
    flavors: Mapping[str, Resources]
    delayed: frozenset[str] = frozenset()
    """The values that are asked for in the middle of the run."""


def make_plan(
    document: Document,
    values: Mapping[str, Any],
    *,
    flavors: Mapping[str, Resources],
    part: Part | None = None,
    boxed: Collection[str] = (),
) -> Plan:
    """Total for any parsed document: what `check` would refuse is ignored here, and steps on a cycle never begin.

    `boxed` are the steps whose algorithm, which is named by an id and known elsewhere, has a container image."""
    graph = graph_of(document) if part is None else narrowed(graph_of(document), part.steps)
    reused = part.reused if part else {}
    delayed = delayed_names(document)
    listed = [step for step in document.steps if step.name in graph.parents]
    known = _first_values(document, values, delayed)
    steps = {
        step.name: replace(
            _planned(step, graph.parents[step.name], graph.children[step.name], delayed, reused.get(step.name)),
            not_here=unrunnable(document, step, known),
            boxed=step.name in boxed or uses_image(step.properties.get("algorithm")),
        )
        for step in listed
    }
    sorted_steps = set(graph.order)
    order = (*graph.order, *(name for name in steps if name not in sorted_steps))
    awaited_by: dict[str, list[str]] = {}
    for name in order:
        for value in steps[name].awaits:
            awaited_by.setdefault(value, []).append(name)
    return Plan(
        steps=steps,
        order=order,
        position={name: place for place, name in enumerate(order)},
        roots=tuple(name for name in order if not steps[name].parents),
        awaited_by={value: tuple(names) for value, names in awaited_by.items()},
        values=known,
        flavors=dict(flavors),
        delayed=delayed,
    )


def planned_as(plan: Plan, definition: Step) -> PlannedStep:
    """The step of that name where it stands in the plan, as somebody defined it since: what it is changed, and never
    what comes before or after it. No earlier result is one of this definition."""
    before = plan.steps[definition.name]
    algorithm = definition.properties.get("algorithm")
    still_named = before.boxed and algorithm == before.definition.properties.get("algorithm")
    found = _planned(definition, before.parents, before.children, plan.delayed, None)
    return replace(found, boxed=still_named or uses_image(algorithm))


def narrowed(graph: Graph, part: Collection[str]) -> Graph:
    """The graph of some steps. Who came after whom still does, also where the steps between them take no part."""
    nearest: dict[str, dict[str, None]] = {}
    for name in graph.order:
        found: dict[str, None] = {}
        for parent in graph.parents[name]:
            found.update({parent: None} if parent in part else nearest[parent])
        nearest[name] = found
    return graph_from({name: nearest.get(name, ()) for name in graph.parents if name in part})


def resources_of(plan: Plan, step: PlannedStep, values: Mapping[str, Any]) -> Resources:
    """What the step asks of a host. Raises UnknownFlavorError; a step that was queued has passed this before."""
    found = needs_of(plan, step, values)
    if isinstance(found, Problem):
        raise UnknownFlavorError(found)
    return found


def needs_of(plan: Plan, step: PlannedStep, values: Mapping[str, Any]) -> Resources | Problem:
    """The same, with the reason where it cannot be said."""
    found = resources_for(step.definition, plan.flavors, values)
    return replace(found, container=True) if step.boxed and isinstance(found, Resources) else found


def _first_values(document: Document, values: Mapping[str, Any], delayed: frozenset[str]) -> dict[str, Any]:
    """A delayed value counts as given only when somebody gave it: its default is what the form will suggest."""
    return {
        name: value
        for name, value in effective_values(document, values).items()
        if name in values or name not in delayed
    }


def delayed_names(document: Document) -> frozenset[str]:
    parameters = {parameter.name for parameter in document.parameters if parameter.delay}
    return frozenset(parameters | {data.name for data in document.data if data.delay and data.placeholder})


def _planned(
    step: Step, parents: tuple[str, ...], children: tuple[str, ...], delayed: frozenset[str], reuse: Reused | None
) -> PlannedStep:
    kind = kind_of(step.kind)
    inline = kind is not None and kind.executes == "inline"
    branches = _branches(step) if inline else _NO_BRANCHES
    retried = kind is None or kind.retried_when_lost
    return PlannedStep(
        name=step.name,
        kind=step.kind,
        parents=parents,
        children=children,
        inputs=tuple(_needs(step)),
        awaits=_used(delayed, (reference for _, reference in references_in(step))),
        skip_awaits=_used(delayed, _references_in_conditions(step.policy.skip_conditions)),
        skip_conditions=step.policy.skip_conditions,
        conditions=branches.conditions,
        then_steps=branches.if_then_steps,
        else_steps=branches.else_then_steps,
        inline=inline,
        nested=kind is not None and kind.executes == "run",
        timeout_seconds=max(1, round(step.policy.max_execution_minutes * 60)),
        max_lost=DEFAULT_MAX_LOST if retried else 0,
        definition=step,
        uses=values_used(step) if reuse else (),
        reuse=reuse,
    )


def _branches(step: Step) -> ConditionProperties:
    try:
        return ConditionProperties.model_validate(step.properties)
    except ValidationError:
        return _NO_BRANCHES


_NO_BRANCHES = ConditionProperties.model_construct(conditions=(), if_then_steps=(), else_then_steps=())


def _needs(step: Step) -> Iterator[InputNeed]:
    """What the inputs take from other steps; an output named anywhere else in the step is needed just as much."""
    inputs = {f"/inputs/{index}/data": given.name for index, given in enumerate(step.inputs)}
    for place, reference in references_in(step):
        name = inputs.get(place, place)
        if isinstance(reference, AnyOfReference):
            yield InputNeed(name, tuple(Source(option.step, option.output) for option in reference.options), True)
        elif isinstance(reference, OutputReference) and "/$any_of/" not in place:
            yield InputNeed(name, (Source(reference.step, reference.output),), False)


def values_used(step: Step) -> tuple[str, ...]:
    """The names of all values that the step refers to."""
    named = (ParameterReference, DataReference, StorageReference)
    return tuple(dict.fromkeys(used.name for _, used in references_in(step) if isinstance(used, named)))


def _used(delayed: frozenset[str], references: Iterable[object]) -> tuple[str, ...]:
    if not delayed:
        return ()
    names = (used.name for used in references if isinstance(used, ParameterReference | DataReference))
    return tuple(dict.fromkeys(name for name in names if name in delayed))


def _references_in_conditions(conditions: tuple[Condition, ...]) -> Iterator[object]:
    for condition in conditions:
        for operand in (condition.left, condition.right):
            yield from (reference for _, reference in references_within(operand))
