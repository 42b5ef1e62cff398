"""Reads the golden documents, which the browser's tests read as well."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[3] / "golden" / "documents"
VALID = sorted(path.stem for path in (FOLDER / "valid").glob("*.json"))


def valid(name: str) -> dict[str, Any]:
    document: dict[str, Any] = read(f"valid/{name}.json")
    return document


def read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def patched(document: Any, patch: list[dict[str, Any]]) -> Any:
    """`add`, `replace` and `remove` of JSON Patch (RFC 6902)."""
    root = {"": copy.deepcopy(document)}
    for operation in patch:
        _, *parts = ("" + operation["path"]).split("/") if operation["path"] else ("",)
        keys = ["", *(part.replace("~1", "/").replace("~0", "~") for part in parts)]
        at: Any = root
        for key in keys[:-1]:
            at = at[int(key)] if isinstance(at, list) else at[key]
        _apply(at, keys[-1], operation)
    return root[""]


def _apply(at: Any, key: str, operation: dict[str, Any]) -> None:
    value = copy.deepcopy(operation.get("value"))
    if isinstance(at, list):
        if operation["op"] == "add":
            at.insert(len(at) if key == "-" else int(key), value)
        elif operation["op"] == "replace":
            at[int(key)] = value
        else:
            del at[int(key)]
    elif operation["op"] == "remove":
        del at[key]
    else:
        at[key] = value


def resolves(document: Any, pointer: str) -> bool:
    """Whether a JSON Pointer leads to something that is there."""
    at = document
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(at, dict) and key in at:
            at = at[key]
        elif isinstance(at, list) and key.isdigit() and int(key) < len(at):
            at = at[int(key)]
        else:
            return False
    return True
