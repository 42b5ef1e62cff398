"""Valid documents of any shape: nothing is found wrong, and nothing is lost."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings

from backend.domain.design.canonical import canonical_bytes, document_hash
from backend.domain.design.check import check, well_formed
from backend.domain.design.graph import graph_of
from backend.domain.design.load import dumped, parse_document
from backend.domain.design.rename import rename_parameter, rename_step
from backend.domain.design.values import check_values, effective_values
from backend.domain.untrusted_json import parse_untrusted_json
from tests.unit.domain.design.documents import documents

generously = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@generously
@given(documents())
def test_it_checks_clean_and_survives_the_canonical_round_trip(raw: dict[str, Any]) -> None:
    assert check(raw) == []
    assert well_formed(raw) == []

    text = canonical_bytes(raw)
    again = parse_untrusted_json(text, max_bytes=len(text))

    assert again == json.loads(json.dumps(raw))
    assert canonical_bytes(again) == text
    assert isinstance(again, dict)
    assert document_hash(again) == document_hash(raw)
    document, problems = parse_document(raw)
    assert problems == []
    assert document is not None
    assert dumped(document) == raw


@generously
@given(documents())
def test_its_order_has_parents_first(raw: dict[str, Any]) -> None:
    document, _ = parse_document(raw)
    assert document is not None

    graph = graph_of(document)

    place = {name: index for index, name in enumerate(graph.order)}
    assert len(place) == len(document.steps)
    assert all(place[parent] < place[name] for name, parents in graph.parents.items() for parent in parents)


@generously
@given(documents())
def test_its_defaults_are_good_values(raw: dict[str, Any]) -> None:
    document, _ = parse_document(raw)
    assert document is not None

    told = check_values(document, {}, include_delayed=True)

    asked = {f"/values/{one.name}" for one in document.parameters if one.required and not one.has_default}
    assert {problem.path for problem in told} == asked
    assert {problem.code for problem in told} <= {"value.missing"}
    defaults = {one.name: one.default for one in document.parameters if one.has_default}
    assert effective_values(document, {}) == {**defaults, "runs": "/default/runs/"}
    assert check_values(document, effective_values(document, {})) == check_values(document, {})


@generously
@given(documents())
def test_renaming_everything_leaves_nothing_dangling(raw: dict[str, Any]) -> None:
    renamed = raw
    for step in raw["steps"]:
        renamed = rename_step(renamed, step["name"], "new-" + step["name"])
    for parameter in raw["parameters"]:
        renamed = rename_parameter(renamed, parameter["name"], "new_" + parameter["name"])

    assert check(renamed) == []
    text = json.dumps(renamed)
    assert text.count("new-step-") == json.dumps(raw).count("step-") - json.dumps(raw["layout"]).count("step-")
    for step in raw["steps"]:
        renamed = rename_step(renamed, "new-" + step["name"], step["name"])
    for parameter in raw["parameters"]:
        renamed = rename_parameter(renamed, "new_" + parameter["name"], parameter["name"])
    assert renamed == raw
