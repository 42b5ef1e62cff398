"""Documents of other versions: older ones are carried forward, newer ones are left alone."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from backend.domain.design.document import SCHEMA
from backend.domain.design.load import parse_document
from backend.domain.design.versions.migrate import MIGRATIONS, migrated
from tests.unit.domain.design.golden import read, valid


def add_storages(raw: dict[str, Any]) -> dict[str, Any]:
    return {**raw, "storages": []}


def split_name(raw: dict[str, Any]) -> dict[str, Any]:
    return {**{key: value for key, value in raw.items() if key != "title"}, "name": raw["title"]}


def test_it_goes_from_version_to_version_in_memory() -> None:
    old = {"schema": 1, "title": "old"}
    kept = copy.deepcopy(old)

    current, problems = migrated(old, migrations={1: split_name, 2: add_storages}, newest=3)

    assert problems == []
    assert current == {"schema": 3, "name": "old", "storages": []}
    assert old == kept


def test_there_is_a_way_and_a_golden_document_for_every_version() -> None:
    assert sorted(MIGRATIONS) == list(range(1, SCHEMA))
    for version in range(1, SCHEMA + 1):
        document, problems = parse_document(read(f"versions/{version}.json"))
        assert problems == []
        assert document is not None


@pytest.mark.parametrize(
    ("schema", "code"),
    [
        (SCHEMA + 1, "document.newer_schema"),
        (10**9, "document.newer_schema"),
        (0, "document.unknown_schema"),
        (-1, "document.unknown_schema"),
    ],
)
def test_it_leaves_what_it_does_not_know_alone(schema: int, code: str) -> None:
    document, problems = parse_document({**valid("digits"), "schema": schema})

    assert document is None
    assert [(problem.code, problem.path) for problem in problems] == [(code, "/schema")]
