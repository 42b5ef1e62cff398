"""Whether the values of a placeholder can stand at a place, by the JSON Schema of the place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from backend.domain.design.document import Parameter
from backend.domain.design.json_kinds import json_equal
from backend.domain.design.schema import Schema
from backend.domain.design.value_types import ELEMENT_TYPES

_JSON_TYPES: Final[Mapping[str, tuple[str, ...]]] = {
    "INT": ("integer", "number"),
    "FLOAT": ("number",),
    "STR": ("string",),
    "BOOL": ("boolean",),
    "JSON": ("object", "array"),
}
_WORDS: Final[Mapping[str, str]] = {
    "integer": "a whole number",
    "number": "a number",
    "string": "a text",
    "boolean": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
}
_LISTS: Final[Mapping[str, str]] = {"string": "a list of texts", "integer": "a list of whole numbers"}
_FORMAT_FAMILIES: Final[Mapping[str, str]] = {
    "obs": "obs",
    "flavor": "flavor",
    "train_flavor": "flavor",
    "swr": "swr",
}


def fits(parameter: Parameter, places: Sequence[Schema]) -> bool:
    """Whether every value of the placeholder has a type that one of the alternatives takes."""
    if parameter.type == "ENUM":
        return all(any(_choice_fits(choice, place) for place in places) for choice in parameter.enum)
    return any(_type_fits(parameter, place) for place in places)


def format_fits(parameter: Parameter, places: Sequence[Schema]) -> bool:
    """A placeholder for an image is no path. One without a format, and a place without one, go with anything."""
    mine = _FORMAT_FAMILIES.get(parameter.format or "")
    theirs = {_FORMAT_FAMILIES.get(str(place["x-format"])) for place in places if "x-format" in place}
    return mine is None or not theirs or mine in theirs


def expected_at(places: Sequence[Schema]) -> str:
    """What may stand at a place, in words."""
    words: list[str] = []
    for place in places:
        if "const" in place:
            words.append(str(place["const"]))
        elif "enum" in place:
            words.extend(str(choice) for choice in place["enum"])
        elif place.get("type") == "array" and isinstance(place.get("items"), Mapping):
            words.append(_LISTS.get(str(place["items"].get("type")), "a list"))
        elif place.get("type") != "null":
            words.append(_WORDS.get(str(place.get("type")), "any value"))
    return " or ".join(dict.fromkeys(words)) or "nothing"


def type_words(parameter: Parameter) -> str:
    return f"{parameter.type} of {parameter.format}" if parameter.type == "LIST" else parameter.type


def _type_fits(parameter: Parameter, place: Schema) -> bool:
    type_ = place.get("type")
    if type_ is None and "enum" not in place and "const" not in place:
        return True
    if parameter.type == "LIST":
        return type_ == "array" and _elements_fit(parameter.format, place.get("items"))
    return type_ in _JSON_TYPES[parameter.type]


def _elements_fit(format_: str | None, items: object) -> bool:
    element = ELEMENT_TYPES.get(format_ or "")
    if element is None or not isinstance(items, Mapping):
        return True
    type_ = items.get("type")
    return type_ is None or type_ in _JSON_TYPES[element]


def _choice_fits(choice: object, place: Schema) -> bool:
    if "const" in place:
        return json_equal(choice, place["const"])
    if "enum" in place:
        return any(json_equal(choice, allowed) for allowed in place["enum"])
    type_ = place.get("type")
    if isinstance(choice, bool):
        return type_ in (None, "boolean")
    if isinstance(choice, int):
        return type_ in (None, "integer", "number")
    if isinstance(choice, float):
        return type_ in (None, "number")
    return type_ in (None, "string")
