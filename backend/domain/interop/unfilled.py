"""What published programs write where their reader has to fill something in."""

from __future__ import annotations

from typing import Any


def to_be_filled_in(value: Any) -> bool:
    """`"**"`, or an object with such a text in it: as a default, that is no value at all."""
    if isinstance(value, str):
        return len(value) > 1 and not value.strip("*")
    return isinstance(value, dict) and any(to_be_filled_in(member) for member in value.values())
