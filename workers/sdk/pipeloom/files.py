"""Workflows as files: documents, programs, and the files of other products."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from backend.domain.design.canonical import canonical_bytes
from backend.domain.design.changes import Change, changes
from backend.domain.design.check import check, too_much
from backend.domain.design.limits import MAX_DEPTH, MAX_DOCUMENT_BYTES
from backend.domain.design.load import parse_document
from backend.domain.interop.elyra import document_from_elyra, looks_like_elyra
from backend.domain.interop.kubeflow import document_from_kubeflow, looks_like_kubeflow
from backend.domain.interop.program import program_from_document
from backend.domain.interop.report import Converted
from backend.domain.interop.wire_export import wire_from_document
from backend.domain.interop.wire_import import document_from_wire, looks_like_wire
from backend.domain.interop.yaml_text import parse_untrusted_yaml
from backend.domain.problems import Problem
from backend.domain.untrusted_json import UntrustedJson, parse_untrusted_json
from pipeloom.execution import ProgramFailed, execute
from pipeloom.session import Session
from pipeloom.workflow.made import Line, ProgramError, Raw
from pipeloom.workflow.program import Workflow
from pipeloom.workflow.publishing import Publisher

_FOREIGN: tuple[tuple[Callable[[object], bool], Callable[[Raw], Converted]], ...] = (
    (looks_like_wire, document_from_wire),
    (looks_like_elyra, document_from_elyra),
    (looks_like_kubeflow, document_from_kubeflow),
)
_YAML = (".yaml", ".yml")


class FileError(Exception):
    """A file holds no workflow that could be looked at."""


class Found(NamedTuple):
    raw: Raw
    notes: list[Problem]
    workflow: Workflow | None


class Checked(NamedTuple):
    """What is wrong, one line each and as JSON, and whether any of it is more than a warning."""

    lines: list[str]
    problems: list[Raw]
    wrong: bool


def checked(path: str) -> Checked:
    found = _found(path)
    if found.workflow is not None:
        told = found.workflow.check()
        problems = [{**each.problem.as_json(), **_place(each.line)} for each in told]
        return Checked([str(each) for each in told], problems, _any_error(each.problem for each in told))
    wrong = check(found.raw)
    lines = [_line(path, each) for each in (*found.notes, *wrong)]
    return Checked(lines, [each.as_json() for each in (*found.notes, *wrong)], _any_error(wrong))


def releasable(path: str, project: str | None = None) -> Publisher:
    """The workflow of a program or of a file, ready to go to the server of `pipeloom login`."""
    found = _found(path)
    if found.workflow is not None:
        return found.workflow.publisher(project)
    wrong = [each for each in check(found.raw) if each.severity == "error"]
    if wrong:
        raise FileError("\n".join(_line(path, each) for each in wrong))
    return Publisher(found.raw, {}, Session(project_id=project), None)


def _place(line: Line | None) -> Raw:
    return {"file": line.file, "line": line.number} if line else {}


def _any_error(problems: Iterable[Problem]) -> bool:
    return any(each.severity == "error" for each in problems)


def converted(path: str, form: str) -> tuple[str, list[str]]:
    """The workflow as a text in another form, and what was lost on the way."""
    found = _found(path)
    notes = [_line(path, note) for note in found.notes]
    if form == "json":
        return json.dumps(json.loads(canonical_bytes(found.raw)), ensure_ascii=False, indent=2), notes
    document, problems = parse_document(found.raw)
    if document is None:
        raise FileError("\n".join(_line(path, each) for each in problems))
    if form == "python":
        return program_from_document(document), notes
    wire = wire_from_document(document)
    text = json.dumps(wire.raw, ensure_ascii=False, indent=2)
    return text, notes + [_line(path, note) for note in wire.report.notes]


def differences(before: str, after: str) -> list[Change]:
    """Each change of meaning."""
    return changes(_found(before).raw, _found(after).raw).meaning


def _found(path: str) -> Found:
    if path.endswith(".py"):
        workflow = _of_program(path)
        try:
            return Found(workflow.document(), [], workflow)
        except ProgramError as error:
            raise FileError(str(error)) from None
    raw = _of_file(path)
    foreign = None if too_much(raw) else next((read for is_theirs, read in _FOREIGN if is_theirs(raw)), None)
    if foreign is None:
        return Found(raw, [], None)
    made = foreign(raw)
    return Found(made.raw, made.report.notes, None)


def _of_program(path: str) -> Workflow:
    try:
        made = execute(path, check_only=True).workflows
    except (ProgramError, ProgramFailed, OSError) as error:
        raise FileError(f"{path}: {error}") from None
    if len(made) != 1:
        raise FileError(f"{path} makes {len(made) or 'no'} workflows; a program with exactly one is needed.")
    return made[0]


def _of_file(path: str) -> Raw:
    try:
        with open(path, "rb") as file:
            raw = _value(path, file.read(MAX_DOCUMENT_BYTES + 1))
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror}.") from None
    except UntrustedJson as error:
        raise FileError(_line(path, error.problem)) from None
    if not isinstance(raw, dict):
        raise FileError(f"{path} holds no workflow: a workflow is one object, in JSON or YAML.")
    return raw


def _value(path: str, data: bytes) -> Any:
    if not path.lower().endswith(_YAML) or len(data) > MAX_DOCUMENT_BYTES:
        return parse_untrusted_json(data, max_bytes=MAX_DOCUMENT_BYTES)
    return parse_untrusted_yaml(data, max_depth=MAX_DEPTH, max_items=MAX_DOCUMENT_BYTES)


def _line(path: str, found: Problem) -> str:
    word = "warning: " if found.severity == "warning" else ""
    return f"{path}: {found.path or '(the whole)'}: {word}{found.message} {found.hint}"


def change_told(change: Change) -> str:
    """In one line."""
    where = " ".join(part for part in (change.list, change.name) if part) or "the workflow"
    if change.what == "changed":
        return f"changed {where}{change.path}: {_shown(change.before)} -> {_shown(change.after)}"
    if change.what == "renamed":
        return f"renamed {change.list} {change.before} -> {change.after}"
    if change.what in ("edge_added", "edge_removed"):
        sign = "after" if change.what == "edge_added" else "no longer after"
        return f"rewired {where}: {sign} {change.after or change.before}"
    return f"{change.what} {where}"


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else text[:79] + "…"
