"""Reading metrics.json: the five types, and everything that can be wrong with what a program writes."""

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.metrics import MAX_BYTES, MAX_ITEMS, TYPES, Parsed, floats, parse_metrics
from tests.unit.domain.metrics.samples import ALL_FIVE, BARS, FLOAT, LINE, ROW, TABLE, files

ROOT = Path(__file__).parents[4]


def parse(value: object) -> Parsed:
    return parse_metrics(json.dumps(value).encode())


def changed(item: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    changed = copy.deepcopy(item)
    place: Any = changed
    *way, last = [int(part) if part.isdigit() else part for part in path.split("/")]
    for part in way:
        place = place[part]
    place[last] = value
    return changed


def test_it_keeps_the_five_types_as_they_are_written() -> None:
    parsed = parse(ALL_FIVE)
    assert (list(parsed.items), parsed.problems, parsed.valid) == (ALL_FIVE, (), True)
    assert {item["type"] for item in ALL_FIVE} == set(TYPES)


@given(files())
def test_it_leaves_the_stable_form_alone(written: list[dict[str, Any]]) -> None:
    assert parse(written) == Parsed(tuple(written), ())


@pytest.mark.parametrize(
    ("item", "code", "path"),
    [
        ("text", "metrics.field_type", "/0"),
        ({}, "metrics.field_missing", "/0"),
        (changed(FLOAT, "key", 7), "metrics.field_type", "/0/key"),
        (changed(FLOAT, "key", "k" * 1001), "metrics.text_too_long", "/0/key"),
        (changed(FLOAT, "title", None), "metrics.field_type", "/0/title"),
        (changed(FLOAT, "type", "linechart"), "metrics.unknown_type", "/0/type"),
        (changed(FLOAT, "data", [1]), "metrics.field_type", "/0/data"),
        (changed(FLOAT, "data", {}), "metrics.field_missing", "/0/data"),
        (changed(FLOAT, "data/value", "0.9"), "metrics.not_a_number", "/0/data/value"),
        (changed(FLOAT, "data/value", True), "metrics.not_a_number", "/0/data/value"),
        (changed(LINE, "data/y_axis", []), "metrics.axis_count", "/0/data/x_axis"),
        (changed(LINE, "data/x_axis", []), "metrics.axis_count", "/0/data/x_axis"),
        (changed(LINE, "data/x_axis/0", [1, 2]), "metrics.field_type", "/0/data/x_axis/0"),
        (changed(LINE, "data/x_axis/0/value/1", {}), "metrics.field_type", "/0/data/x_axis/0/value/1"),
        (changed(LINE, "data/y_axis/0/value/1", "x"), "metrics.not_a_number", "/0/data/y_axis/0/value/1"),
        (changed(LINE, "data/y_axis/0/value", [1]), "metrics.length_mismatch", "/0/data/y_axis/0/value"),
        (changed(LINE, "data/y_axis", LINE["data"]["y_axis"] * 101), "metrics.too_many_values", "/0/data/y_axis"),
        (changed(BARS, "data/y_axis/0/value", [1, 2, 3]), "metrics.length_mismatch", "/0/data/y_axis/0/value"),
        (changed(TABLE, "data/cell_value", [[1, 2]]), "metrics.cells_shape", "/0/data/cell_value"),
        (changed(TABLE, "data/cell_value/1", [1]), "metrics.cells_shape", "/0/data/cell_value/1"),
        (changed(TABLE, "data/cell_value/1", 1), "metrics.field_type", "/0/data/cell_value/1"),
        (changed(TABLE, "data/cell_value/1/0", "x"), "metrics.not_a_number", "/0/data/cell_value/1/0"),
        (changed(TABLE, "data/row_labels", ["a", "b"]), "metrics.field_type", "/0/data/row_labels"),
        (changed(ROW, "data/cell_value/0", [1, 2]), "metrics.cells_shape", "/0/data/cell_value/0"),
        (changed(ROW, "data/cell_value/0/1", []), "metrics.field_type", "/0/data/cell_value/0/1"),
        (changed(ROW, "data/labels", "samples"), "metrics.field_type", "/0/data/labels"),
    ],
)
def test_it_says_where_an_item_is_wrong_and_keeps_the_others(item: object, code: str, path: str) -> None:
    good = {**FLOAT, "key": "good"}
    parsed = parse([item, good])
    assert [(found.code, found.path) for found in parsed.problems] == [(code, path)]
    assert parsed.items == (good,)
    assert parsed.problems[0].hint


def test_it_names_the_item_that_holds_a_key_already() -> None:
    parsed = parse([FLOAT, changed(FLOAT, "data/value", 0.1)])
    assert parsed.items == (FLOAT,)
    assert [(found.code, found.path, found.params) for found in parsed.problems] == [
        ("metrics.duplicate_key", "/1/key", {"key": "accuracy", "first": 0})
    ]


def test_it_limits_the_number_of_bars_and_metrics() -> None:
    wide = changed(changed(BARS, "data/x_axis/0/value", [1] * 2001), "data/y_axis/0/value", [1] * 2001)
    many = [{**FLOAT, "key": str(index)} for index in range(MAX_ITEMS + 1)]
    assert [found.code for found in parse([wide]).problems] == ["metrics.too_many_values"]
    parsed = parse(many)
    assert len(parsed.items) == MAX_ITEMS
    assert [found.params["count"] for found in parsed.problems] == [MAX_ITEMS + 1]


@pytest.mark.parametrize("text", [b"[NaN]", b"[Infinity]", b"[-Infinity]", b"[1e999]", b"[-1e999]"])
def test_it_reads_what_is_not_finite_as_missing(text: bytes) -> None:
    written = json.dumps([FLOAT]).encode().replace(b"0.9", text.strip(b"[]"))
    parsed = parse_metrics(written)
    assert [item["data"]["value"] for item in parsed.items] == [None]
    assert floats(parsed.items) == {}
    json.dumps(parsed.items, allow_nan=False)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "json.torn"),
        (b"[{", "json.torn"),
        (b"[1, x]", "json.syntax"),
        (b"{}", "metrics.not_a_list"),
        (b"[] []", "json.trailing"),
        (b"[" * 100_000, "json.too_deep"),
        (b"\xef\xbb\xbf[]", "json.encoding"),
        ("[]".encode("utf-16"), "json.encoding"),
        (b'[{"key": "\xff"}]', "json.encoding"),
        (b'[{"key": "a", "key": "b"}]', "json.duplicate_key"),
        (b'["\\ud800"]', "json.bad_text"),
        (b'["\\u0000"]', "json.bad_text"),
        (b"[" + b"9" * 5000 + b"]", "json.number_too_large"),
        (b" " * (MAX_BYTES + 1), "json.too_large"),
    ],
)
def test_it_refuses_a_file_that_cannot_be_read_as_a_whole(data: bytes, code: str) -> None:
    parsed = parse_metrics(data)
    assert (parsed.valid, parsed.items) == (False, ())
    assert [found.code for found in parsed.problems] == [code]


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_it_never_raises_whatever_the_bytes(data: bytes) -> None:
    parsed = parse_metrics(data)
    assert parsed.valid or parsed.problems


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(ALL_FIVE), st.data())
def test_it_never_raises_when_any_part_of_a_good_item_is_replaced(item: dict[str, Any], data: st.DataObject) -> None:
    paths = data.draw(st.sampled_from(list(_paths(item))))
    parsed = parse([changed(item, paths, data.draw(json_values)), {**FLOAT, "key": "good"}])
    assert {**FLOAT, "key": "good"} in parsed.items or parsed.problems
    json.dumps(parsed.items, allow_nan=False)
    assert parse(list(parsed.items)).items == parsed.items, "the stable form is read as itself"


