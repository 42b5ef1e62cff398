"""What a run with these values will do, as far as it can be known before: for drawing the plan on the canvas.

It follows the same questions in the same order as rules/readiness.py, with a third answer beside yes and no: that it
is decided only while the run goes on. A step that fails is not foreseen; the preview shows the run in which all goes
well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from backend.domain.design.references import MetricReference, ParameterReference, references_within
from backend.domain.problems import Problem
from backend.domain.run.plan import Plan, PlannedStep
from backend.domain.run.resources import resources_for
from backend.domain.run.rules.judging import judge, metric_missing
from backend.domain.run.turn import Json, as_reason, because
from backend.domain.steps.condition import Condition


class Verdict(StrEnum):
    RUN = "run"
    REUSE = "reuse"
    SKIP = "skip"
    WAIT = "waits_for_input"
    OPEN = "decided_at_run_time"
    CANNOT = "cannot_run"
    NOT_PART = "not_part"


@dataclass(frozen=True, slots=True)
class Foreseen:
    """`reason` is there for every verdict but a plain `run`; `branch` says what a condition step will choose."""

    verdict: Verdict
    reason: Json | None = None
    branch: bool | None = None


RUNS = Foreseen(Verdict.RUN)


def preview(plan: Plan) -> dict[str, Foreseen]:
    """Each step's verdict, in topological order."""
    foreseen: dict[str, Foreseen] = {}
    imposed: dict[str, Foreseen] = {}
    for name in plan.order:
        step = plan.steps[name]
        found = foreseen[name] = _stronger(imposed.get(name), _foresee(plan, step, foreseen))
        if step.inline:
            _impose(step, found, imposed)
    return foreseen


def _stronger(imposed: Foreseen | None, found: Foreseen) -> Foreseen:
    """A step that a condition names may still be known to be skipped for a reason of its own."""
    if imposed is None or (imposed.verdict is Verdict.OPEN and found.verdict is Verdict.SKIP):
        return found
    return imposed


def _foresee(plan: Plan, step: PlannedStep, before: dict[str, Foreseen]) -> Foreseen:
    decided = _by_parents(step, before) or _by_inputs(step, before) or _by_skip_conditions(plan, step, before)
    decided = decided or _by_reuse(step, before)
    if decided is not None:
        return decided
    if step.not_here is not None:
        return Foreseen(Verdict.CANNOT, as_reason(step.not_here))
    missing = [name for name in step.awaits if name not in plan.values]
    if missing and not _hopeless(plan, step):
        return Foreseen(Verdict.WAIT, because("run.awaits_values", names=", ".join(missing)))
    return _branch(plan, step, before) if step.inline else _resources(plan, step)


def _hopeless(plan: Plan, step: PlannedStep) -> bool:
    """Whatever is answered to its questions, the flavor that it names is not there."""
    found = None if step.inline else resources_for(step.definition, plan.flavors, plan.values)
    return isinstance(found, Problem) and found.code == "run.flavor_unknown"


def _verdicts(names: Iterable[str], before: dict[str, Foreseen]) -> list[tuple[str, Verdict]]:
    return [(name, before[name].verdict) for name in names if name in before]


def _by_parents(step: PlannedStep, before: dict[str, Foreseen]) -> Foreseen | None:
    parents = _verdicts(step.parents, before)
    if not parents or any(verdict not in (Verdict.SKIP, Verdict.OPEN) for _, verdict in parents):
        return None
    undecided = [name for name, verdict in parents if verdict is Verdict.OPEN]
    if undecided:
        return Foreseen(Verdict.OPEN, because("run.decided_by_step", step=undecided[0]))
    return Foreseen(Verdict.SKIP, because("run.parents_skipped", parents=", ".join(step.parents)))


def _by_inputs(step: PlannedStep, before: dict[str, Foreseen]) -> Foreseen | None:
    undecided: Foreseen | None = None
    for need in step.inputs:
        sources = _verdicts((source.step for source in need.sources), before)
        if any(verdict not in (Verdict.SKIP, Verdict.OPEN) for _, verdict in sources):
            continue
        maybe = [name for name, verdict in sources if verdict is Verdict.OPEN]
        names = [source.step for source in need.sources]
        if maybe:
            undecided = undecided or Foreseen(Verdict.OPEN, because("run.decided_by_step", step=maybe[0]))
        elif need.selector:
            return Foreseen(Verdict.SKIP, because("run.no_valid_input", input=need.name, producers=", ".join(names)))
        else:
            return Foreseen(Verdict.SKIP, because("run.input_skipped", input=need.name, producer=names[0]))
    return undecided


