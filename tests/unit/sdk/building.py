"""Runs programs and gives back what they made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeloom.execution import execute
from pipeloom.workflow.program import Workflow, recording

from backend.domain.design.load import parse_document
from backend.domain.interop.program import program_from_document

PROGRAMS = Path(__file__).parent / "programs"
HOME_WRITTEN = sorted(PROGRAMS.glob("[sx]*.py"))


def built(program: Path) -> Workflow:
    made = execute(str(program), check_only=True).workflows
    assert len(made) == 1, made
    return made[0]


def exported(raw: dict[str, Any]) -> str:
    document, problems = parse_document(raw)
    assert document is not None, problems
    return program_from_document(document)


def run_again(text: str) -> dict[str, Any]:
    """What an exported program makes, with nothing but what it imports itself."""
    with recording(check_only=True) as recorder:
        exec(compile(text, "exported.py", "exec"), {"__name__": "__main__"})
    (made,) = recorder.workflows
    return made.document()
