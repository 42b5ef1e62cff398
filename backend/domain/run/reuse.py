"""Which steps take part in a run of some steps, and which of them need not run again.

A result is taken over when the step is what it was (kind, properties, inputs and outputs, with every value filled in)
and when everything that it was made from is taken over too, from the very same runs. So results never mix: nothing
stands on a result that has been made anew since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from backend.domain.design.canonical import canonical_bytes
from backend.domain.design.changes import differences
from backend.domain.design.document import Document, Step
from backend.domain.design.graph import Graph, graph_of
from backend.domain.design.references import (
    UNSET,
    AnyOfReference,
    DataReference,
    MetricReference,
    OutputReference,
    ParameterReference,
    Reference,
    StorageReference,
    references_in,
    resolve,
)
from backend.domain.design.storages import storage_path
from backend.domain.design.values import effective_values
from backend.domain.problems import Problem, pointer, problem
from backend.domain.run.part import Part, Reused, Wanted
from backend.domain.run.plan import delayed_names, values_used
from backend.domain.run.states import StepState
from backend.domain.steps.registry import kind_of

OWN_FOLDER = "<run>"
"""Stands for a run's own folder in a storage, which differs in every run and means nothing."""


MOST_PARTS = 3
"""So many are told; the others differ, too."""

Refused = Mapping[str, tuple[Problem, ...]]


@dataclass(frozen=True, slots=True)
class Earlier:
    """The last time that a step was begun, in the run in which it really ran."""

    run: str
    number: int
    state: StepState
    document: Document
    values: Mapping[str, Any]
    attempt: str | None = None
    outputs: Mapping[str, Any] = field(default_factory=dict)
    floats: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    chosen: Mapping[str, int] = field(default_factory=dict)
    made_from: Mapping[str, str] = field(default_factory=dict)
    """Of each step whose result it used: the run in which that one really ran."""
    spoilt: Problem | None = None
    """Why what it left is of no use any more, as far as that is seen outside of documents: files gone, code changed."""


@dataclass(frozen=True, slots=True)
class Choice:
    """`again` says of each step that runs although it ran before, or that is missing, why no result is taken over."""

    part: Part
    again: Mapping[str, Problem]
    refused: Refused
    """Steps that were asked for and cannot run: that they cannot, and why. Pointers lead into the document, to the
    step that each is about; those of steps that it does not have into the list asked for."""


def choose(document: Document, values: Mapping[str, Any], wanted: Wanted, earlier: Mapping[str, Earlier]) -> Choice:
    """Linear in steps and edges. Steps that the document does not have are refused."""
    graph = graph_of(document)
    unknown = [name for name in wanted.steps if name not in graph.parents]
    if unknown:
        refused: Refused = {
            name: (problem("run.unknown_step", pointer("steps", wanted.steps.index(name)), step=name),)
            for name in unknown
        }
        return Choice(Part(wanted, frozenset()), {}, refused)
    targets = set(wanted.steps)
    if wanted.mode == "from":
        targets = _closure(targets, lambda name: graph.children[name])
    before = _before(document, graph, wanted, targets)
    reused: dict[str, Reused] = {}
    again: dict[str, Problem] = {}
    for name in graph.order:
        if name in before and name not in targets and not _inline(document, name):
            found = _judged(document, values, wanted, name, earlier, reused)
            if isinstance(found, Problem):
                again[name] = found
            else:
                reused[name] = found
    steps = targets | (reused.keys() if wanted.mode == "only" else before)
    starving = dict(_starving(document, wanted, steps, again))
    return Choice(Part(wanted, frozenset(steps), reused), again, starving)


def may_be_reused(document: Document, wanted: Wanted) -> frozenset[str]:
    """The steps of which it has to be known before `choose` what earlier runs left."""
    graph = graph_of(document)
    if wanted.mode == "from":
        return frozenset(graph.parents)
    return frozenset(_leading_to(graph, {name for name in wanted.steps if name in graph.parents}))


def bound(wanted: Wanted) -> bool:
    """Whether somebody chose the very run whose results these steps stand on, however it came by them. Then a step that
    was drawn or filled in otherwise since is no reason to refuse."""
    return wanted.prior is not None and wanted.mode == "only"


def _before(document: Document, graph: Graph, wanted: Wanted, targets: set[str]) -> set[str]:
    if wanted.mode == "from":
        return set(graph.parents)
    return _leading_to(graph, targets) if wanted.mode == "to_here" else _feeding(document, targets)


def made_from(step: Step, chosen: Mapping[str, int]) -> Iterator[str]:
    """The steps whose results this one used, given which source each of its selectors took."""
    inputs = {f"/inputs/{index}/data": given.name for index, given in enumerate(step.inputs)}
    for place, reference in references_in(step):
        if isinstance(reference, AnyOfReference):
            index = chosen.get(inputs.get(place, place), 0)
            yield reference.options[min(index, len(reference.options) - 1)].step
        elif isinstance(reference, OutputReference) and "/$any_of/" not in place:
            yield reference.step


def _leading_to(graph: Graph, targets: set[str]) -> set[str]:
    return _closure(targets, lambda name: graph.parents[name])


def _feeding(document: Document, targets: set[str]) -> set[str]:
    """Only what hands something over: an order edge alone is no reason to need a result."""
    steps = {step.name: step for step in document.steps}
    return _closure(targets, lambda name: [each for each in _producers(steps[name]) if each in steps])


