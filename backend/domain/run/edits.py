"""What people change of a step before they let it run again. It holds for this run from then on.

Of a step that was changed its snapshot keeps `edited`: under `step` those of its parts that are otherwise than in the
document, each as a whole, and under `changes` the story of it: [{attempt, name, changes: [{path, before, after}]}],
with pointers into the step, or below `/values` where it was a value of the run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from backend.domain.design.changes import differences
from backend.domain.design.document import Document, Step
from backend.domain.problems import Problem, problem
from backend.domain.run.plan import Plan, PlannedStep, planned_as
from backend.domain.run.snapshot import StepSnapshot

PARTS: Final = ("properties", "policy", "outputs")
"""Nothing else of a step can change while its run goes on: its inputs and the order of steps are the run's graph."""
BRANCHES: Final = ("if_then_steps", "else_then_steps")

Json = dict[str, Any]


def raw_step(step: Step) -> Json:
    """As it stands in the document: what was absent stays absent."""
    found: Json = step.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return found


def step_as_edited(step: Step, edited: Mapping[str, Any] | None) -> Step:
    """The step with what was changed of it."""
    parts = _parts(edited)
    return Step.model_validate({**raw_step(step), **parts}) if parts else step


def document_as_edited(document: Document, edited: Mapping[str, Mapping[str, Any] | None]) -> Document:
    """The document as this run has it; `edited` by the names of steps."""
    if not any(_parts(each) for each in edited.values()):
        return document
    steps = tuple(step_as_edited(step, edited.get(step.name)) for step in document.steps)
    return document.replaced(steps=steps)


def planned_now(plan: Plan, name: str, step: StepSnapshot) -> PlannedStep:
    """The step as this run has it."""
    planned = plan.steps[name]
    if not _parts(step.edited):
        return planned
    return planned_as(plan, step_as_edited(planned.definition, step.edited))


def edited_by(
    planned: PlannedStep,
    step: StepSnapshot,
    *,
    edit: Mapping[str, Any],
    values: Mapping[str, tuple[Any, Any]],
    name: str | None,
) -> Json | None:
    """What is kept of the step when it is tried again: None where nothing was ever changed. `values` are those of the
    run that are given anew, each with the one before."""
    told = [*_changes(step_as_edited(planned.definition, step.edited), edit), *_value_changes(values)]
    if not told:
        return None if step.edited is None else dict(step.edited)
    before = step.edited or {"step": {}, "changes": []}
    story = {"attempt": step.attempts + 1, "name": name, "changes": told}
    return {"step": {**before["step"], **edit}, "changes": [*before["changes"], story]}


def graph_changes(step: Step, edit: Mapping[str, Any]) -> Iterator[Problem]:
    """What an edit would change that others in the run rely on, with pointers into the step. Total."""
    if "outputs" in edit and _named(edit["outputs"]) != [(each.name, each.type) for each in step.outputs]:
        yield problem("run.edit_outputs", "/outputs", step=step.name)
    properties = edit.get("properties")
    if step.kind != "condition" or not isinstance(properties, Mapping):
        return
    for part in BRANCHES:
        if _listed(properties.get(part)) != _listed(step.properties.get(part)):
            yield problem("run.edit_branches", f"/properties/{part}", step=step.name)


def _parts(edited: Mapping[str, Any] | None) -> Mapping[str, Any]:
    found: Mapping[str, Any] = edited["step"] if edited else {}
    return found


def _changes(step: Step, edit: Mapping[str, Any]) -> Iterator[Json]:
    before = raw_step(step)
    for part in PARTS:
        if part in edit:
            yield from _told(differences(before.get(part, _NOTHING[part]), edit[part], (part,)))


_NOTHING: Final[Mapping[str, Any]] = {"properties": {}, "policy": {}, "outputs": []}


def _value_changes(values: Mapping[str, tuple[Any, Any]]) -> Iterator[Json]:
    for name, (before, after) in values.items():
        yield from _told(differences(before, after, ("values", name)))


def _told(found: Iterable[tuple[str, Any, Any]]) -> Iterator[Json]:
    return ({"path": path, "before": before, "after": after} for path, before, after in found)


def _named(outputs: Any) -> list[tuple[Any, Any]]:
    listed = outputs if isinstance(outputs, list) else []
    return [(each.get("name"), each.get("type")) if isinstance(each, Mapping) else (None, None) for each in listed]


def _listed(steps: Any) -> list[Any]:
    if isinstance(steps, tuple | list):
        return list(steps)
    return [] if steps is None else [steps]
