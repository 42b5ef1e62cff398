"""What a run would do, for starting it and for drawing it beforehand: the plan, and all that speaks against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from backend.apps.accounts.models import Project, User
from backend.apps.assets.selectors import flavors_resources
from backend.apps.runs.models import Run
from backend.apps.runs.services import placing
from backend.apps.runs.services.earlier import earlier_of
from backend.apps.runs.services.named import named_things, surely_skipped
from backend.apps.workflows.services import nesting_problems
from backend.domain.design.check import check
from backend.domain.design.document import Document
from backend.domain.design.load import parse_document
from backend.domain.design.values import check_values
from backend.domain.problems import Problem, pointer, problem
from backend.domain.run.images import uses_image
from backend.domain.run.part import Wanted
from backend.domain.run.plan import Plan, make_plan, resources_of, values_used
from backend.domain.run.preview import Foreseen, Verdict, preview
from backend.domain.run.resources import Resources, UnknownFlavorError
from backend.domain.run.reuse import Choice, bound, choose, may_be_reused
from backend.domain.run.scenes import with_scene
from backend.domain.run.turn import as_reason, because
from backend.shared.db import db_now

MISSING = "value.missing"
NO_CONTAINERS = "run.no_container_engine"


@dataclass(frozen=True, slots=True)
class Place:
    """Whose run it is: what earlier runs of the same workflow left may be taken over."""

    workflow_id: UUID
    project: Project
    user: User | None = None
    """Who asks, so that it runs no other workflow that this person may not run. None: the engine itself."""
    levels: int = 1
    """How many workflows are inside each other here, this one among them."""


@dataclass(frozen=True, slots=True)
class Inside:
    """The step of another run that a run is."""

    run: Run
    step: str
    attempt: UUID

    def levels(self) -> int:
        """How many workflows are inside each other, the new one among them."""
        found, above = 2, self.run.parent
        while above is not None:
            found, above = found + 1, above.parent
        return found


@dataclass(frozen=True, slots=True)
class Planned:
    """`choice` is None for a run of the whole workflow."""

    plan: Plan
    choice: Choice | None
    flavors: Mapping[str, Any]
    problems: list[Problem]
    cannot: Mapping[str, Problem] = field(default_factory=dict)
    """Of the steps whose algorithm or image this project has not, and of those whose container no host can start."""

    @property
    def boxed(self) -> list[str]:
        return [name for name, step in self.plan.steps.items() if step.boxed]


def planned(*, place: Place, document: Document, values: Mapping[str, Any], wanted: Wanted | None) -> Planned:
    """For a valid document. Values with which something is wrong are left out of the plan."""
    wrong = check_values(document, values)
    known = {name: value for name, value in values.items() if not _wrong(name, wrong)}
    chosen = _wanted(place, document, wanted) if wanted else None
    if isinstance(chosen, Problem):
        wrong, chosen = [*wrong, chosen], None
    choice = _choice(place, document, known, chosen) if chosen else None
    flavors = flavors_resources()
    sizes = {name: Resources(**needs) for name, needs in flavors.items()}
    part = choice.part if choice else None
    plan = make_plan(document, known, flavors=sizes, part=part)
    named = named_things(place.project, document, plan)
    if named.boxed:
        plan = make_plan(document, known, flavors=sizes, part=part, boxed=named.boxed)
    if choice is not None:
        wrong = list(_concerning(plan, values, wrong))
    unservable = _unservable(document, plan)
    boxless = {name: each for name, each in unservable.items() if each.code == NO_CONTAINERS}
    barred = [*_nesting(place, document, plan), *unservable.values()]
    problems = [*wrong, *_refusals(choice), *barred, *named.unknown.values()]
    return Planned(plan, choice, flavors, problems, {**boxless, **named.unknown})


def steps_problems(*, place: Place, document: Document, plan: Plan) -> list[Problem]:
    """Why steps of the plan could not run here, whatever happened before them."""
    named = named_things(place.project, document, plan)
    return [*_nesting(place, document, plan), *_unservable(document, plan).values(), *named.unknown.values()]


def run_plan(
    *, place: Place, document: object, values: Mapping[str, Any], wanted: Wanted | None = None
) -> dict[str, Any]:
    """What a run of this document with these values would do, without making one."""
    problems = check(document)
    parsed, _ = parse_document(document)
    if parsed is None or any(each.severity == "error" for each in problems):
        return {"problems": [each.as_json() for each in problems], "steps": {}}
    found = planned(place=place, document=parsed, values=values, wanted=wanted)
    foreseen = _foreseen(parsed, found)
    steps = {step.name: _shown(found, step.name, foreseen[step.name]) for step in parsed.steps}
    return {"problems": [each.as_json() for each in (*problems, *found.problems)], "steps": steps}


def _wanted(place: Place, document: Document, wanted: Wanted) -> Wanted | Problem:
    """With the steps of the scene, and a run to stand on that is one of this workflow's."""
    if wanted.prior is not None and not Run.objects.filter(pk=wanted.prior, workflow_id=place.workflow_id).exists():
        return problem("run.unknown_prior", "/prior", run=wanted.prior)
    return with_scene(document, wanted)


