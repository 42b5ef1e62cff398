"""Workflows in and out as files."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from backend.apps.accounts.models import Project, User
from backend.apps.workflows.models import Workflow
from backend.apps.workflows.selectors import name_free
from backend.apps.workflows.services.workflows import workflow_create
from backend.domain.design.canonical import canonical_bytes
from backend.domain.design.check import check, too_much
from backend.domain.design.document import Document
from backend.domain.design.limits import MAX_PROBLEMS
from backend.domain.design.load import parse_document
from backend.domain.interop.elyra import document_from_elyra, looks_like_elyra
from backend.domain.interop.kubeflow import document_from_kubeflow, looks_like_kubeflow
from backend.domain.interop.program import program_from_document
from backend.domain.interop.report import Converted
from backend.domain.interop.wire_export import wire_from_document
from backend.domain.interop.wire_import import document_from_wire, looks_like_wire
from backend.domain.problems import Problem, problem
from backend.shared.errors import ProductError

UNNAMED = "Imported workflow"


@dataclass(frozen=True, slots=True)
class Imported:
    workflow: Workflow
    report: list[Problem]


def workflow_import(*, project: Project, user: User, raw: object, name: str | None = None) -> Imported:
    """A draft from a file, with a report of what would have to be corrected before a release."""
    if not isinstance(raw, dict):
        raise ProductError.of(problem("workflow.not_a_document", found=type(raw).__name__))
    _, converted = _recognised(raw)
    raw = converted.raw if converted else raw
    wanted = name or _name_in(raw)
    free = name_free(project=project, wanted=wanted)
    description = raw.get("description")
    workflow = workflow_create(
        project=project,
        user=user,
        name=free,
        description=description if isinstance(description, str) else "",
        document=raw,
    )
    found = check(raw)
    renamed = [problem("workflow.renamed", "/name", name=free, wanted=wanted)] if free != wanted else []
    notes = converted.report.notes[:MAX_PROBLEMS] if converted else []
    return Imported(workflow, [*renamed, *notes, *found])


@dataclass(frozen=True, slots=True)
class Read:
    """A file as a document of ours. `source` says whose file it is, `mapped` how much was taken over as it was."""

    source: str
    document: dict[str, Any]
    mapped: int
    notes: list[Problem]
    problems: list[Problem]


def file_convert(raw: object) -> Read:
    """What an import would make of a file, for looking at it first."""
    if not isinstance(raw, dict):
        raise ProductError.of(problem("workflow.not_a_document", found=type(raw).__name__))
    source, converted = _recognised(raw)
    if converted is None:
        return Read(source, raw, 0, [], check(raw))
    notes = converted.report.notes[:MAX_PROBLEMS]
    return Read(source, converted.raw, converted.report.mapped, notes, check(converted.raw))


_FOREIGN: tuple[tuple[str, Callable[[object], bool], Callable[[dict[str, Any]], Converted]], ...] = (
    ("modelarts", looks_like_wire, document_from_wire),
    ("elyra", looks_like_elyra, document_from_elyra),
    ("kubeflow", looks_like_kubeflow, document_from_kubeflow),
)
OURS = "pipeloom"


def _recognised(raw: dict[str, Any]) -> tuple[str, Converted | None]:
    """What a file of another program becomes; None for a workflow of ours, or for what nobody should look into."""
    if too_much(raw):
        return OURS, None
    found = ((source, convert(raw)) for source, is_theirs, convert in _FOREIGN if is_theirs(raw))
    return next(found, (OURS, None))


def _name_in(raw: dict[str, Any]) -> str:
    name = raw.get("name")
    usable = isinstance(name, str) and 0 < len(name.strip()) <= 64 and name.isprintable()
    return str(name).strip() if usable else UNNAMED


def version_export(document: dict[str, Any], *, format: str) -> bytes:  # noqa: A002 - the parameter's public name
    """The file's bytes; equal documents give equal files."""
    write = EXPORTS.get(format)
    if write is None:
        raise ProductError.of(problem("workflow.export_format", "/format", format=format, known=", ".join(EXPORTS)))
    return write(document)


def version_export_report(document: dict[str, Any], *, format: str) -> list[Problem]:  # noqa: A002 - as above
    """What the file of that format does not say, or says otherwise."""
    return _wire(document).report.notes if format == "modelarts" else []


def _parsed(document: dict[str, Any]) -> Document:
    parsed, problems = parse_document(document)
    if parsed is None:
        raise ProductError.of(*problems)
    return parsed


def _wire(document: dict[str, Any]) -> Converted:
    return wire_from_document(_parsed(document))


def _program_bytes(document: dict[str, Any]) -> bytes:
    return program_from_document(_parsed(document)).encode()


def _wire_bytes(document: dict[str, Any]) -> bytes:
    return canonical_bytes(_wire(document).raw)


EXPORTS: dict[str, Callable[[dict[str, Any]], bytes]] = {
    "json": canonical_bytes,
    "modelarts": _wire_bytes,
    "python": _program_bytes,
}
FILE_FORMS: dict[str, tuple[str, str]] = {"python": ("text/x-python; charset=utf-8", "py")}
"""Content type and ending, where they are not those of JSON."""
