"""What a person typed, as the server calls it: workflows by name, runs by number, values by placeholder."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from pipeloom.client import Client, PipeloomError

_RUN: Final = re.compile(r"^(?P<name>.+)#(?P<number>\d+)$")
_PLACES: Final = frozenset({"obs"})
Row = dict[str, Any]


class NotFoundError(PipeloomError):
    """Nothing is called so; the message says what there is."""


def workflow_of(client: Client, wanted: str) -> Row:
    """By id or by name."""
    if _is_id(wanted):
        return client.workflow(wanted)
    found = client.workflow_named(wanted)
    if found is None:
        known = [str(row["name"]) for row, _ in zip(client.workflows(), range(10), strict=False)]
        raise NotFoundError(f"There is no workflow called “{wanted}”. There are: {', '.join(known) or 'none yet'}.")
    return found


def run_of(client: Client, wanted: str) -> Row:
    """By id, as NAME#NUMBER, or the newest of a workflow."""
    if _is_id(wanted):
        return client.run(wanted)
    parted = _RUN.match(wanted)
    name = parted["name"] if parted else wanted
    workflow = workflow_of(client, name)
    for row in client.runs_of(workflow["id"]):
        if parted is None or row["number"] == int(parted["number"]):
            return row
    raise NotFoundError(f"“{name}” has no run {parted['number']}." if parted else f"“{name}” has not run yet.")


def version_of(client: Client, workflow: Row, wanted: int | None, *, draft: bool) -> int | None:
    """The newest release where nothing is said; the draft of a workflow that was never released."""
    return None if draft else wanted or workflow.get("released")


def document_of(client: Client, workflow: Row, version: int | None) -> Row:
    if version is None:
        return dict(client.draft(workflow["id"])["document"])
    return dict(client.api.get(f"workflows/{workflow['id']}/versions/{version}/")["document"])


def values_of(document: Mapping[str, Any], given: Iterable[str], file: str | None) -> Row:
    """`NAME=VALUE`, read as the placeholder's type says; the server checks what comes out."""
    values = _of_file(file) if file else {}
    types = {each["name"]: str(each.get("type")) for each in document.get("parameters", ())}
    data = {each["name"]: str(each.get("type")) for each in document.get("data", ())}
    roots = {each["name"] for each in document.get("storages", ())}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise PipeloomError(f"“{text}” is no value: write NAME=VALUE.")
        known = [*types, *data, *roots]
        if name not in known:
            raise NotFoundError(f"There is no placeholder called “{name}”. There are: {', '.join(known) or 'none'}.")
        values[name] = _data(value, data[name]) if name in data else _parameter(value, types.get(name, "STR"))
    return values


def _parameter(text: str, type_: str) -> Any:
    if type_ in ("STR", "ENUM") and not text.startswith('"'):
        return text
    if type_ == "BOOL" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    try:
        return json.loads(text)
    except ValueError:
        # The server says what is wrong with it, in the words of the placeholder.
        return text


def _data(text: str, type_: str) -> Any:
    if text.startswith("{"):
        return _parameter(text, "JSON")
    if type_ == "dataset" and not text.startswith("/"):
        name, _, version = text.partition("/")
        return {"dataset_name": name, **({"version_name": version} if version else {})}
    if type_ in _PLACES or text.startswith("/"):
        return {"obs_path": text}
    return text


def _of_file(path: str) -> Row:
    try:
        with open(path, encoding="utf-8") as opened:
            values = json.load(opened)
    except (OSError, ValueError) as error:
        raise PipeloomError(f"{path} holds no values: {error}") from None
    if not isinstance(values, dict):
        raise PipeloomError(f"{path} holds no values: it must be one JSON object.")
    return values


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