def _paths(value: Any, prefix: str = "") -> list[str]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = []
    for key, part in entries:
        found += [f"{prefix}{key}", *_paths(part, f"{prefix}{key}/")]
    return found


def test_it_reads_a_torn_file_at_every_byte_as_torn_or_whole() -> None:
    """M01: a program that writes without renaming leaves every prefix of the file to be read."""
    whole = json.dumps(ALL_FIVE).encode()
    for length in range(len(whole)):
        parsed = parse_metrics(whole[:length])
        assert (parsed.valid, parsed.items) == (False, ()), length
    assert parse_metrics(whole).items == tuple(ALL_FIVE)


def test_it_reads_a_full_sized_file_of_50_000_keys() -> None:
    keys = ",".join(f'"k{index}":{index}' for index in range(50_000))
    parsed = parse_metrics(f'[{{"key":"a","type":"float","data":{{"value":1,{keys}}}}}]'.encode())
    assert floats(parsed.items) == {"a": 1}


def test_it_fills_in_a_missing_title_and_names_positions() -> None:
    bars = {"x_axis": [{"value": ["a", 1, True]}], "y_axis": [{"value": [1, 2, None]}]}
    parsed = parse([{"key": "k", "type": "histogram", "data": bars}])
    assert parsed.items[0] == {
        "key": "k",
        "title": "k",
        "type": "histogram",
        "data": {
            "x_axis": [{"title": "", "value": ["a", "1", "True"]}],
            "y_axis": [{"title": "", "value": [1, 2, None]}],
        },
    }


def test_it_offers_single_numbers_to_conditions() -> None:
    assert floats([FLOAT, LINE, {**FLOAT, "key": "x", "data": {"value": None}}]) == {"accuracy": 0.9}


def test_it_loads_with_the_standard_library_alone() -> None:
    """The launcher imports it before any dependency is on its path."""
    program = "import sys; sys.path.insert(0, sys.argv[1]); from backend.domain.metrics import parse_metrics; "
    program += "print(parse_metrics(b'[]').valid)"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", program, str(ROOT)], capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("True\n", 0), done.stderr
