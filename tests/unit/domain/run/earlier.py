"""A workflow that has run before, for tests of runs that reuse what it left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.domain.design.document import Document
from backend.domain.design.load import parse_document
from backend.domain.run.part import Mode, Wanted
from backend.domain.run.plan import Plan, make_plan
from backend.domain.run.reuse import Choice, Earlier, choose, made_from
from backend.domain.run.states import StepState
from tests.unit.domain.run.building import FLAVORS, Json, plan_of
from tests.unit.domain.run.driving import Driver

Known = dict[str, Earlier]


def parsed(raw: Json) -> Document:
    document, problems = parse_document(raw)
    assert document is not None, problems
    return document


def run_through(raw: Json, values: Mapping[str, Any] | None = None, *, accuracy: float = 0.9) -> Driver:
    """All goes well."""
    driver = Driver(plan_of(raw, values))
    driver.start()
    while pending := driver.in_state(StepState.PENDING, StepState.CREATING, StepState.RUNNING):
        driver.finish(pending[0], accuracy=accuracy)
    driver.drain()
    return driver


def known_after(raw: Json, driver: Driver, number: int, known: Known | None = None) -> Known:
    """What is known of earlier runs once this one is over too, as the server finds it in its rows."""
    document = parsed(raw)
    found: Known = dict(known or {})
    begun = {
        name: step for name, step in driver.snapshot.steps.items() if step.attempts or step.state is StepState.FAILED
    }
    for name, step in begun.items():
        definition = document.step(name)
        assert definition is not None
        found[name] = Earlier(
            run=f"run-{number}",
            number=number,
            state=step.state,
            document=document,
            values=driver.snapshot.values,
            attempt=f"{name}@{number}",
            outputs=step.outputs,
            floats=step.floats,
            chosen=step.chosen,
            made_from={producer: origin(driver, producer, number) for producer in made_from(definition, step.chosen)},
        )
    return found


def origin(driver: Driver, name: str, number: int) -> str:
    step = driver.snapshot.steps.get(name)
    return str(step.reused["run"]) if step and step.reused else f"run-{number}"


def chosen(raw: Json, known: Known, *steps: str, values: Mapping[str, Any] | None = None, **more: Any) -> Choice:
    return choose(parsed(raw), values or {}, Wanted(steps, **more), known)


def part_plan(raw: Json, choice: Choice, values: Mapping[str, Any] | None = None) -> Plan:
    return make_plan(parsed(raw), values or {}, flavors=FLAVORS, part=choice.part)


def codes(problems: Mapping[str, Any]) -> dict[str, str]:
    return {name: problem.code for name, problem in problems.items()}


def choice_after(raw: Json, values: Mapping[str, Any], place: int, mode: Mode) -> Choice | None:
    """A run to one of the last steps, or of it alone, after a run in which all went well; None where it is refused."""
    known = known_after(raw, run_through(raw, values), 1)
    choice = chosen(raw, known, raw["steps"][-1 - place % len(raw["steps"])]["name"], values=values, mode=mode)
    return None if choice.refused else choice
