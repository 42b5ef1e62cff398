"""Problem codes `step.*`: why an attempt of a step did not succeed."""

from __future__ import annotations

from backend.domain.problems.template import Template

ENDINGS: dict[str, Template] = {
    "step.exception": Template("{place}: {error}", "Correct the program there, and retry the step or run again."),
    "step.exit_code": Template(
        "The program ended with exit code {code}.", "The end of its log says why; correct it and retry the step."
    ),
    "step.disk_full": Template(
        "There was no space left on the disk when the program ended with exit code {code}.",
        "Make room on the host's disk and retry the step.",
    ),
    "step.signal": Template(
        "The program was ended by the signal {signal}.",
        "The end of its log may say why; a crash inside a library often looks like this.",
    ),
    "step.killed": Template(
        "The program was killed by {signal}.",
        "If nobody killed it, neither a person nor the program itself, the machine ran out of memory: choose a larger "
        "flavor, or make the program use less.",
    ),
    "step.timeout": Template(
        "The step ran longer than its limit of {limit} and was ended.",
        "Raise the limit in the step's policy, or make the program faster.",
    ),
    "step.out_of_memory": Template(
        "The step used {used} MB of memory, and its flavor has {limit} MB.",
        "Choose a larger flavor, or make the program use less.",
    ),
    "step.too_many_processes": Template(
        "The step had {count} processes at once, which is more than its host allows, and was ended.",
        "See that the program starts no processes without end; an administrator can raise PIPELOOM_STEP_PROCESSES.",
    ),
    "step.disk_limit": Template(
        "The step wrote {used} MB, which is more than its host allows, and was ended.",
        "Write less, or delete what is not needed any more while it runs; an administrator can raise "
        "PIPELOOM_STEP_DISK_MB.",
    ),
    "step.file_too_large": Template(
        "The step wrote a single file larger than all that its host allows it to write, and was ended.",
        "Write less; an administrator can raise PIPELOOM_STEP_DISK_MB.",
    ),
    "step.stopped": Template("The step was stopped on request.", "Retry the step to run it again."),
    "step.agent_failed": Template(
        "The worker that looked after the step failed.",
        "This is an error in Pipeloom: the worker's log on that host says more. The step is tried again.",
    ),
    "step.launcher_lost": Template(
        "The process that looked after the step was killed, and the step with it.",
        "A machine that runs out of memory does this. The step is tried again.",
    ),
    "step.worker_died": Template(
        "The worker process on {host} that ran the step died.", "The step is tried again by itself, a few times."
    ),
    "step.host_restarted": Template(
        "The host {host} was restarted while the step ran.", "The step is tried again by itself, a few times."
    ),
    "step.no_report": Template(
        "The step ended without a report of what it did.", "This is an error in Pipeloom: the log says more."
    ),
}

STARTS: dict[str, Template] = {
    "step.program_missing": Template(
        "There is no program “{program}” to start.",
        "Give the engine that has it, a path inside the code folder, or the full path of the program.",
    ),
    "step.not_started": Template(
        "The program could not be started: {error}.", "Check the engine's interpreter and the command."
    ),
    "step.isolation": Template(
        "The step could not be fenced off from the server ({error}), so it was not started.",
        "Run “manage.py doctor” on that host, or allow a weaker fence there with PIPELOOM_ISOLATION.",
    ),
    "step.network_fence": Template(
        "Steps on {host} run without a network, and that host cannot close it, so the step was not started.",
        "Allow user and network namespaces there (“manage.py doctor” says how), or unset PIPELOOM_STEP_NETWORK.",
    ),
    "step.preparation": Template(
        "The step's folder could not be prepared: {error}.", "See that the host's disk is writable and not full."
    ),
    "step.code_missing": Template(
        "The code folder has no file “{file}”.", "Check the code folder and the boot file of the algorithm."
    ),
    "step.command_missing": Template(
        "The algorithm has neither a boot file with an engine nor a command.", "Give one of them."
    ),
    "step.no_container_engine": Template(
        "The step runs in a container image, and {host} has no container engine.",
        "Install Docker or Podman there and start the worker anew; “manage.py doctor” says what it finds.",
    ),
    "step.image_not_pulled": Template(
        "The image “{image}” is not on the host and could not be pulled: {error}",
        "See that it exists under this name, and that the host may pull it; or load it there beforehand.",
    ),
    "step.container_not_started": Template(
        "The container of the image “{image}” could not be started: {error}",
        "If a program is named, it must be in the image; its log and “manage.py doctor” on the host may say more.",
    ),
    "step.kind_unknown": Template(
        "This host does not know steps of the kind “{kind}”.", "Update Pipeloom on the host and start it again."
    ),
}

OUTPUTS: dict[str, Template] = {
    "step.output_link": Template(
        "Output “{output}” holds the link “{file}”, which leads out of it.",
        "Copy the file instead, or link to a file inside the same output by a relative path.",
    ),
    "step.output_special": Template(
        "Output “{output}” holds “{file}”, which is neither a file nor a folder.", "Write ordinary files only."
    ),
    "step.output_unreadable": Template(
        "“{file}” in output “{output}” cannot be read: {error}.", "Leave outputs readable for the user of the step."
    ),
    "step.output_missing": Template(
        "The program ended well, but output “{output}” is not there any more.",
        "Leave the folder that the program was given in place and write into it.",
    ),
}

KINDS: dict[str, Template] = {
    "step.input_missing": Template(
        "Input “{input}” is not there: “{where}”.", "Check the path, and that the step that writes it has run."
    ),
    "step.not_a_folder": Template("Input “{input}” is a file, and a folder is needed.", "Give the path of a folder."),
    "step.no_samples": Template(
        "No usable image was found in “{where}” ({skipped} files were left out{example}).",
        "Put images (JPG, JPEG, PNG or BMP, at most 5 MB each) into one folder per label.",
    ),
    "step.dataset_differs": Template(
        "The dataset “{name}” exists and holds {found} data, not {expected}.",
        "Choose another name, or delete the dataset first.",
    ),
    "step.import_format": Template(
        "Labels in the format “{format}” cannot be read yet.", "Use MA_IMAGENET_V1: one folder of images per label."
    ),
    "step.split_ratio": Template(
        "The ratio “{ratio}” is not a number from 0 to 1.00.", "Write for example 0.8 to train with 80 percent."
    ),
    "step.nothing_to_release": Template(
        "The dataset has no labelled sample ({unlabelled} without a label).", "Label samples first, then release."
    ),
    "step.version_name": Template(
        "“{name}” cannot name a version of a dataset.", "Use letters, digits, '-' and '_', at most 32."
    ),
    "step.model_empty": Template(
        "There is no file to register as a model in “{where}”.", "See that the step before writes its model there."
    ),
    "step.input_changed": Template(
        "“{file}” cannot be copied: {error}.", "See that nothing changes or removes the files meanwhile, and retry."
    ),
}

CODES: dict[str, Template] = ENDINGS | STARTS | OUTPUTS | KINDS
