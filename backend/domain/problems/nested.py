"""Problem codes `nested.*`: a workflow that runs as a step of another, and what does not fit between the two."""

from __future__ import annotations

from backend.domain.problems.template import Template

FIT: dict[str, Template] = {
    "nested.unknown_release": Template(
        "There is no release {version} of a workflow “{workflow}” in this project.",
        "Choose one of the project's workflows and one of its releases.",
    ),
    "nested.cycle": Template(
        "“{workflow}” leads back to this workflow: {chain}.", "A workflow cannot run itself, not even through others."
    ),
    "nested.too_deep": Template(
        "With “{workflow}” more than {limit} workflows are inside each other.",
        "Draw some of its steps here instead, or choose a workflow that needs fewer others.",
    ),
    "nested.unknown_value": Template(
        "The workflow “{workflow}” has nothing called “{name}” that could be given.",
        "Look up its placeholders, data and storages.",
    ),
    "nested.fixed_value": Template(
        "“{name}” is fixed in the workflow “{workflow}”, and nothing else can be given for it.", "Remove it here."
    ),
    "nested.given_twice": Template("“{name}” is given as an input and as a parameter.", "Keep one of them."),
    "nested.missing_value": Template(
        "The workflow “{workflow}” needs a value for “{name}”.", "Give it as a parameter or as an input of this step."
    ),
    "nested.wrong_type": Template(
        "“{name}” of the workflow “{workflow}” is {expected}, and {found} is given.", "Give a value of that type."
    ),
    "nested.unknown_step": Template(
        "The workflow “{workflow}” has no step called “{name}”.", "Choose one of its steps."
    ),
    "nested.unknown_output": Template(
        "Step “{step}” of the workflow “{workflow}” has no output called “{name}”.", "Choose one of its outputs."
    ),
    "nested.output_type": Template(
        "Output “{name}” of step “{step}” is {found}; here it is declared as {expected}.",
        "Give this output the same type as the one that it hands on.",
    ),
}

ENDINGS: dict[str, Template] = {
    "nested.not_begun": Template(
        "The workflow “{workflow}” could not be begun: {why}", "Correct that, and retry the step."
    ),
    "nested.failed": Template(
        "Run {number} of the workflow “{workflow}” went wrong at step “{step}”: {why}",
        "Open that run to see more; retrying this step keeps what it had completed.",
    ),
    "nested.stopped": Template(
        "Run {number} of the workflow “{workflow}” was stopped.", "Retry this step to go on with what it had completed."
    ),
    "nested.output_missing": Template(
        "Run {number} of the workflow “{workflow}” ended well, but left no output “{output}” of its step “{step}”, "
        "which is {state}.",
        "See there why that step did not run; hand on only outputs of steps that always do.",
    ),
    "nested.gone": Template(
        "The run that this step was has been deleted.", "The step begins a new one by itself, a few times."
    ),
}

CODES: dict[str, Template] = FIT | ENDINGS
