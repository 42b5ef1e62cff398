"""YAML as plain data: what is read, and in which words the rest is refused."""

from __future__ import annotations

from typing import Any

import pytest

from backend.domain.interop.yaml_text import parse_untrusted_yaml
from backend.domain.untrusted_json import UntrustedJson

READ = {
    "a: 2024-01-01": {"a": "2024-01-01"},
    "{a: [1, 2.5, yes, null, x]}": {"a": [1, 2.5, True, None, "x"]},
    "a: 1\n---\nb: 2": {"a": 1, "documents": [{"b": 2}]},
    "1: x": {"1": "x"},
    "": None,
}
REFUSED = {
    "a: &here [1]\nb: *here": "anchors and aliases are not read, as in line 1",
    "a: 1\nb: 2\na: 3": "keys stand twice in what begins in line 1: “a”",
    "x: 1\na: !!binary aGk=": "line 2 holds a value with the tag “binary”, which JSON has no form for",
    "a: !!set {b}": "line 1 holds a value with the tag “set”, which JSON has no form for",
    "a: !mine 3": "line 1 holds a value with the tag “!mine”, which JSON has no form for",
    "!!python/object/apply:os.system [ls]": "line 1 holds a value with the tag “python/object/apply:os.system”, "
    "which JSON has no form for",
    "a: [": "expected the node content, but found '<stream end>' in line 1, column 5",
    "[" * 50: "it is too deep, or holds too much",
    "---\n" * 20: "it is too deep, or holds too much",
}


@pytest.mark.parametrize(("text", "value"), READ.items())
def test_it_reads_what_json_could_say(text: str, value: Any) -> None:
    assert parse_untrusted_yaml(text.encode(), max_depth=20, max_items=1000) == value


@pytest.mark.parametrize("text", REFUSED)
def test_it_refuses_the_rest_in_words(text: str) -> None:
    with pytest.raises(UntrustedJson) as refused:
        parse_untrusted_yaml(text.encode(), max_depth=20, max_items=1000)

    assert refused.value.problem.code == "yaml.unreadable"
    assert refused.value.problem.params["reason"] == REFUSED[text]


def test_what_json_has_no_word_for_is_refused_as_in_json() -> None:
    with pytest.raises(UntrustedJson) as refused:
        parse_untrusted_yaml(b"a: .nan", max_depth=20, max_items=1000)

    assert refused.value.problem.code == "json.not_finite"
