"""The canonical text of a JSON value (RFC 8785), the same bytes here and in the browser, and the hash of a document.

The rfc8785 package is not used: it refuses 2^53 itself, and the domain depends on nothing but pydantic.
"""

from __future__ import annotations

import hashlib
import json
import math
from typing import Any

from backend.domain.untrusted_json import LARGEST_INTEGER

_LISTS_WITH_IDS = ("parameters", "data", "steps", "scenes", "subgraphs", "notes")


def canonical_bytes(value: Any) -> bytes:
    """ValueError for what has no canonical form: NaN, integers beyond ±2^53, lone surrogates, other types."""
    parts: list[str] = []
    _write(value, parts)
    return "".join(parts).encode("utf-8")


def document_hash(raw: dict[str, Any]) -> str:
    """SHA-256 of what the document means: without ids and layout."""
    meaning = {key: value for key, value in raw.items() if key != "layout"}
    for name in _LISTS_WITH_IDS:
        if isinstance(meaning.get(name), list):
            meaning[name] = [_without_id(entry) for entry in meaning[name]]
    return hashlib.sha256(canonical_bytes(meaning)).hexdigest()


def _without_id(entry: Any) -> Any:
    return {key: value for key, value in entry.items() if key != "id"} if isinstance(entry, dict) else entry


def _write(value: Any, parts: list[str]) -> None:
    if isinstance(value, dict):
        _write_object(value, parts)
    elif isinstance(value, (list, tuple)):
        parts.append("[")
        for index, entry in enumerate(value):
            if index:
                parts.append(",")
            _write(entry, parts)
        parts.append("]")
    else:
        parts.append(_scalar(value))


def _write_object(value: dict[Any, Any], parts: list[str]) -> None:
    # UTF-16 code units, as RFC 8785 demands and JavaScript sorts; big-endian bytes compare the same way.
    keys = sorted(value, key=lambda key: _text(key).encode("utf-16-be", "surrogatepass"))
    parts.append("{")
    for index, key in enumerate(keys):
        parts.append("," if index else "")
        parts.append(json.dumps(key, ensure_ascii=False))
        parts.append(":")
        _write(value[key], parts)
    parts.append("}")


def _text(key: Any) -> str:
    if not isinstance(key, str):
        raise ValueError(f"a key of type {type(key).__name__}")  # noqa: TRY004 - a value without a form
    return key


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise ValueError("an integer beyond ±2^53")
        return str(value)
    if isinstance(value, float):
        return _number(value)
    raise ValueError(f"a value of type {type(value).__name__}")


def _number(value: float) -> str:
    """As ECMAScript writes it. Python's repr has the same shortest digits; only their arrangement differs."""
    if not math.isfinite(value):
        raise ValueError("a number that is not finite")
    if value == 0:
        return "0"
    digits, point = _digits(abs(value))
    sign = "-" if value < 0 else ""
    count = len(digits)
    if count <= point <= 21:
        return sign + digits + "0" * (point - count)
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    rest = f".{digits[1:]}" if count > 1 else ""
    return f"{sign}{digits[0]}{rest}e{point - 1:+d}"


def _digits(value: float) -> tuple[str, int]:
    """The significant digits, and how many of them stand before the point."""
    mantissa, _, exponent = repr(value).partition("e")
    whole, _, fraction = mantissa.partition(".")
    written = whole + fraction
    digits = written.lstrip("0")
    point = len(whole) - (len(written) - len(digits)) + int(exponent or 0)
    return digits.rstrip("0"), point
