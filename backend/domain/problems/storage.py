"""Problem codes `storage.*`: what is wrong with a path or a file in a storage."""

from __future__ import annotations

from backend.domain.problems.template import Template

CODES: dict[str, Template] = {
    "storage.path_form": Template(
        "“{place}” is not a path in a storage: {reason}.",
        "Write /storage/folder/file, or /storage/folder/ for a folder.",
    ),
    "storage.unknown_root": Template(
        "There is no storage called “{name}” here.", "Begin the path with one of these: {known}."
    ),
    "storage.missing": Template("There is no “{place}” in the storage.", "Look what the folder above it holds."),
    "storage.not_a_file": Template("“{place}” is a folder.", "Name a file inside it."),
    "storage.not_a_directory": Template("“{place}” is not a folder.", "Name the folder that it lies in."),
    "storage.link": Template(
        "“{place}” goes through a symbolic link, and links are not followed.",
        "Put the file itself there, or make its folder a storage of its own.",
    ),
    "storage.special": Template(
        "“{place}” is neither a file nor a folder.", "Pipes, sockets and devices cannot be read or kept; remove it."
    ),
    "storage.read_only": Template("The storage “{name}” can only be read.", "Write to another storage."),
    "storage.exists": Template("“{place}” is there already.", "Choose another name, or delete it first."),
    "storage.would_replace": Template(
        "“{place}” holds “{inside}”, which step “{step}” of run {run} ({workflow}) wrote; it would be lost.",
        "Write to a folder of its own: use a storage with with_execution_id, or name another folder, and run again. "
        "Or delete the older result first.",
    ),
    "storage.not_empty": Template(
        "The folder “{place}” is not empty.", "Empty it first, or say recursive=true to delete it with all it holds."
    ),
    "storage.too_large": Template(
        "The file is larger than {limit} bytes, the most that is accepted here.",
        "Put it into the storage folder on the server's disk instead.",
    ),
    "storage.changed": Template(
        "“{place}” is not as you last saw it: somebody else has written or removed it.",
        "Read it again, and decide what of both is wanted.",
    ),
    "storage.upload_offset": Template(
        "{offset} bytes of the file have arrived, so it cannot go on at {found}.", "Go on at {offset}."
    ),
    "storage.upload_busy": Template(
        "A piece of this file is being written at this moment.", "Ask how much has arrived, and go on from there."
    ),
    "storage.upload_size": Template(
        "More came than the {size} bytes that were announced.", "Begin the upload again with the right size."
    ),
    "storage.denied": Template(
        "The operating system does not let the server reach “{place}” ({reason}).",
        "Check owner and permissions of the file on the server.",
    ),
    "storage.full": Template("The disk of the storage is full.", "Delete what is not needed, and try again."),
    "storage.bad_name": Template(
        "The file name “{place}” is not valid UTF-8.", "Rename the file; its name cannot be stored as text."
    ),
}
