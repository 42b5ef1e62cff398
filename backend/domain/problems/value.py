"""Problem codes `value.*`: what is wrong with a value given for a placeholder, or with its default."""

from __future__ import annotations

from backend.domain.problems.template import Template

CODES: dict[str, Template] = {
    "value.not_an_object": Template("Values are an object of names and values, not {found}.", "Send an object."),
    "value.unknown": Template("The workflow asks for no value called “{name}”.", "Remove it, or correct its name."),
    "value.missing": Template("“{name}” has no value, and no default to fall back on.", "Give it a value."),
    "value.fixed": Template(
        "“{name}” is fixed data of the workflow.", "Remove the value, or make the data a placeholder in the document."
    ),
    "value.wrong_type": Template(
        "“{name}” takes {expected}, not {found}.", "Write {expected}; nothing is converted, and a text stays a text."
    ),
    "value.not_a_choice": Template("{found} is none of the choices of “{name}”.", "Choose one of: {choices}."),
    "value.out_of_range": Template("{found} is out of range for “{name}”.", "Give a number that is {rule}."),
    "value.bad_path": Template(
        "“{found}” is no path in a storage.",
        "Write it like /bucket/folder/ or /bucket/folder/file, without “..”, empty parts or backslashes.",
    ),
    "value.not_a_directory": Template("“{found}” names a file; here it takes a folder.", "End the path with “/”."),
    "value.not_a_file": Template("“{found}” names a folder; here it takes a file.", "Leave out the “/” at the end."),
    "value.bad_image": Template(
        "“{found}” is no container image.", "Write it like organisation/image:tag, without a host."
    ),
    "value.bad_flavor": Template(
        "The value of “{name}” names no flavor.", "Choose one, like {{“flavor_id”: “cpu-1”}}."
    ),
    "value.not_selectable": Template("“{name}” cannot be {found}.", "Choose data of one of these types: {allowed}."),
    "value.dataset_version": Template(
        "“{name}” goes into a job, and a job needs a released version of the dataset.", "Give version_name as well."
    ),
    "value.unfit": Template(
        "The value of “{name}” cannot stand where “{step}” uses it: {reason}", "Give another value. {advice}"
    ),
}
