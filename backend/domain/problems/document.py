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
    "document.bad_form": Template("“{found}” does not have the right form.", "{form}"),
    "document.text_too_short": Template("The text is too short.", "Write at least {limit} characters."),
    "document.text_too_long": Template("The text is too long.", "Write at most {limit} characters."),
    "document.too_few": Template("There are too few entries.", "Give at least {limit}."),
    "document.too_many": Template("There are too many entries.", "Give at most {limit}."),
    "document.out_of_range": Template("{found} is out of range.", "Give a number that is {rule}."),
    "document.invalid": Template("The value cannot be used: {reason}.", "Correct it."),
    "document.too_many_steps": Template(
        "The workflow has {count} steps; the limit is {limit}.", "Split it into several workflows."
    ),
    "document.too_many_edges": Template(
        "The workflow has {count} edges; the limit is {limit}.", "Let fewer steps depend on so many others."
    ),
    "document.too_many_placeholders": Template(
        "The workflow has {count} placeholders, data and storages; the limit is {limit}.",
        "Make some of them constants.",
    ),
    "document.more_problems": Template(
        "There are more than {limit} problems; these are the first.", "Correct them, and check again to see the rest."
    ),
    # Names
    "document.duplicate_name": Template(
        "The name “{name}” is taken already.", "Choose another; the first is at {first}."
    ),
    "document.placeholder_conflict": Template(
        "“{name}” means one thing at {first} and another at {second}; they differ in: {differs}.",
        "Give one of them another name, or make both the same.",
    ),
    "document.duplicate_id": Template("The id “{id}” is taken already.", "Choose another; the first is at {first}."),
    "document.unknown_kind": Template("There is no kind of step called “{kind}”.", "Choose one of: {choices}."),
    # Placeholders
    "document.list_format": Template(
        "“{name}” is a LIST and does not say of what.", "Set format to str, int, float or bool."
    ),
    "document.format_unfit": Template(
        "The format “{format}” does not go with the type {type}.", "Remove the format, or use one of these: {allowed}."
    ),
    "document.enum_empty": Template("“{name}” is an ENUM without choices.", "List them in enum."),
    "document.enum_unused": Template(
        "“{name}” has choices, but is no ENUM.", "Make it an ENUM, or remove the choices."
    ),
    "document.enum_value": Template("{found} cannot be a choice.", "Use texts, numbers, true and false as choices."),
    "document.enum_duplicate": Template("{found} is among the choices twice.", "Keep one of them."),
    "document.delay_optional": Template(
        "“{name}” is asked for while the run waits, so it cannot be optional.",
        "Set required to true, or delay to false.",
    ),
    "document.fixed_without_value": Template(
        "“{name}” is fixed data without a value.", "Give value, or make it a placeholder."
    ),
    "document.fixed_delayed": Template(
        "“{name}” is fixed data and is never asked for.", "Set delay to false, or make it a placeholder."
    ),
    "document.placeholder_with_value": Template(
        "“{name}” is a placeholder, so its value comes from the form.", "Call it default instead of value."
    ),
    "document.constraint_unused": Template(
        "“{name}” is {type}, and a constraint says nothing about it.", "Remove the constraint.", "warning"
    ),
    "document.selector_empty": Template(
        "“{name}” lets nobody choose: it lists no types of data.", "List them in data_type_list, like dataset and obs."
    ),
    "document.selector_unused": Template(
        "“{name}” lists types to choose from, but is no data_selector.", "Remove the list, or change the type."
    ),
    "document.selector_fixed": Template(
        "“{name}” is to be chosen by whoever runs the workflow, so it cannot be fixed.", "Make it a placeholder."
    ),
    "document.selector_not_here": Template(
        "“{name}” may become one type of data or another, and a step of kind {kind} takes only what is settled.",
        "Use it for a job, or use data of one type.",
    ),
    "document.overlapping_outputs": Template(
        "Steps “{other}” and “{step}” write into one another's place: “{other_place}” and “{place}”.",
        "Give each a folder that lies in no other step's: an output is put into its place whole, and what another "
        "step left there would be lost.",
    ),
    # References
    "document.bad_reference": Template(
        "“{key}” is not written as a reference is.",
        "Write {form}, with nothing beside it; put “$literal” around an object that only looks like a reference.",
    ),
    "document.reference_not_here": Template("A “{key}” reference cannot stand here.", "Use {allowed}."),
    "document.unknown_parameter": Template("There is no placeholder called “{name}”.", "Add it, or choose another."),
    "document.unknown_data": Template("There is no data called “{name}”.", "Add it, or choose another."),
    "document.unknown_storage": Template(
        "There is no storage called “{name}”.", "Declare it in storages, or choose another."
    ),
    "document.unknown_step": Template("There is no step called “{name}”.", "Add it, or choose another."),
    "document.unknown_output": Template(
        "The step “{step}” has no output called “{name}”.", "Add it there, or choose another."
    ),
    "document.not_an_ancestor": Template(
        "“{step}” does not come before this step, so what it makes may not exist yet.",
        "Let this step depend on “{step}”, directly or through others.",
    ),
    "document.parameter_unfit": Template(
        "The placeholder “{name}” is {type}, and here should be {expected}.",
        "Use another placeholder, or change its type.",
    ),
    "document.parameter_format": Template(
        "The placeholder “{name}” has the format {format}, and here should be {expected}.",
        "Use another placeholder, or change its format.",
    ),
    "document.may_be_unset": Template(
        "The placeholder “{name}” may be left empty, but “{field}” is needed here.",
        "Make the placeholder required, or give it a default.",
    ),
    "document.storage_unfit": Template(
        "A path in a storage cannot stand where {expected} should be.", "Write {expected}."
    ),
    "document.storage_path": Template(
        "“{found}” is no path below a storage.", "Leave out “..”, “.”, empty parts and backslashes."
    ),
    "document.storage_makes_folder": Template(
        "The storage would make a folder at “{found}”, where a file should be.",
        "Add “create_dir”: false to this reference.",
    ),
    "document.unknown_system": Template("There is no system variable called “{name}”.", "Use one of these: {known}."),
    "document.system_unfit": Template(
        "The system variable “{name}” is a text, and here should be {expected}.", "Write {expected}."
    ),
    # Graph
    "document.self_dependency": Template("“{name}” depends on itself.", "Remove the edge."),
    "document.duplicate_dependency": Template("“{name}” is listed twice.", "Keep one of them."),
    "document.cycle": Template(
        "These steps wait for one another for ever: {cycle}.", "Remove one of the edges between them."
    ),
    # Steps
    "document.input_count": Template("A step of kind {kind} takes {rule}; here it has {count}.", "Connect {rule}."),
    "document.output_count": Template("A step of kind {kind} has {rule}; here it has {count}.", "Declare {rule}."),
    "document.output_type": Template(
        "A step of kind {kind} cannot make an output of type “{type}”.", "Choose one of: {allowed}."
    ),
    "document.input_type": Template(
        "A step of kind {kind} cannot take {found} as input.", "Connect one of: {accepted}."
    ),
    "document.dataset_not_released": Template(
        "A step of kind {kind} needs a released version, and “{name}” is a dataset without one.",
        "Release it in a release_dataset step before, or name a version.",
    ),
    "document.metrics_as_input": Template(
        "“{name}” holds metrics, and metrics cannot be an input.", "Read single metrics in conditions, by “$metric”."
    ),
    "document.bad_data": Template(
        "This is no data.", "Write an object with {known}, or a “$data”, “$output” or “$any_of” reference."
    ),
    "document.label_task_type_missing": Template(
        "The input is a dataset, so the version must know what its labels are for.", "Set label_task_type."
    ),
    "document.job_incomplete": Template(
        "The job does not say what to run: “{field}” is missing.",
        "Give code_dir, boot_file and engine, or a command.",
    ),
    "document.command_and_boot_file": Template("The job has a command and a boot file.", "Keep one of them."),
    "document.boot_file_outside": Template(
        "“{boot_file}” is not inside the code folder “{code_dir}”.",
        "Move it there, and write its path from the code folder on.",
    ),
    "document.task_name_missing": Template(
        "The input is a dataset, so the step must know which label task is meant.", "Set task_name."
    ),
    "document.import_inputs": Template(
        "One input has to be what is imported into, the other one where it comes from.",
        "Connect a dataset or a label task, and a folder.",
    ),
    "document.template_unused": Template(
        "There is a template, but the type of the model is another.", "Set model_type to Template, or remove it."
    ),
    "document.engine_incomplete": Template(
        "The engine is not said in one way.",
        "Give engine_name with engine_version, or engine_id, or image_url, and nothing else.",
    ),
    "document.algorithm_mixed": Template(
        "The algorithm is given by “{one}”, so “{other}” says something else.", "Keep one of them."
    ),
    "document.version_without_subscription": Template(
        "The version of a subscribed algorithm is given, but not which one.", "Give subscription_id, or remove it."
    ),
    "document.duplicate_argument": Template("The argument “{name}” is there twice.", "Keep one of them."),
    "document.unknown_engine": Template(
        "The engine “{engine}” is not set up on this server.",
        "Set it up before running, or choose one of: {known}.",
        "warning",
    ),
    "document.unknown_flavor": Template(
        "The flavor “{flavor}” is not known on this server.", "Choose one of: {known}.", "warning"
    ),
    # Scenes and subgraphs
    "document.scene_needs": Template(
        "In the scene “{scene}”, “{step}” needs something of “{producer}”, which is not in it.",
        "Add that step, or take its result from an earlier run when the scene is run.",
        "warning",
    ),
    "document.in_two_subgraphs": Template(
        "“{step}” is in another subgraph already, at {first}.", "Keep it in one of them."
    ),
    # Conditions and branches
    "document.not_metrics": Template(
        "The output “{name}” of “{step}” holds no metrics.", "Choose an output of type metrics."
    ),
    "document.not_skippable": Template(
        "A step of kind {kind} has no skip conditions.",
        "Put the conditions into its properties, or on the other steps.",
    ),
    "document.branch_not_dependent": Template(
        "“{step}” is a branch of “{condition}” and does not depend on it.", "Add “{condition}” to its depends_on."
    ),
    "document.in_both_branches": Template("“{step}” is in both branches.", "Keep it in one of them."),
}
