"""JSON that nobody vouches for."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.untrusted_json import LARGEST_INTEGER, UntrustedJson, ill_formed, parse_untrusted_json

REPOSITORY = Path(__file__).parents[4]


def parse(data: bytes, **options: Any) -> Any:
    return parse_untrusted_json(data, **{"max_bytes": 1_000_000, **options})


def refusal(data: bytes, **options: Any) -> tuple[str, str]:
    with pytest.raises(UntrustedJson) as refused:
        parse(data, **options)
    return refused.value.problem.code, refused.value.problem.path


numbers = st.integers(-LARGEST_INTEGER, LARGEST_INTEGER) | st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"))
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(texts, inner, max_size=5),
    max_leaves=30,
)


@given(values, st.booleans())
def test_it_reads_what_python_writes(value: Any, ascii_only: bool) -> None:
    assert parse(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@pytest.mark.parametrize(
    ("data", "code", "path"),
    [
        (b'[1,{"a":NaN}]', "json.not_finite", "/1/a"),
        (b"[-Infinity]", "json.not_finite", "/0"),
        (b"[1e999]", "json.not_finite", "/0"),
        (b'{"a/b":{"c":1,"c":2}}', "json.duplicate_key", "/a~1b/c"),
        (b"[9007199254740993]", "json.number_too_large", "/0"),
        (b"[-9007199254740993]", "json.number_too_large", "/0"),
        (b"[" + b"9" * 5000 + b"]", "json.number_too_large", "/0"),
        (b"-" + b"9" * 500_000, "json.number_too_large", ""),
        (rb'["\ud800"]', "json.bad_text", "/0"),
        (rb'{"\udfff":1}', "json.bad_text", ""),
        (rb'["\u0000"]', "json.bad_text", "/0"),
        (b"[1] 2", "json.trailing", ""),
        (b"", "json.torn", ""),
        (b"[1,]", "json.syntax", ""),
        (b"['a']", "json.syntax", ""),
        (b'["a\nb"]', "json.syntax", ""),
        (b"\xef\xbb\xbf[]", "json.encoding", ""),
        ("[1]".encode("utf-16"), "json.encoding", ""),
        ("[1]".encode("utf-16-le"), "json.encoding", ""),
        (b'["\xed\xa0\x80"]', "json.encoding", ""),
        (b"[" * 100_000, "json.too_deep", ""),
        (b'{"a":' * 100_000, "json.too_deep", ""),
        (b"[" + b"0," * 300_000 + b"0]", "json.too_many_items", ""),
        (b" " * 1_000_001, "json.too_large", ""),
    ],
    ids=lambda given: repr(given[:24]) if isinstance(given, bytes) else None,
)
def test_it_refuses(data: bytes, code: str, path: str) -> None:
    assert refusal(data) == (code, path)


def test_it_reads_numbers_that_are_not_finite_as_null_on_request() -> None:
    assert parse(b"[NaN,Infinity,-Infinity,1e999,1]", nonfinite="null") == [None, None, None, None, 1]


def test_it_keeps_the_largest_integers_and_tells_values_apart() -> None:
    assert parse(b"[9007199254740992,-9007199254740992]") == [LARGEST_INTEGER, -LARGEST_INTEGER]
    assert [type(entry) for entry in parse(b'[0,0.0,false,null,"",1e3]')] == [int, float, bool, type(None), str, float]


def test_it_counts_depth_exactly_and_not_inside_texts() -> None:
    assert parse(b"[" * 64 + b"]" * 64) is not None
    assert refusal(b"[" * 65 + b"]" * 65) == ("json.too_deep", "")
    assert parse(json.dumps(["[" * 1000, '\\"[' * 1000]).encode()) is not None
    assert parse(rb'["\ud83d\ude00"]') == ["😀"]


@pytest.mark.parametrize("name", ["tests/golden/documents/valid/branches.json"])
def test_it_refuses_a_file_torn_at_any_byte(name: str) -> None:
    whole = (REPOSITORY / name).read_bytes().rstrip()

    for length in range(len(whole)):
        code, _ = refusal(whole[:length])
        assert code in ("json.torn", "json.syntax", "json.encoding")


def test_an_unfinished_text_costs_no_more_than_its_length() -> None:
    # Each escaped quote could begin another text; a scan that tried all of them would be quadratic.
    assert refusal(b'["' + b'\\"' * 400_000)[0] == "json.torn"


@given(st.binary(max_size=200) | st.text(alphabet='[]{}",:\\u0dNaIn1e-.9 tf', max_size=60).map(str.encode))
def test_it_parses_or_refuses_whatever_comes(data: bytes) -> None:
    try:
        value = parse(data)
    except UntrustedJson as refused:
        code = refused.problem.code
    else:
        code = "json."
        assert list(ill_formed(value, large_floats=True)) == []

    assert code.startswith("json.")


@pytest.mark.parametrize(
    ("value", "code", "path"),
    [
        ({"a": [math.nan]}, "json.not_finite", "/a/0"),
        ([2**53 + 1], "json.number_too_large", "/0"),
        pytest.param(10**5000, "json.number_too_large", "", id="5,001 digits"),
        ([1e20], "json.number_too_large", "/0"),
        ({"a": {1: 2}}, "json.bad_key", "/a"),
        ({"a": {"\ud800": 2}}, "json.bad_text", "/a"),
        (["a\x00"], "json.bad_text", "/0"),
        ({"a": {1, 2}}, "json.not_json", "/a"),
        ((1, 2), "json.not_json", ""),
    ],
)
def test_it_finds_what_cannot_be_stored(value: Any, code: str, path: str) -> None:
    assert [(found.code, found.path) for found in ill_formed(value)] == [(code, path)]


def test_it_finds_depth_without_recursion() -> None:
    value: Any = []
    for _ in range(100_000):
        value = [value]

    found = list(ill_formed(value))

    assert [problem.code for problem in found] == ["json.too_deep"]
    assert found[0].path == "/0" * 64


def test_it_loads_without_site_packages() -> None:
    program = "import backend.domain.untrusted_json, sys; print(any('site-packages' in path for path in sys.path))"

    done = subprocess.run([sys.executable, "-S", "-c", program], cwd=REPOSITORY, capture_output=True, text=True)

    assert (done.returncode, done.stdout.strip()) == (0, "False"), done.stderr
