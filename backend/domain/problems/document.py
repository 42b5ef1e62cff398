"""Problem codes `document.*`: what is wrong with a workflow document."""

from __future__ import annotations

from backend.domain.problems.template import Template

CODES: dict[str, Template] = {
    # Form
    "document.not_an_object": Template(
        "A workflow document is an object, not {found}.",
        "Send the document itself, as one JSON object.",
    ),
    "document.newer_schema": Template(
        "The document has schema {found}; this program knows schemas up to {known}.",
        "Open it to read only, or update the program.",
    ),
    "document.unknown_schema": Template(
        "There is no way from schema {found} to schema {known}.", "Export the document again from where it was made."
    ),
    "document.missing": Template("“{field}” is missing here.", "Add it."),
    "document.unexpected": Template("“{field}” is not known here.", "Remove it, or correct its name."),
    "document.wrong_type": Template("Here should be {expected}, not {found}.", "Write {expected}."),
    "document.not_a_choice": Template("“{found}” is none of the choices.", "Choose one of: {choices}."),
    "document.bad_name": Template(
        "“{found}” cannot be a name.",
        "Begin with an English letter and use up to 64 letters, digits, “_” and “-”.",
    ),
    "document.bad_form": Template("“{found}” does not have the right form.", "It must match {pattern}."),
    "document.text_too_short": Template("The text is too short.", "Write at least {limit} characters."),
    "document.text_too_long": Template("The text is too long.", "Write at most {limit} characters."),
    "document.too_few": Template("There are too few entries.", "Give at least {limit}."),
    "document.too_many": Template("There are too many entries.", "Give at most {limit}."),
    "document.out_of_range": Template("{found} is out of range.", "Give a number that is {rule}."),
    "document.invalid": Template("The value cannot be used: {reason}.", "Correct it."),
}
