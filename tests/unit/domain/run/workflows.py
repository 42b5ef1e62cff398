"""Random workflows: branches, skips, selectors, conditions, delayed values, flavors that do not exist."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.unit.domain.run.building import (
    Json,
    any_of,
    branch,
    condition,
    document,
    job,
    metric,
    output,
    parameter,
    placeholder,
)

PARAMETERS = (
    placeholder("flag", "BOOL", default=False),
    placeholder("limit", "FLOAT", default=0.5),
    placeholder("flavor", "STR", format="flavor", default="small"),
    placeholder("later", "INT", delay=True),
    placeholder("last", "INT", delay=True),
)
DELAYED = ("later", "last")
VALUES = st.fixed_dictionaries(
    {}, optional={"flag": st.booleans(), "flavor": st.sampled_from(["small", "gpu1", "gone"]), "later": st.just(3)}
)


@st.composite
def workflows(draw: st.DrawFn, most: int = 7) -> Json:
    count = draw(st.integers(1, most))
    steps: list[Json] = []
    for index in range(count):
        parents = draw(_parents(steps))
        make = _branch if draw(st.integers(0, 9)) >= 7 else _job
        steps.append(draw(make(f"s{index}", parents, steps)))
    return document(*steps, parameters=PARAMETERS)


def _parents(before: list[Json]) -> st.SearchStrategy[list[str]]:
    names = [step["name"] for step in before]
    if not names:
        return st.just([])
    return st.lists(st.sampled_from(names), max_size=3, unique=True)


def _jobs(names: list[str], before: list[Json]) -> list[str]:
    jobs = {step["name"] for step in before if step["kind"] == "job"}
    return [name for name in names if name in jobs]


@st.composite
def _job(draw: st.DrawFn, name: str, parents: list[str], before: list[Json]) -> Json:
    jobs = _jobs(parents, before)
    takes: Any = None
    if jobs and draw(st.booleans()):
        takes = output(jobs[0]) if draw(st.booleans()) else any_of(*jobs)
    _choose_branch(draw, name, parents, before)
    return job(
        name,
        parents,
        takes=takes,
        skip=[draw(_condition(jobs))] if draw(st.integers(0, 3)) == 0 else [],
        uses=draw(st.sampled_from([(), (), (), ("later",), ("last",), DELAYED])),
        flavor=draw(st.sampled_from([None, None, parameter("flavor")])),
    )


@st.composite
def _branch(draw: st.DrawFn, name: str, parents: list[str], before: list[Json]) -> Json:
    _choose_branch(draw, name, parents, before)
    return branch(name, [draw(_condition(_jobs(parents, before)))], after=parents)


def _choose_branch(draw: st.DrawFn, name: str, parents: list[str], before: list[Json]) -> None:
    """A step behind a condition may be in one of its two lists, or in none."""
    for step in before:
        if step["kind"] == "condition" and step["name"] in parents:
            which = draw(st.sampled_from(["if_then_steps", "else_then_steps", None]))
            if which is not None:
                step["properties"][which].append(name)


def _condition(jobs: list[str]) -> st.SearchStrategy[Json]:
    plain = [
        condition("EQ", parameter("flag"), True),
        condition("OR", condition("EQ", parameter("flag"), True), condition("GT", 1, 2)),
        condition("GT", parameter("later"), 2),
    ]
    return st.sampled_from([*plain, *(condition("LT", metric(name), parameter("limit")) for name in jobs)])