def _nesting(place: Place, document: Document, plan: Plan) -> list[Problem]:
    """Of the steps that take part and run a workflow of their own."""
    taking_part = {name for name, step in plan.steps.items() if step.nested and step.reuse is None}
    if not taking_part:
        return []
    found = nesting_problems(
        project=place.project, workflow_id=place.workflow_id, document=document, user=place.user, levels=place.levels
    )
    places = [pointer("steps", index) for index, step in enumerate(document.steps) if step.name in taking_part]
    return [each for each in found if "/".join(each.path.split("/")[:3]) in places]


def _choice(place: Place, document: Document, values: Mapping[str, Any], wanted: Wanted) -> Choice:
    names = may_be_reused(document, wanted)
    found = (
        earlier_of(
            workflow_id=place.workflow_id,
            project=place.project,
            names=names,
            prior=wanted.prior,
            results_only=bound(wanted),
        )
        if wanted.reuse
        else {}
    )
    return choose(document, values, wanted, found)


def _refusals(choice: Choice | None) -> list[Problem]:
    return [each for said in choice.refused.values() for each in said] if choice else []


def _foreseen(document: Document, found: Planned) -> dict[str, Foreseen]:
    """Also of the steps that take no part, cannot, or run although they ran before."""
    lacking = {name: Foreseen(Verdict.CANNOT, as_reason(why)) for name, why in found.cannot.items()}
    known = {**preview(found.plan), **lacking}
    if found.choice is None:
        return known
    outside = Foreseen(Verdict.NOT_PART, because("run.not_part"))
    for step in document.steps:
        known.setdefault(step.name, outside)
    for name, why in found.choice.refused.items():
        if name in known:
            known[name] = Foreseen(Verdict.CANNOT, as_reason(why[0]))
    for name, why in found.choice.again.items():
        if known[name] in (Foreseen(Verdict.RUN), outside):
            known[name] = Foreseen(known[name].verdict, as_reason(why))
    return known


def _shown(found: Planned, name: str, foreseen: Foreseen) -> dict[str, Any]:
    step = found.plan.steps.get(name)
    kept = step.reuse if step and foreseen.verdict is Verdict.REUSE else None
    return {
        "verdict": foreseen.verdict.value,
        "reason": foreseen.reason,
        "branch": foreseen.branch,
        "reused": {"run": kept.run, "number": kept.number} if kept else None,
    }


def _concerning(plan: Plan, values: Mapping[str, Any], problems: Iterable[Problem]) -> Iterable[Problem]:
    """Nobody has to fill in, or to mend the default of, what only steps use that do not run."""
    used = {name for step in plan.steps.values() if step.reuse is None for name in values_used(step.definition)}
    matters = {pointer("values", name) for name in (*used, *values)}
    return (each for each in problems if not each.path.startswith("/values/") or _top(each.path) in matters)


def _top(path: str) -> str:
    return "/".join(path.split("/")[:3])


def _unservable(document: Document, plan: Plan) -> dict[str, Problem]:
    """A problem for each step that could never be dispatched, at the step's properties."""
    found: dict[str, Problem] = {}
    needs: dict[str, Resources] = {}
    paths = {step.name: pointer("steps", place, "properties") for place, step in enumerate(document.steps)}
    skipped = surely_skipped(plan)
    for name, step in plan.steps.items():
        if step.inline or step.nested or step.reuse is not None:
            continue
        not_here = step.not_here
        if not_here is not None and name in skipped:
            continue
        if not_here is not None:
            place = paths[name].removesuffix("/properties")
            found[name] = problem(not_here.code, place + not_here.path, **not_here.params)
            continue
        try:
            needs[name] = resources_of(plan, step, plan.values)
        except UnknownFlavorError as error:
            # A delayed flavor is not known yet, and need not be.
            if not step.awaits:
                found[name] = problem(error.problem.code, paths[name], **error.problem.params)
    for name, reason in placing.impossible(needs.items(), db_now()).items():
        if reason.code != "placement.no_container_engine":
            found[name] = problem("order.unservable", paths[name], step=name, why=reason.message)
        elif name not in skipped:
            own = uses_image(plan.steps[name].definition.properties.get("algorithm"))
            place = paths[name] + ("/algorithm/engine/image_url" if own else "/algorithm")
            found[name] = problem(NO_CONTAINERS, place, step=name)
    return found


def _wrong(name: str, problems: Iterable[Problem]) -> bool:
    place = pointer("values", name)
    return any(each.path == place or each.path.startswith(place + "/") for each in problems)
