"""Problem codes `gallery.*`: workflows that are offered to others."""

from __future__ import annotations

from backend.domain.problems.template import Template

CODES: dict[str, Template] = {
    "gallery.version_exists": Template(
        "“{title}” already has a version {version} in the gallery.",
        "Choose another number, or leave it out for the next one.",
    ),
    "gallery.users_without_group": Template(
        "Named people see only what is shared with a group, and this is {sharing}.",
        "Share it with a group, or leave the people out.",
    ),
}