def _closure(start: set[str], before: Callable[[str], Iterable[str]]) -> set[str]:
    found = set(start)
    waiting = list(start)
    while waiting:
        for name in before(waiting.pop()):
            if name not in found:
                found.add(name)
                waiting.append(name)
    return found


def _producers(step: Step) -> list[str]:
    named = (OutputReference, MetricReference)
    return list(dict.fromkeys(used.step for _, used in references_in(step) if isinstance(used, named)))


def _inline(document: Document, name: str) -> bool:
    """Decided anew each time: that costs nothing."""
    step = document.step(name)
    kind = kind_of(step.kind) if step else None
    return kind is not None and kind.executes == "inline"


def _judged(
    document: Document,
    values: Mapping[str, Any],
    wanted: Wanted,
    name: str,
    earlier: Mapping[str, Earlier],
    reused: Mapping[str, Reused],
) -> Reused | Problem:
    """What is taken over of a step, or why it is not."""
    step, found = document.step(name), earlier.get(name)
    assert step is not None
    if not wanted.reuse:
        return problem("run.reuse_off", step=name)
    # A step that somebody runs alone stands on what is there, and that is no question of running it anew.
    if not step.policy.reuse and wanted.mode != "only":
        return problem("run.reuse_off_here", step=name)
    if found is None:
        return problem("run.reuse_never_ran", step=name)
    if found.state is not StepState.COMPLETED:
        return problem("run.reuse_not_completed", step=name, number=found.number, state=found.state.value)
    if found.spoilt is not None:
        return found.spoilt
    changed = [] if bound(wanted) else _changed(document, values, step, found)
    if changed:
        return problem("run.reuse_changed", step=name, number=found.number, parts=", ".join(changed[:MOST_PARTS]))
    for producer in made_from(step, found.chosen):
        kept = reused.get(producer)
        if kept is None or (kept.run != found.made_from.get(producer) and not bound(wanted)):
            return problem("run.reuse_older", step=name, number=found.number, producer=producer)
    lacking = _lacking(document, wanted, name, found)
    if lacking is not None:
        return problem("run.reuse_no_output", step=name, number=found.number, output=lacking)
    return Reused(found.run, found.number, found.attempt, found.outputs, found.floats, found.chosen)


def _lacking(document: Document, wanted: Wanted, name: str, found: Earlier) -> str | None:
    """An output that a step asks for and that the chosen run does not have: it was drawn since."""
    if not bound(wanted):
        return None
    asked = {
        used.output
        for step in document.steps
        for _, used in references_in(step)
        if isinstance(used, OutputReference) and used.step == name
    }
    return next((output for output in sorted(asked) if output not in found.outputs), None)


def _changed(document: Document, values: Mapping[str, Any], step: Step, found: Earlier) -> list[str]:
    """The parts of the step that differ, as pointers into it; none: it is what it was."""
    then = found.document.step(step.name)
    if then is None or then.kind != step.kind:
        return ["/kind"]
    now_known = effective_values(document, values)
    # What people are asked for in the middle of a run is, until somebody answers anew, what they answered then.
    for name in delayed_names(document):
        if name not in values:
            now_known.pop(name, None)
            if name in found.values:
                now_known[name] = found.values[name]
    now, before = _meaning(document, step, now_known), _meaning(found.document, then, found.values)
    if canonical_bytes(now) == canonical_bytes(before):
        return []
    return [place for place, _, _ in differences(before, now, ())] or ["/"]


def _meaning(document: Document, step: Step, known: Mapping[str, Any]) -> dict[str, Any]:
    def lookup(reference: Reference) -> Any:
        if isinstance(reference, ParameterReference | DataReference):
            return known.get(reference.name, UNSET)
        if isinstance(reference, StorageReference):
            storage = document.storage(reference.name)
            root = known.get(reference.name)
            fits = storage is not None and isinstance(root, str)
            return storage_path(root, reference, storage, OWN_FOLDER) if fits else UNSET  # type: ignore[arg-type]
        return repr(reference)

    parts = {
        "inputs": [[each.name, resolve(each.data, lookup)] for each in step.inputs],
        "outputs": {each.name: [each.type, resolve(each.config, lookup)] for each in step.outputs},
        "properties": resolve(step.properties, lookup),
    }
    unset = [name for name in values_used(step) if name not in known]
    inputs = {name: None if value is UNSET else value for name, value in parts["inputs"]}
    order = [[each.name for each in listed] for listed in (step.inputs, step.outputs)]
    return {**parts, "inputs": inputs, "unset": unset, "order": order}


def _starving(
    document: Document, wanted: Wanted, steps: set[str], again: Mapping[str, Problem]
) -> Iterator[tuple[str, tuple[Problem, ...]]]:
    """Steps that were asked for alone and lack what somebody else would have to make first."""
    places = {step.name: pointer("steps", index) for index, step in enumerate(document.steps)}
    for name in wanted.steps:
        step = document.step(name)
        for missing in _missing(step, steps) if step else ():
            why = again.get(missing) or problem("run.reuse_never_ran", step=missing)
            needs = problem("run.needs_result", places[name], step=name, producer=missing)
            yield name, (needs, replace(why, path=places.get(missing, places[name])))
            break


def _missing(step: Step, steps: set[str]) -> Iterator[str]:
    for place, reference in references_in(step):
        if isinstance(reference, AnyOfReference):
            options = [option.step for option in reference.options]
            if not any(option in steps for option in options):
                yield options[0]
        elif isinstance(reference, OutputReference | MetricReference) and "/$any_of/" not in place:
            yield from () if reference.step in steps else (reference.step,)
