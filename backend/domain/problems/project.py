"""Problem codes `project.*`: who belongs to a project."""

from __future__ import annotations

from backend.domain.problems.template import Template

CODES: dict[str, Template] = {
    "project.last_manager": Template(
        "{name} is the only manager of this project.", "Make somebody else a manager first."
    ),
    "project.owner_stays": Template(
        "This is the personal project of {name}, who stays its manager.", "Work together in a project made for it."
    ),
    "project.invitation_over": Template(
        "This invitation is unknown, was withdrawn, is used up or is too old.",
        "Ask a manager of the project for a new one.",
    ),
}
