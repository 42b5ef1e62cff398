"""Drafts keep whatever has the shape of a document, however unfinished."""

from __future__ import annotations

from typing import Any

import pytest

from backend.domain.design.catalogue import Catalogue
from backend.domain.design.check import check, well_formed
from tests.unit.domain.design.golden import patched, valid


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/steps/2/properties", {"anything": [{"$parameter": "gone"}]}),
        ("/steps/2/depends_on", ["gone"]),
        ("/steps/2/name", "not a name yet"),
        ("/steps/2/name", "train two"),
        ("/steps/2/kind", "a kind of the future"),
        ("/steps/2/inputs/0/data", None),
        ("/steps/2/inputs/0/data", {"$output": "half written"}),
        ("/steps/2/outputs/0/config", {}),
        ("/parameters/0/default", "twelve"),
        ("/name", ""),
        ("/steps/0/depends_on", ["register"]),
    ],
)
def test_it_keeps_an_unfinished_document(path: str, value: Any) -> None:
    document = patched(valid("digits"), [{"op": "replace", "path": path, "value": value}])

    assert well_formed(document) == []
    assert check(document) != []


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        ("", [], ("document.not_an_object", "")),
        ("/schema", 7, ("document.newer_schema", "/schema")),
        ("/steps", {}, ("document.wrong_type", "/steps")),
        ("/steps/2", "train", ("document.wrong_type", "/steps/2")),
        ("/steps/2/depends_on", "release", ("document.wrong_type", "/steps/2/depends_on")),
        ("/steps/2/id", "s1", ("document.duplicate_id", "/steps/2/id")),
        ("/layout/nodes/s1/x", "left", ("document.wrong_type", "/layout/nodes/s1/x")),
        ("/steps/2/properties/x", float("nan"), ("json.not_finite", "/steps/2/properties/x")),
        ("/steps/2/properties/x", "\x00", ("json.bad_text", "/steps/2/properties/x")),
        ("/steps/2/properties/x", 2**53 + 1, ("json.number_too_large", "/steps/2/properties/x")),
        ("/stepz", [], ("document.unexpected", "/stepz")),
    ],
)
def test_it_does_not_keep_what_is_no_document(path: str, value: Any, problem: tuple[str, str]) -> None:
    document = patched(valid("digits"), [{"op": "add" if path else "replace", "path": path, "value": value}])
    if path.startswith("/steps/2") and isinstance(valid("digits")["steps"], list) and path == "/steps/2":
        document = patched(valid("digits"), [{"op": "replace", "path": path, "value": value}])

    assert [(told.code, told.path) for told in well_formed(document)] == [problem]


def test_it_warns_of_what_this_server_has_not() -> None:
    catalogue = Catalogue(engines=frozenset({("digits", "2")}), flavors=frozenset({"cpu-1"}))
    flavor = {"op": "replace", "path": "/steps/2/properties/spec/resource/flavor", "value": {"flavor_id": "gpu-8"}}

    told = check(patched(valid("digits"), [flavor]), catalogue=catalogue)

    assert [(problem.code, problem.severity) for problem in told] == [
        ("document.unknown_engine", "warning"),
        ("document.unknown_flavor", "warning"),
    ]
    assert "digits 2" in told[0].hint
    assert check(valid("branches"), catalogue=catalogue) == []
