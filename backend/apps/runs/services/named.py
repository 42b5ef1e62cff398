"""What the jobs of a plan name and a project may have or not have: algorithms and container images."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from backend.apps.accounts.models import Project
from backend.apps.assets.models import Algorithm
from backend.apps.assets.selectors import algorithm_unknown, algorithms_named, image_unknown, images_named
from backend.domain.design.document import Document
from backend.domain.problems import Problem, pointer
from backend.domain.run.algorithms import NamedAlgorithm, named_algorithm, with_algorithm
from backend.domain.run.images import named_image, uses_image
from backend.domain.run.plan import Plan
from backend.domain.run.preview import Verdict, preview


@dataclass(frozen=True, slots=True)
class Named:
    unknown: dict[str, Problem]
    """Of the steps that name something which this project has not, unless they are sure to be skipped."""
    boxed: frozenset[str]
    """The steps whose algorithm runs in a container."""


def named_things(project: Project, document: Document, plan: Plan) -> Named:
    """Two queries at most, and none for a plan that names nothing."""
    places = {step.name: pointer("steps", index, "properties") for index, step in enumerate(document.steps)}
    taking_part = {name: step for name, step in plan.steps.items() if step.kind == "job" and step.reuse is None}
    wanted = {name: named_algorithm(step.definition.properties, plan.values) for name, step in taking_part.items()}
    names = {name: each for name, each in wanted.items() if each is not None}
    known = algorithms_named(project=project, names=names.values())
    images = _images(plan, taking_part, names, known)
    there = images_named(project=project, names=images.values())
    lacking = {name for name, each in names.items() if each not in known}
    lacking |= {name for name, each in images.items() if each not in there}
    gone = skipped(plan) if lacking else set()
    unknown = {}
    for name in (each for each in taking_part if each in lacking and each not in gone):
        at = f"{places[name]}/algorithm"
        if name in images:
            own = name not in names
            path = f"{at}/engine/image_url" if own else f"{at}/{names[name].key}"
            unknown[name] = image_unknown(project=project, name=images[name], path=path)
        else:
            unknown[name] = algorithm_unknown(project=project, name=names[name], path=f"{at}/{names[name].key}")
    boxed = frozenset(name for name, each in names.items() if each in known and uses_image(known[each].definition))
    return Named(unknown, boxed)


def _images(
    plan: Plan,
    steps: Iterable[str],
    names: dict[str, NamedAlgorithm],
    known: dict[NamedAlgorithm, Algorithm],
) -> dict[str, str]:
    """Which image each of the steps runs in, as far as that is known before the run."""
    found = {}
    for name in steps:
        properties = plan.steps[name].definition.properties
        if name in names and names[name] in known:
            properties = with_algorithm(properties, known[names[name]].definition)
        image = named_image(properties, plan.values)
        if image is not None:
            found[name] = image
    return found


def skipped(plan: Plan) -> set[str]:
    return {name for name, foreseen in preview(plan).items() if foreseen.verdict is Verdict.SKIP}


def surely_skipped(plan: Plan) -> set[str]:
    """Known only where it matters: a step that cannot run here may be in a workflow if it will not run."""
    if all(step.not_here is None and not step.boxed for step in plan.steps.values()):
        return set()
    return skipped(plan)
