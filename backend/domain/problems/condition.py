"""Problem codes `condition.*`: a condition that cannot be decided, seen while checking or while running."""

from __future__ import annotations

from backend.domain.problems.template import Template

CODES: dict[str, Template] = {
    "condition.types": Template(
        "{operator} cannot compare {left} with {right}.",
        "{rule}",
    ),
    "condition.operand": Template(
        "An object is no operand here.",
        "Use a constant, a list, a placeholder, a metric or a condition; put “$literal” around an object to compare.",
    ),
    "condition.unset": Template(
        "The placeholder “{name}” has no value, so the condition cannot be decided.",
        "Give it a value or a default, then run again.",
    ),
    "condition.metric_missing": Template(
        "The step “{step}” has not written a metric “{key}” of type float to its output “{output}”.",
        "Let the script write it, or correct the key in the condition.",
    ),
}
