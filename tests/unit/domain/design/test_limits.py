"""Large and hostile documents: refused politely, or checked in time that grows with their size and no faster."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from backend.domain.design import limits
from backend.domain.design.check import check, well_formed
from backend.domain.design.document import Document
from backend.domain.design.load import parse_document
from backend.domain.design.values import check_values

Raw = dict[str, Any]


def job(index: int, depends_on: list[int], **more: Any) -> Raw:
    return {
        "id": f"s{index}",
        "name": f"step-{index}",
        "kind": "job",
        "outputs": [
            {"name": "out", "type": "obs", "config": {"obs_path": {"$storage": {"name": "runs", "path": f"{index}/"}}}}
        ],
        "properties": {"algorithm": {"command": ["true", {"$parameter": "text"}]}},
        "depends_on": [f"step-{parent}" for parent in depends_on],
        **more,
    }


def document(steps: list[Raw], **more: Any) -> Raw:
    text = {"id": "p1", "name": "text", "type": "STR", "default": "x"}
    return {"schema": 1, "name": "large", "parameters": [text], "storages": [{"name": "runs"}], "steps": steps, **more}


def taking(index: int) -> list[Raw]:
    return [{"name": "in", "data": {"$output": {"step": f"step-{index}", "output": "out"}}}]


def chain(size: int) -> Raw:
    """Every step takes the output of the very first: the question about ancestors is as hard as it gets."""
    return document([job(0, []), *(job(index, [index - 1], inputs=taking(0)) for index in range(1, size))])


def star(size: int) -> Raw:
    return document([*(job(index, []) for index in range(size - 1)), job(size - 1, list(range(size - 1)))])


def layers(size: int) -> Raw:
    def parents(index: int) -> list[int]:
        return [(index // 10 - 1) * 10 + at for at in range(5)] if index >= 10 else []

    return document([job(index, parents(index)) for index in range(size)])


def ring(size: int) -> Raw:
    return document([job(index, [(index - 1) % size]) for index in range(size)])


def dangling(size: int) -> Raw:
    return document([job(index, [index + 100_000], inputs=taking(index + 200_000)) for index in range(size)])


def selectors(size: int) -> Raw:
    options = [{"$output": {"step": "step-0", "output": "out"}}] * size
    return document([job(0, []), job(1, [0], inputs=[{"name": "in", "data": {"$any_of": options}}])])


def choices(size: int) -> Raw:
    asked = [
        {"id": f"c{index}", "name": f"c{index}", "type": "ENUM", "enum": [f"{at}" for at in range(20)], "default": "19"}
        for index in range(size)
    ]
    return document([job(0, [])], parameters=[*document([])["parameters"], *asked])


def wide(size: int) -> Raw:
    outputs = [
        {"name": f"o{index}", "type": "obs", "config": {"obs_path": {"$storage": {"name": "runs"}}}}
        for index in range(size)
    ]
    inputs = [
        {"name": f"i{index}", "data": {"$output": {"step": "step-0", "output": f"o{index}"}}} for index in range(size)
    ]
    return document([job(0, [], outputs=outputs), job(1, [0], inputs=inputs)])


def calls(work: Callable[[], object]) -> int:
    """How many calls of Python functions some work takes: the same on a slow machine and on a busy one."""
    count = 0

    def counting(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counting)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("shape", [chain, star, layers, ring, dangling, selectors, choices, wide])
def test_its_work_grows_with_the_size_and_no_faster(shape: Callable[[int], Raw]) -> None:
    check(shape(20))
    small, large = shape(200), shape(400)

    ratio = calls(lambda: check(large)) / calls(lambda: check(small))

    assert ratio < 2.3


@pytest.mark.parametrize("shape", [chain, star, layers])
def test_it_takes_ten_thousand_steps(shape: Callable[[int], Raw]) -> None:
    raw = shape(limits.MAX_STEPS)

    assert check(raw) == []
    made, problems = parse_document(raw)
    assert problems == []
    assert isinstance(made, Document)
    assert [problem.code for problem in check_values(made, {})] == ["value.missing"]


def test_it_tells_a_cycle_of_ten_thousand_steps_once_and_shortly() -> None:
    problems = check(ring(limits.MAX_STEPS))

    assert [problem.code for problem in problems] == ["document.cycle"]
    assert problems[0].params["cycle"].startswith("step-0 → step-9999 → step-9998")
    assert problems[0].params["cycle"].endswith("step-9981 → … → step-0")
    assert len(problems[0].message) < 500


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (lambda: document([job(index, []) for index in range(10_001)]), "document.too_many_steps"),
        (lambda: document([job(0, [1] * 50_001)]), "document.too_many_edges"),
        (lambda: document([], parameters=[{}] * 10_001), "document.too_many_placeholders"),
        (lambda: document([], description=[0] * 1_000_001), "json.too_many_items"),
    ],
)
def test_it_refuses_what_is_too_large_with_one_problem(raw: Callable[[], Raw], code: str) -> None:
    made = raw()

    assert [problem.code for problem in check(made)] == [code]
    assert [problem.code for problem in well_formed(made)] == [code]


def test_it_stops_telling_at_some_point_and_says_so() -> None:
    problems = check(dangling(2_000))

    assert len(problems) == limits.MAX_PROBLEMS + 1
    assert problems[-1].code == "document.more_problems"
    assert problems == check(dangling(2_000))


def test_it_takes_edges_up_to_the_limit() -> None:
    steps = [job(index, list(range(max(0, index - 10), index))) for index in range(5_000)]

    assert check(document(steps)) == []
