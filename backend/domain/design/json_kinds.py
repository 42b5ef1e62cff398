"""The kinds of JSON value, and equality between values as JSON means it: true is not 1, but 1 is 1.0."""

from __future__ import annotations

from typing import Any, Literal

Kind = Literal["null", "truth", "number", "text", "list", "object"]

KIND_NAMES: dict[Kind, str] = {
    "null": "null",
    "truth": "true or false",
    "number": "a number",
    "text": "a text",
    "list": "a list",
    "object": "an object",
}


def kind_of_value(value: Any) -> Kind:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "truth"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "text"
    return "object" if isinstance(value, dict) else "list"


def json_equal(left: Any, right: Any) -> bool:
    kind = kind_of_value(left)
    if kind != kind_of_value(right):
        return False
    if kind == "list":
        return len(left) == len(right) and all(json_equal(a, b) for a, b in zip(left, right, strict=True))
    if kind == "object":
        return left.keys() == right.keys() and all(json_equal(left[key], right[key]) for key in left)
    return bool(left == right)
