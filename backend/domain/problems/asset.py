"""Problem codes `asset.*`: datasets, models, engines, flavors."""

from __future__ import annotations

from backend.domain.problems.template import Template

CODES: dict[str, Template] = {
    "asset.sample": Template(
        "Sample {line} of the dataset cannot be kept: {reason}", "Correct it and run the step again."
    ),
    "asset.dataset_name": Template(
        "“{name}” cannot be the name of a dataset.", "Use 1 to 100 letters, digits, “_” or “-”."
    ),
    "asset.dataset_unknown": Template("There is no dataset called “{name}” here.", "List the datasets, or make one."),
    "asset.dataset_version_exists": Template(
        "The dataset “{dataset}” already has a version “{version}”.",
        "Choose another version name, or leave it empty for the next one.",
    ),
    "asset.dataset_version_unknown": Template(
        "The dataset “{dataset}” has no version “{version}”.", "List its versions, or release one."
    ),
    "asset.dataset_version_name": Template(
        "“{version}” cannot be the name of a dataset version.", "Use 1 to 32 letters, digits, “_” or “-”, as in V001."
    ),
    "asset.model_name": Template("“{name}” cannot be the name of a model.", "Use 1 to 64 letters, digits, “_” or “-”."),
    "asset.model_version_exists": Template(
        "The model “{model}” already has a version {version}.",
        "Choose another version, or leave it empty for the next one.",
    ),
    "asset.model_version_form": Template(
        "“{version}” is not a version of a model.", "Write three numbers from 0 to 99, as in 0.1.12."
    ),
    "asset.model_versions_used_up": Template(
        "The model “{model}” has reached version 99.99.99.", "Register it under a new name."
    ),
    "asset.algorithm_exists": Template(
        "There is an algorithm “{algorithm}” already, and it is another one.",
        "Algorithms never change: choose another version or id, or delete that one first.",
    ),
    "asset.algorithm_unknown": Template(
        "There is no algorithm “{algorithm}” in this project.",
        "Register it under this id and version, or name one of these: {known}.",
    ),
    "asset.image_unknown": Template(
        "There is no image “{image}” in this project.",
        "Register it under this name, or name one of these: {known}.",
    ),
    "asset.image_exists": Template(
        "There is an image “{image}” in this project already.", "Change that one, or choose another name or tag."
    ),
    "asset.image_name": Template(
        "“{name}” is not the name of an image.",
        "Write organisation/name:tag, without blanks; a digest has a field of its own.",
    ),
    "asset.image_reference": Template(
        "“{reference}” is not what a container engine could pull.",
        "Write it as registry/organisation/name:tag, in small letters and without blanks.",
    ),
    "asset.image_digest": Template(
        "“{digest}” is not a digest.", "Write sha256: and 64 digits 0-9 and a-f, as the engine shows it."
    ),
    "asset.engine_unknown": Template(
        "There is no engine “{name}” in version “{version}”.", "Choose one of these: {known}."
    ),
}
