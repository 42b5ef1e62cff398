"""Problem codes `json.*` and `yaml.*`: text, or a value in its place, that is refused before it is understood."""

from __future__ import annotations

from backend.domain.problems.template import Template

CODES: dict[str, Template] = {
    "json.too_large": Template(
        "The JSON text has {size} bytes; the limit is {limit}.", "Make it smaller, or split it into several."
    ),
    "json.encoding": Template(
        "The JSON text is not plain UTF-8 (byte {position}).", "Save it as UTF-8 without a byte order mark."
    ),
    "json.torn": Template(
        "The JSON text ends too early (line {line}, column {column}).",
        "Write the whole text; a file that others read should be written under another name and renamed.",
    ),
    "json.syntax": Template(
        "The text is not JSON: {reason} (line {line}, column {column}).", "Correct the text at that place."
    ),
    "json.trailing": Template(
        "Something follows the end of the JSON text (line {line}, column {column}).",
        "Keep exactly one JSON value and remove the rest.",
    ),
    "json.too_deep": Template(
        "The value is nested more than {limit} levels deep.", "Flatten it; no part may have more levels."
    ),
    "json.too_many_items": Template(
        "The value has more than {limit} entries.", "Make it smaller; put large data into a file in a storage."
    ),
    "json.duplicate_key": Template("The key “{key}” is there twice.", "Keep one of them."),
    "json.not_finite": Template(
        "“{found}” is not a finite number, and JSON has no word for it.",
        "Give a finite number, or null where a value is missing.",
    ),
    "json.number_too_large": Template(
        "The whole number {found} cannot be kept exactly; the limit is ±2^53.",
        "Give a smaller number, or write it as text in quotes.",
    ),
    "json.bad_text": Template(
        "The text contains a character that cannot be stored ({found}).", "Remove the character."
    ),
    "json.bad_key": Template("A key of this object is not a text, but {found}.", "Use texts as keys."),
    "json.not_json": Template("A value of type {found} cannot be written as JSON.", "Use JSON values only."),
    "yaml.unreadable": Template(
        "This is not YAML that is read here: {reason}.",
        "Correct it; plain data without anchors, aliases and tags is read, and so is JSON.",
    ),
}
