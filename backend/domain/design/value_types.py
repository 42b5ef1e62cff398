"""Whether a value fits a placeholder. Nothing is converted: true is no number, "True" is a text and 1.0 is no INT."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from backend.domain.design.document import Parameter
from backend.domain.design.json_kinds import json_equal
from backend.domain.design.versions.migrate import type_name
from backend.domain.problems import Problem, problem

ELEMENT_TYPES: Final = {"str": "STR", "int": "INT", "float": "FLOAT", "bool": "BOOL"}
FORMATS_OF_TYPE: Final[dict[str, tuple[str, ...]]] = {
    "STR": ("obs", "flavor", "train_flavor", "swr", "pacific"),
    "JSON": ("flavor", "train_flavor", "pacific"),
    "LIST": tuple(ELEMENT_TYPES),
}

_EXPECTED: Final = {
    "INT": "a whole number",
    "FLOAT": "a number",
    "BOOL": "true or false",
    "STR": "a text",
    "JSON": "an object or a list",
    "LIST": "a list",
}
_IMAGE = re.compile(r"[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)+(:[A-Za-z0-9._-]{1,128})?")
LONGEST_PATH = 1024


def value_problems(parameter: Parameter, value: Any, path: str) -> Iterator[Problem]:
    """What is wrong with a value for a placeholder; `path` points at the value."""
    if parameter.type == "ENUM":
        if not any(json_equal(value, choice) for choice in parameter.enum):
            choices = ", ".join(str(choice) for choice in parameter.enum[:50])
            yield problem("value.not_a_choice", path, name=parameter.name, found=str(value), choices=choices)
        return
    if not has_type(parameter.type, value):
        yield _wrong_type(parameter, parameter.type, value, path)
        return
    if parameter.type == "LIST":
        element = ELEMENT_TYPES.get(parameter.format or "")
        for index, entry in enumerate(value):
            if element and not has_type(element, entry):
                yield _wrong_type(parameter, element, entry, f"{path}/{index}")
    yield from _format_problems(parameter, value, path)
    yield from _range_problems(parameter, value, path)


def has_type(type_: str, value: Any) -> bool:
    if type_ == "INT":
        return isinstance(value, int) and not isinstance(value, bool)
    if type_ == "FLOAT":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if type_ == "BOOL":
        return isinstance(value, bool)
    if type_ == "STR":
        return isinstance(value, str)
    if type_ == "JSON":
        return isinstance(value, (dict, list))
    return isinstance(value, list)


def path_problems(value: str, path: str, object_type: str | None = None) -> Iterator[Problem]:
    """`/bucket/…`; with an object type also whether it ends like a folder or like a file."""
    parts = value.split("/")
    inner = parts[1:-1] if parts[-1] == "" else parts[1:]
    absolute = value.startswith("/") and inner and len(value) <= LONGEST_PATH
    if not absolute or "\\" in value or any(part in ("", ".", "..") for part in inner):
        yield problem("value.bad_path", path, found=value)
    elif object_type == "directory" and not value.endswith("/"):
        yield problem("value.not_a_directory", path, found=value)
    elif object_type == "file" and value.endswith("/"):
        yield problem("value.not_a_file", path, found=value)


def _wrong_type(parameter: Parameter, type_: str, value: Any, path: str) -> Problem:
    found = "a number with a decimal point" if type_ == "INT" and isinstance(value, float) else type_name(value)
    return problem("value.wrong_type", path, name=parameter.name, expected=_EXPECTED[type_], found=found)


def _format_problems(parameter: Parameter, value: Any, path: str) -> Iterator[Problem]:
    check = _FORMATS.get(parameter.format or "")
    if check is not None and parameter.format in FORMATS_OF_TYPE.get(parameter.type, ()):
        yield from check(parameter.name, value, path)


def _obs(name: str, value: Any, path: str) -> Iterator[Problem]:
    yield from path_problems(value, path)


def _image(name: str, value: Any, path: str) -> Iterator[Problem]:
    if not _IMAGE.fullmatch(value):
        yield problem("value.bad_image", path, found=value)


def _flavor(name: str, value: Any, path: str) -> Iterator[Problem]:
    chosen = value.get("flavor_id") if isinstance(value, dict) else value
    if not isinstance(chosen, str) or not chosen:
        yield problem("value.bad_flavor", path, name=name)


_FORMATS: Final[dict[str, Callable[[str, Any, str], Iterator[Problem]]]] = {
    "obs": _obs,
    "swr": _image,
    "flavor": _flavor,
    "train_flavor": _flavor,
}


def _range_problems(parameter: Parameter, value: Any, path: str) -> Iterator[Problem]:
    if parameter.type not in ("INT", "FLOAT"):
        return
    for key, word, sign in (("minimum", "at least", 1), ("maximum", "at most", -1)):
        limit = parameter.constraint.get(key)
        if isinstance(limit, (int, float)) and not isinstance(limit, bool) and value * sign < limit * sign:
            rule = f"{word} {limit:g}"
            yield problem("value.out_of_range", path, name=parameter.name, found=str(value), rule=rule)
