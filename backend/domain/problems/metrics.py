"""Problem codes `metrics.*`: what is wrong with a metrics file."""

from __future__ import annotations

from backend.domain.problems.template import Template

CODES: dict[str, Template] = {
    "metrics.not_a_list": Template(
        "A metrics file is a list of metrics, and this one is not a list.",
        "Write [ … ] with one object per metric, or let pipeloom.metrics write the file.",
    ),
    "metrics.field_missing": Template("The field “{field}” is missing here.", "Add the field “{field}”."),
    "metrics.field_type": Template("{expected} is expected here, and this is {found}.", "Write {expected}."),
    "metrics.unknown_type": Template(
        "There is no kind of metric called “{type}”.", "Use one of these as its type: {known}."
    ),
    "metrics.not_a_number": Template(
        "A number is expected here, and this is {found}.", "Write a number, or null where a value is missing."
    ),
    "metrics.length_mismatch": Template(
        "This curve has {y} values for {x} positions on its x axis.", "Give as many y values as x values."
    ),
    "metrics.axis_count": Template(
        "There are {x} x axes for {y} y axes.",
        "Give at least one y axis, and one x axis for all of them or one for each.",
    ),
    "metrics.cells_shape": Template(
        "There are {found} {what} of cells and {expected} are needed, one for each label.",
        "Give cell_value one row per row label, and every row one value per column label.",
    ),
    "metrics.duplicate_key": Template(
        "The key “{key}” is used twice; the metric at /{first} is shown and this one is not.",
        "Give every metric in a file its own key.",
    ),
    "metrics.too_many_values": Template(
        "There are {count} {what}; more than {limit} cannot be shown.", "Write fewer: group or sample them first."
    ),
    "metrics.text_too_long": Template(
        "This text has {length} characters; the limit is {limit}.", "Shorten it; long texts belong into the log."
    ),
    "metrics.not_a_file": Template(
        "The metrics file is {kind}, which is not read.",
        "Write an ordinary file at this place, under another name first and then renamed.",
    ),
    "metrics.unreadable": Template(
        "The metrics file cannot be read: {reason}.", "Make it readable for the user that runs the step."
    ),
    "metrics.missing": Template(
        "The step has ended and has not written this metrics file.",
        "Write the file at the place that the step is given, or remove it from the step's outputs.",
    ),
}
