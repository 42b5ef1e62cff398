"""Problem codes `workflow.*`: drafts, releases and names of workflows."""

from __future__ import annotations

from backend.domain.problems.template import Template

CODES: dict[str, Template] = {
    "workflow.name_taken": Template(
        "There is a workflow called “{name}” in this project already.", "Choose another name."
    ),
    "workflow.draft_stale": Template(
        "The draft was changed meanwhile: it is at revision {current}, and your changes are based on {given}.",
        "Compare both, and save again with revision {current}.",
    ),
    "workflow.version_newer": Template(
        "Version {newest} is newer than version {base}, from which this draft was made.",
        "Look what changed, and release again with over={newest} to go beyond it.",
    ),
    "workflow.not_released": Template("This workflow has no version yet.", "Release its draft first."),
    "workflow.two_sources": Template(
        "A new workflow can have a document or be a copy, not both.", "Give either document or copy_of."
    ),
    "workflow.not_a_document": Template(
        "The file holds {found}, not a workflow document.", "Export a workflow to see the form of the file."
    ),
    "workflow.export_format": Template("Workflows cannot be written as “{format}”.", "Use one of these: {known}."),
    "workflow.renamed": Template(
        "The workflow was imported as “{name}”, because “{wanted}” is taken.", "Rename it if you like.", "warning"
    ),
    "workflow.has_problems": Template(
        "The document was taken as a draft with {count} problems.",
        "Correct them before you release or run it.",
        "warning",
    ),
}
