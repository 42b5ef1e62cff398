"""Every part of the valid documents is taken away, doubled, replaced or blown up: it is told, never raised."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain.design.check import check, well_formed
from backend.domain.design.load import parse_document
from backend.domain.design.references import (
    SYSTEM_VARIABLES,
    AnyOfReference,
    MetricReference,
    OutputReference,
    SystemReference,
    references_in,
)
from backend.domain.design.values import check_values, effective_values
from backend.domain.problems import Problem
from tests.unit.domain.design.golden import VALID, resolves, valid
from tests.unit.domain.design.test_untrusted_json import values

DEEP: Any = {"a": []}
for _ in range(200):
    DEEP = [DEEP]
INSTEAD: list[Any] = [
    None, True, False, 0, -1, 1.5, 1e308, 2**53, "", "a", "\u732b", "__class__", "{0.__class__}", "%s{}", "$parameter",
    [], [[]], [None], {}, {"": {}}, {"$parameter": None}, {"$parameter": "epochs"}, {"$output": {}}, {"$any_of": [1]},
    {"$output": {"step": "train", "output": "metrics"}}, {"$storage": {"name": "runs", "path": "../.."}},
    {"$metric": {"step": "a", "output": "b", "key": "c"}}, {"$literal": {"$literal": 1}}, {"$": 1}, {"$x": 1, "$y": 2},
    {"type": "EQ", "left": 1, "right": {"type": []}}, float("nan"), float("inf"), 10**5000, "\ud800", "a\x00", DEEP,
    "x" * 100_000, list(range(2000)), {1: 2}, (1, 2), {1, 2}, b"bytes", object(),
]  # fmt: skip
Path = tuple[str | int, ...]


def paths(value: Any, path: Path = ()) -> Iterator[Path]:
    yield path
    if isinstance(value, dict):
        for key, member in value.items():
            yield from paths(member, (*path, key))
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from paths(entry, (*path, index))


def changed(document: Any, path: Path, new: Any) -> Any:
    """The document with another value at a path; only what leads there is copied."""
    if not path:
        return new
    shallow = copy.copy(document)
    shallow[path[0]] = changed(document[path[0]], path[1:], new)
    return shallow


def replacements(turn: int) -> list[Any]:
    """Each part gets a few, all parts together get all; many more where Hypothesis is thorough as well."""
    count = 15 if settings.default is not None and settings.default.max_examples >= 500 else 2
    return [INSTEAD[(turn * 2 + offset) % len(INSTEAD)] for offset in range(count)]


def mutations(document: Any, path: Path, turn: int) -> Iterator[Any]:
    at = document
    for part in path:
        at = at[part]
    if path:
        around = document
        for part in path[:-1]:
            around = around[part]
        without = copy.copy(around)
        del without[path[-1]]
        yield changed(document, path[:-1], without)
        if isinstance(around, list):
            yield changed(document, path[:-1], [*around, around[path[-1]]])
        else:
            yield changed(document, path[:-1], {**around, f"{path[-1]}x": at})
    for new in replacements(turn):
        yield changed(document, path, new)
    if isinstance(at, list):
        yield changed(document, path, at * 50)


def is_told_well(problem: Problem, document: Any) -> bool:
    parts = problem.path.rsplit("/", 1)
    return resolves(document, problem.path) or resolves(document, parts[0])


def assert_all_is_well(document: Any) -> None:
    problems = check(document)
    drafted = well_formed(document)

    assert all(is_told_well(problem, document) for problem in [*problems, *drafted])
    assert all(problem.message and problem.hint for problem in problems)
    if not problems:
        assert drafted == []
        assert_everything_resolves(document)


def assert_everything_resolves(raw: Any) -> None:
    document, problems = parse_document(raw)
    assert problems == []
    assert document is not None
    known = {named.name for group in (document.parameters, document.data, document.storages) for named in group}
    for step in document.steps:
        assert all(document.step(parent) for parent in step.depends_on)
        for _, reference in references_in(step):
            if isinstance(reference, (OutputReference, MetricReference)):
                producer = document.step(reference.step)
                assert producer is not None
                assert producer.output(reference.output)
            elif isinstance(reference, SystemReference):
                assert reference.name in SYSTEM_VARIABLES
            elif not isinstance(reference, AnyOfReference):
                assert reference.name in known
    check_values(document, effective_values(document, {}))


@pytest.mark.parametrize("name", VALID)
def test_it_tells_whatever_is_done_to_a_part(name: str) -> None:
    document = valid(name)

    tried = 0
    for turn, path in enumerate(paths(document)):
        for mutated in mutations(document, path, turn):
            assert_all_is_well(mutated)
            tried += 1

    assert tried >= len(list(paths(document)))


@given(values)
def test_it_takes_any_json_for_a_document(value: Any) -> None:
    assert_all_is_well(value)
    assert check(value) != []


@given(st.data())
def test_it_takes_any_json_in_any_place(data: st.DataObject) -> None:
    document = valid(data.draw(st.sampled_from(VALID)))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(list(paths(document))))
        document = changed(document, path, data.draw(values))
        if not path:
            break

    assert_all_is_well(document)


@given(st.data())
def test_it_takes_any_json_for_values(data: st.DataObject) -> None:
    document, _ = parse_document(valid(data.draw(st.sampled_from(VALID))))
    assert document is not None
    names = [one.name for group in (document.parameters, document.data, document.storages) for one in group]
    given_values = data.draw(st.dictionaries(st.sampled_from([*names, "other"]), values | st.sampled_from(INSTEAD)))

    problems = check_values(document, given_values)

    assert all(problem.path.startswith("/values") for problem in problems)
    assert all(problem.message and problem.hint for problem in problems)
