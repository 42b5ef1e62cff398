"""The canonical form, which the browser writes as well."""

from __future__ import annotations

import hashlib
import json
import math
import struct
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from backend.domain.design.canonical import canonical_bytes, document_hash
from backend.domain.untrusted_json import LARGEST_INTEGER, parse_untrusted_json
from tests.unit.domain.design.golden import VALID, patched, read, valid
from tests.unit.domain.design.test_untrusted_json import values

VECTORS = read("canonical.json")


@pytest.mark.parametrize("vector", VECTORS["values"], ids=lambda vector: vector["canonical"][:30])
def test_it_writes_the_golden_bytes(vector: dict[str, Any]) -> None:
    written = canonical_bytes(json.loads(vector["json"]))

    assert written.decode() == vector["canonical"]
    assert hashlib.sha256(written).hexdigest() == vector["sha256"]


@pytest.mark.parametrize("name", VALID)
def test_it_hashes_documents_as_ever(name: str) -> None:
    assert document_hash(valid(name)) == VECTORS["documents"][name]


@given(
    st.integers(0, 2**64 - 1).map(lambda bits: struct.unpack("<d", struct.pack("<Q", bits))[0]).filter(math.isfinite)
)
@example(-0.0)
@example(5e-324)
@example(1.7976931348623157e308)
@example(1e21)
@example(999999999999999900000.0)
@example(1e-6)
@example(1e-7)
def test_it_writes_numbers_as_the_reference_implementation(number: float) -> None:
    assert canonical_bytes(number) == rfc8785.dumps(number)


@given(values)
def test_it_agrees_with_the_reference_implementation(value: Any) -> None:
    try:
        expected = rfc8785.dumps(value)
    except rfc8785.IntegerDomainError:
        # It draws the line one below ours, at 2^53 - 1.
        assert str(LARGEST_INTEGER) in json.dumps(value)
    else:
        assert canonical_bytes(value) == expected


@given(values)
def test_its_form_is_a_fixed_point(value: Any) -> None:
    once = canonical_bytes(value)

    assert canonical_bytes(json.loads(once, parse_int=float)) == once


@pytest.mark.parametrize("name", VALID)
def test_a_document_survives_the_round_trip(name: str) -> None:
    again = parse_untrusted_json(canonical_bytes(valid(name)), max_bytes=1_000_000)

    assert again == valid(name)
    assert document_hash(dict(again)) == document_hash(valid(name))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "value", "same"),
    [
        ("/steps/0/id", "other", True),
        ("/parameters/0/id", "other", True),
        ("/data/0/id", "other", True),
        ("/layout", {}, True),
        ("/steps/0/title", "Other", False),
        ("/parameters/0/default", 13, False),
        ("/parameters/0/default", 12.0, True),
        ("/steps/2/properties/algorithm/parameters/2/value", {"id": "x"}, False),
        ("/steps/2/properties/algorithm/parameters/2/value", False, False),
    ],
)
def test_its_hash_is_of_the_meaning(path: str, value: Any, same: bool) -> None:
    changed = patched(valid("digits"), [{"op": "replace", "path": path, "value": value}])

    assert (document_hash(changed) == document_hash(valid("digits"))) is same


def test_its_hash_sees_ids_that_are_not_its_own() -> None:
    one, other = valid("digits"), valid("digits")
    one["steps"][2]["properties"]["algorithm"]["parameters"][2]["value"] = {"id": 1}
    other["steps"][2]["properties"]["algorithm"]["parameters"][2]["value"] = {"id": 2}

    assert document_hash(one) != document_hash(other)


@pytest.mark.parametrize("value", [math.nan, math.inf, 2**53 + 1, "\ud800", {"\ud800": 1}, {1: 2}, {1, 2}], ids=repr)
def test_it_refuses_what_has_no_canonical_form(value: Any) -> None:
    with pytest.raises(ValueError):
        canonical_bytes(value)
