"""Reads JSON that nobody vouches for: bounded in size, depth and entries, and only values that survive storage.

Python's own reader accepts NaN, duplicate keys, lone surrogates and numbers of any length, and recurses as deep as the
text says. Each of them is refused here before it can cost anything, with a pointer to the place where there is one.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any, Dict, List, Literal, NamedTuple, Tuple, Union  # noqa: UP035 - evaluated, also by old Pythons

from backend.domain.problems import Problem, pointer, problem

JsonValue = Union[None, bool, int, float, str, List["JsonValue"], Dict[str, "JsonValue"]]  # noqa: UP006, UP007

LARGEST_INTEGER = 2**53
MAX_DEPTH = 64
MAX_ITEMS = 200_000
_DIGITS = len(str(LARGEST_INTEGER))

# A string (ended or not: an optional end quote keeps an unfinished one linear), or one structural character.
_STRUCTURE = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[\]{},]', re.DOTALL)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_SUSPICIOUS_ESCAPE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")

Path = Tuple[Union[str, int], ...]  # noqa: UP006, UP007


class UntrustedJson(ValueError):  # noqa: N818 - the name says what it is about, the problem says what is wrong
    """The text was refused; `problem` says why."""

    def __init__(self, refusal: Problem) -> None:
        super().__init__(refusal.message)
        self.problem = refusal


class _Refused(NamedTuple):
    """Stands in the parsed value where something was refused, so that the place can be told afterwards."""

    code: str
    params: Dict[str, Any]  # noqa: UP006


def parse_untrusted_json(
    data: bytes,
    *,
    max_bytes: int,
    max_depth: int = MAX_DEPTH,
    max_items: int = MAX_ITEMS,
    nonfinite: Literal["refuse", "null"] = "refuse",
) -> JsonValue:
    """The value of the text, or `UntrustedJson`. With nonfinite="null", NaN and infinities are read as null."""
    if len(data) > max_bytes:
        raise UntrustedJson(problem("json.too_large", size=len(data), limit=max_bytes))
    text = _decoded(data)
    _measure(data, max_depth, max_items)
    hooks = _Hooks(nonfinite)
    value: JsonValue = _loaded(text, hooks)
    if hooks.refused or _SUSPICIOUS_ESCAPE.search(text):
        for found in ill_formed(value, max_depth=max_depth, max_items=max_items, large_floats=True):
            raise UntrustedJson(found)
    return value


def ill_formed(
    value: object, *, max_depth: int = MAX_DEPTH, max_items: int = MAX_ITEMS, large_floats: bool = False
) -> Iterator[Problem]:
    """What in a Python value cannot be stored and read back as the same JSON, level by level.

    A float that is a whole number beyond ±2^53 is told too, unless `large_floats`: its canonical text (and what a
    database gives back) is an integer that is out of range.
    """
    stack: list[tuple[Path, Any]] = [((), [value])]
    seen = 0
    while stack:
        path, part = stack.pop()
        members = part.items() if isinstance(part, dict) else enumerate(part)
        if isinstance(part, dict) and not _has_good_keys(part):
            yield from _bad_keys(path, part)
        seen += len(part)
        if seen > max_items:
            yield problem("json.too_many_items", limit=max_items)
            return
        inner: list[tuple[Path, Any]] = []
        for key, member in members:
            if isinstance(member, (dict, list)):
                if not isinstance(key, (str, int)):
                    continue
                if len(path) >= max_depth:
                    yield problem("json.too_deep", pointer(*path[1:], key), limit=max_depth)
                else:
                    inner.append(((*path, key), member))
            elif type(member) is str and not _UNSTORABLE.search(member):
                continue
            elif refused := _refused_scalar(member, large_floats):
                yield problem(refused.code, pointer(*(*path, str(key))[1:]), **refused.params)
        stack.extend(reversed(inner))


def _has_good_keys(part: dict[Any, Any]) -> bool:
    """All at once: nearly every object passes, and there are hundreds of thousands of them."""
    try:
        return not _UNSTORABLE.search("".join(part))
    except TypeError:
        return False


def _bad_keys(path: Path, part: dict[Any, Any]) -> Iterator[Problem]:
    for key in part:
        if not isinstance(key, str):
            yield problem("json.bad_key", pointer(*path[1:]), found=type(key).__name__)
        elif (bad := _bad_character(key)) is not None:
            yield problem("json.bad_text", pointer(*path[1:]), found=bad)


def _refused_scalar(part: object, large_floats: bool) -> _Refused | None:
    if isinstance(part, _Refused):
        return part
    if part is None or part is True or part is False:
        return None
    if isinstance(part, str):
        bad = _bad_character(part)
        return None if bad is None else _Refused("json.bad_text", {"found": bad})
    if isinstance(part, int):
        return None if abs(part) <= LARGEST_INTEGER else _too_large(part)
    if isinstance(part, float):
        if not math.isfinite(part):
            return _Refused("json.not_finite", {"found": repr(part)})
        if not large_floats and abs(part) > LARGEST_INTEGER:
            return _Refused("json.number_too_large", {"found": repr(part)})
        return None
    return _Refused("json.not_json", {"found": type(part).__name__})


def _too_large(number: int) -> _Refused:
    # Writing a long integer out is quadratic, and refused by Python beyond some thousand digits.
    found = str(number) if number.bit_length() < 128 else f"of {number.bit_length()} bits"
    return _Refused("json.number_too_large", {"found": found})


def _bad_character(text: str) -> str | None:
    found = _UNSTORABLE.search(text)
    return f"U+{ord(found.group()):04X}" if found else None


def _decoded(data: bytes) -> str:
    if data.startswith(b"\xef\xbb\xbf"):
        raise UntrustedJson(problem("json.encoding", position=0))
    nul = data.find(b"\x00")
    if nul >= 0:
        raise UntrustedJson(problem("json.encoding", position=nul))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UntrustedJson(problem("json.encoding", position=error.start)) from None


def _measure(data: bytes, max_depth: int, max_items: int) -> None:
    """Depth and number of entries, counted without building anything: the reader recurses, this does not."""
    depth = items = 0
    for found in _STRUCTURE.finditer(data):
        token = data[found.start()]
        if token in b"[{":
            depth += 1
            items += 1
            if depth > max_depth:
                raise UntrustedJson(problem("json.too_deep", limit=max_depth))
        elif token in b"]}":
            depth -= 1
        elif token == ord(","):
            items += 1
        if items > max_items:
            raise UntrustedJson(problem("json.too_many_items", limit=max_items))


class _Hooks:
    def __init__(self, nonfinite: str) -> None:
        self.nonfinite = nonfinite
        self.refused = False

    def refuse(self, code: str, **params: Any) -> Any:
        self.refused = True
        return _Refused(code, params)

    def constant(self, text: str) -> Any:
        return None if self.nonfinite == "null" else self.refuse("json.not_finite", found=text)

    def floating(self, text: str) -> Any:
        number = float(text)
        return number if math.isfinite(number) else self.constant(text)

    def integer(self, text: str) -> Any:
        # Length first: turning thousands of digits into a number is what must not happen.
        if len(text.lstrip("-")) > _DIGITS or abs(int(text)) > LARGEST_INTEGER:
            return self.refuse("json.number_too_large", found=text)
        return int(text)

    def pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            seen: set[str] = set()
            for key, _ in pairs:
                if key in seen:
                    made[key] = self.refuse("json.duplicate_key", key=key)
                seen.add(key)
        return made


def _loaded(text: str, hooks: _Hooks) -> Any:
    try:
        return json.loads(
            text,
            parse_constant=hooks.constant,
            parse_float=hooks.floating,
            parse_int=hooks.integer,
            object_pairs_hook=hooks.pairs,
        )
    except json.JSONDecodeError as error:
        place: dict[str, Any] = {"line": error.lineno, "column": error.colno}
        if error.msg.startswith("Extra data"):
            refusal = problem("json.trailing", **place)
        elif error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated"):
            refusal = problem("json.torn", **place)
        else:
            refusal = problem("json.syntax", reason=error.msg, **place)
        raise UntrustedJson(refusal) from None
