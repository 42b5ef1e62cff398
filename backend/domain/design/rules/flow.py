"""The graph: what steps depend on."""

from __future__ import annotations

from collections.abc import Iterator

from backend.domain.design.graph import cycles
from backend.domain.design.view import StepPart, View
from backend.domain.problems import Problem, problem

_SHOWN = 20


def flow(view: View) -> Iterator[Problem]:
    for step in view.steps:
        yield from _dependencies(view, step)
    for cycle in cycles(view.graph):
        # A step that names itself has been told already.
        if len(cycle) > 2:
            shown = [*cycle[:_SHOWN], "…", cycle[-1]] if len(cycle) > _SHOWN else list(cycle)
            place = view.by_name[cycle[0]].path + "/depends_on"
            yield problem("document.cycle", place, cycle=" → ".join(shown), steps=list(cycle[:_SHOWN]))


def _dependencies(view: View, step: StepPart) -> Iterator[Problem]:
    seen: set[str] = set()
    for path, name in step.depends_on:
        if name == step.name:
            yield problem("document.self_dependency", path, name=name)
        elif name not in view.by_name:
            yield problem("document.unknown_step", path, name=name, suggestion=view.suggest(name, view.by_name))
        elif name in seen:
            yield problem("document.duplicate_dependency", path, name=name)
        seen.add(name)
