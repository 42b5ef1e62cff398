"""Problem codes `interop.*`: what became of a file of another program, or of a workflow written for one."""

from __future__ import annotations

from backend.domain.problems.template import Template

CODES: dict[str, Template] = {
    "interop.dropped": Template(
        "“{what}” has no place on the other side and was left out.", "Add it by hand.", "warning"
    ),
    "interop.approximated": Template(
        "“{what}” was taken over as {became}.", "See that it still means what it should.", "warning"
    ),
    "interop.unknown_reference": Template(
        "“{found}” is no reference that is known, and stays a text.", "Connect it by hand.", "warning"
    ),
}
