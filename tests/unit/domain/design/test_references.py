"""References: told apart from values, found, and replaced exactly once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.design.document import Storage
from backend.domain.design.load import parse_document
from backend.domain.design.references import (
    UNSET,
    AnyOfReference,
    DataReference,
    Malformed,
    MetricReference,
    OutputReference,
    ParameterReference,
    StorageReference,
    as_reference,
    references_in,
    references_within,
    resolve,
)
from backend.domain.design.storages import makes_folder, storage_path, storage_path_is_good
from tests.unit.domain.design.golden import valid
from tests.unit.domain.design.test_untrusted_json import values

OUTPUT = {"$output": {"step": "a", "output": "b"}}


@pytest.mark.parametrize(
    ("written", "reference"),
    [
        ({"$parameter": "x"}, ParameterReference("x")),
        ({"$data": "x"}, DataReference("x")),
        (OUTPUT, OutputReference("a", "b")),
        ({"$storage": {"name": "x"}}, StorageReference("x")),
        (
            {"$storage": {"name": "x", "path": "p/", "with_execution_id": False, "create_dir": True}},
            StorageReference("x", "p/", False, True),
        ),
        ({"$metric": {"step": "a", "output": "b", "key": "c"}}, MetricReference("a", "b", "c")),
        ({"$any_of": [OUTPUT, OUTPUT]}, AnyOfReference((OutputReference("a", "b"), OutputReference("a", "b")))),
    ],
)
def test_it_reads(written: Any, reference: Any) -> None:
    assert as_reference(written) == reference


@pytest.mark.parametrize(
    "written",
    [
        {"$parameter": 1}, {"$parameter": "x", "y": 1}, {"y": 1, "$parameter": "x"}, {"$param": "x"}, {"$": "x"},
        {"$output": "a"}, {"$output": {"step": "a"}}, {"$output": {"step": "a", "output": 1}},
        {"$output": {"step": "a", "output": "b", "c": 1}}, {"$storage": "x"}, {"$storage": {}},
        {"$storage": {"name": "x", "create_dir": 1}}, {"$storage": {"name": "x", "path": None}},
        {"$metric": {"step": "a", "output": "b"}}, {"$any_of": []}, {"$any_of": {}}, {"$any_of": ["a"]},
        {"$any_of": [{"$data": "x"}]}, {"$literal": 1, "$parameter": "x"}, {"$literal": 1, "x": 1},
    ],
    ids=repr,
)  # fmt: skip
def test_it_tells_what_is_malformed(written: Any) -> None:
    assert isinstance(as_reference(written), Malformed)


@pytest.mark.parametrize(
    "written", [None, 1, "$parameter", "{$parameter}", [], {}, {"parameter": "x"}, {"$literal": OUTPUT}]
)
def test_it_leaves_values_alone(written: Any) -> None:
    assert as_reference(written) is None


def test_it_resolves_once_and_leaves_out_what_is_unset() -> None:
    found = {"x": {"$parameter": "y"}, "y": 1}

    def lookup(reference: Any) -> Any:
        return found.get(reference.name, UNSET)

    written = {
        "a": {"$parameter": "x"},
        "b": [{"$parameter": "none"}, {"$parameter": "y"}, None, 0, "", False],
        "c": {"$parameter": "none"},
        "d": {"$literal": {"$parameter": "y"}},
    }

    assert resolve(written, lookup) == {
        "a": {"$parameter": "y"},
        "b": [1, None, 0, "", False],
        "d": {"$parameter": "y"},
    }
    assert resolve({"$parameter": "none"}, lookup) is UNSET


@given(values)
def test_an_escaped_value_comes_through_unchanged(value: Any) -> None:
    assert resolve({"x": {"$literal": value}}, lambda reference: pytest.fail("a literal was looked up")) == {"x": value}
    assert list(references_within({"x": {"$literal": value}})) == []


@given(values)
def test_a_value_without_references_resolves_to_itself(value: Any) -> None:
    if not list(references_within(value)):
        plain = resolve(value, lambda reference: UNSET)
        assert plain == value or "$literal" in repr(value)


def test_it_finds_every_reference_of_a_step_with_its_place() -> None:
    document, _ = parse_document(valid("branches"))
    assert document is not None

    choose, _, _, last = document.steps

    assert [(place, type(found).__name__) for place, found in references_in(choose)] == [
        ("/properties/conditions/0/left/left", "ParameterReference"),
        ("/properties/conditions/0/right/left", "ParameterReference"),
        ("/properties/conditions/1/left", "ParameterReference"),
    ]
    assert [(place, type(found).__name__) for place, found in references_in(last)] == [
        ("/inputs/0/data/$any_of/0", "OutputReference"),
        ("/inputs/0/data/$any_of/1", "OutputReference"),
        ("/inputs/0/data", "AnyOfReference"),
        ("/policy/skip_conditions/0/left", "ParameterReference"),
    ]


@pytest.mark.parametrize(
    ("storage", "reference", "path", "folder"),
    [
        ({}, StorageReference("s", "directory_path"), "/root/directory_path", False),
        (
            {"create_dir": True, "with_execution_id": True},
            StorageReference("s", "directory_path"),
            "/root/r1/directory_path",
            True,
        ),
        ({"with_execution_id": True}, StorageReference("s", "/train_output/"), "/root/r1/train_output/", False),
        ({"create_dir": True}, StorageReference("s", "a"), "/root/a", True),
        (
            {"create_dir": True, "with_execution_id": True},
            StorageReference("s", "a/m.json", create_dir=False),
            "/root/r1/a/m.json",
            False,
        ),
        ({"with_execution_id": True}, StorageReference("s", "a", with_execution_id=False), "/root/a", False),
        ({}, StorageReference("s", "", with_execution_id=True, create_dir=True), "/root/r1/", True),
    ],
)
def test_a_storage_joins_root_run_and_path(storage: Any, reference: StorageReference, path: str, folder: bool) -> None:
    made = Storage.model_validate({"name": "s", **storage})

    assert storage_path("/root/", reference, made, "r1") == path
    assert storage_path("/root", reference, made, "r1") == path
    assert makes_folder(reference, made) is folder


@given(st.text(alphabet="ab./\\\x00", max_size=12))
def test_no_good_path_leaves_its_storage(path: str) -> None:
    parts = path.split("/")

    if storage_path_is_good(path):
        assert ".." not in parts
        assert "." not in parts
        assert "\\" not in path
