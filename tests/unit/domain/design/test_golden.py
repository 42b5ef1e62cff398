"""The golden documents: valid ones stay valid, wrong ones are told exactly so."""

from __future__ import annotations

from typing import Any

import pytest

from backend.domain.design.check import check, well_formed
from backend.domain.design.load import dumped, parse_document
from backend.domain.problems import CATALOGUE
from tests.unit.domain.design.golden import VALID, patched, read, resolves, valid

CASES = read("cases.json")
# Codes that need thousands of parts, values or a server beside a document; their own tests are in this folder.
ELSEWHERE = {
    "condition.metric_missing",
    "condition.unset",
    "document.invalid",
    "document.more_problems",
    "document.too_many_edges",
    "document.too_many_placeholders",
    "document.too_many_steps",
    "document.unknown_engine",
    "document.unknown_flavor",
    "value.dataset_version",
    "value.fixed",
    "value.missing",
    "value.not_an_object",
    "value.unfit",
    "value.unknown",
}


@pytest.mark.parametrize("name", VALID)
def test_it_finds_nothing_wrong_with_a_valid_document(name: str) -> None:
    document = valid(name)

    assert check(document) == []
    assert well_formed(document) == []


@pytest.mark.parametrize("name", VALID)
def test_it_reads_a_document_and_writes_the_same_back(name: str) -> None:
    document, problems = parse_document(valid(name))

    assert problems == []
    assert document is not None
    assert dumped(document) == valid(name)


@pytest.mark.parametrize("case", CASES, ids=[case["about"] for case in CASES])
def test_it_tells_exactly_what_is_wrong(case: dict[str, Any]) -> None:
    document = patched(valid(case["base"]), case["patch"])

    problems = check(document)

    assert [{"code": p.code, "path": p.path, "params": p.params} for p in problems] == case["problems"]
    assert all(resolves(document, p.path) for p in problems)
    assert [p.as_json() for p in check(document)] == [p.as_json() for p in problems]


def test_there_is_a_case_for_every_code() -> None:
    told = {problem["code"] for case in CASES for problem in case["problems"]}
    ours = {code for code in CATALOGUE if code.split(".")[0] in ("document", "value", "condition")}

    assert ours - told == ELSEWHERE