def _by_skip_conditions(plan: Plan, step: PlannedStep, before: dict[str, Foreseen]) -> Foreseen | None:
    if not step.skip_conditions:
        return None
    result = _judged(plan, step.skip_conditions, before)
    if isinstance(result, Foreseen):
        return result
    return Foreseen(Verdict.SKIP, because("run.skip_condition_met")) if result else None


def _by_reuse(step: PlannedStep, before: dict[str, Foreseen]) -> Foreseen | None:
    """Taken over if each input still comes from a result that is taken over, and from the same one as then."""
    if step.reuse is None:
        return None
    for need in step.inputs:
        for place, source in enumerate(need.sources):
            verdict = before[source.step].verdict if source.step in before else Verdict.SKIP
            if verdict is Verdict.OPEN:
                return Foreseen(Verdict.OPEN, because("run.decided_by_step", step=source.step))
            if verdict is not Verdict.SKIP:
                if verdict is not Verdict.REUSE or (need.selector and step.reuse.chosen.get(need.name) != place):
                    return None
                break
    return Foreseen(Verdict.REUSE, because("run.reused", number=step.reuse.number))


def _branch(plan: Plan, step: PlannedStep, before: dict[str, Foreseen]) -> Foreseen:
    result = _judged(plan, step.conditions, before)
    return result if isinstance(result, Foreseen) else Foreseen(Verdict.RUN, branch=result)


def _judged(plan: Plan, conditions: tuple[Condition, ...], before: dict[str, Foreseen]) -> bool | Foreseen:
    """The result, or what is foreseen of a step when there is none yet."""
    references = [
        reference
        for condition in conditions
        for operand in (condition.left, condition.right)
        for _, reference in references_within(operand)
    ]
    measured = [reference for reference in references if isinstance(reference, MetricReference)]
    for wanted in measured:
        if wanted.step in before and before[wanted.step].verdict is Verdict.SKIP:
            return Foreseen(Verdict.CANNOT, as_reason(metric_missing(wanted)))
    metrics = [wanted for wanted in measured if not _known(plan, wanted.step, before)]
    if metrics:
        steps = ", ".join(dict.fromkeys(wanted.step for wanted in metrics))
        return Foreseen(Verdict.OPEN, because("run.decided_by_metric", steps=steps))
    names = (reference.name for reference in references if isinstance(reference, ParameterReference))
    unset = dict.fromkeys(name for name in names if name not in plan.values and name in plan.awaited_by)
    if unset:
        return Foreseen(Verdict.OPEN, because("run.decided_by_value", names=", ".join(unset)))
    judged = judge(conditions, plan.values, lambda name: _floats(plan, name))
    if judged.problem is not None:
        return Foreseen(Verdict.CANNOT, as_reason(judged.problem))
    return bool(judged.result)


def _known(plan: Plan, name: str, before: dict[str, Foreseen]) -> bool:
    """Metrics that are there before the run: of a step that is taken over, or none at all."""
    return name not in plan.steps or (name in before and before[name].verdict is Verdict.REUSE)


def _floats(plan: Plan, name: str) -> Mapping[str, Mapping[str, float]]:
    reuse = plan.steps[name].reuse if name in plan.steps else None
    return reuse.floats if reuse else {}


def _impose(step: PlannedStep, found: Foreseen, imposed: dict[str, Foreseen]) -> None:
    """What a condition step's fate means for the steps that it names."""
    if found.verdict is Verdict.SKIP:
        fate = Foreseen(Verdict.SKIP, because("run.condition_skipped", condition=step.name))
        imposed.update(dict.fromkeys((*step.then_steps, *step.else_steps), fate))
    elif found.branch is not None:
        result = str(found.branch).lower()
        fate = Foreseen(Verdict.SKIP, because("run.branch_not_taken", condition=step.name, result=result))
        imposed.update(dict.fromkeys(step.else_steps if found.branch else step.then_steps, fate))
    else:
        fate = Foreseen(Verdict.OPEN, because("run.decided_by_step", step=step.name))
        for name in (*step.then_steps, *step.else_steps):
            imposed.setdefault(name, fate)


def _resources(plan: Plan, step: PlannedStep) -> Foreseen:
    if step.nested:
        return RUNS
    found = resources_for(step.definition, plan.flavors, plan.values)
    return Foreseen(Verdict.CANNOT, as_reason(found)) if isinstance(found, Problem) else RUNS
