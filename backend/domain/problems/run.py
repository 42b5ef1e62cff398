"""Problem codes `run.*`: what a run or a step cannot do now, and why a step ended as it did without an attempt."""

from __future__ import annotations

from backend.domain.problems.template import Template

REFUSALS: dict[str, Template] = {
    "run.unknown_step": Template(
        "There is no step called “{step}”.", "Look up the step's name in the run; names are case-sensitive."
    ),
    "run.already_finished": Template(
        "The run is already {state}.", "There is nothing left to stop. Start a new run, or retry a step that failed."
    ),
    "run.not_started": Template(
        "The run is {state}, so none of its steps can be retried.", "Start the run first, or choose one that has ended."
    ),
    "run.nothing_to_retry": Template(
        "The run is {state}: each of its steps ended well or was skipped, so there is nothing to retry.",
        "For a new result, start a new run.",
    ),
    "run.being_stopped": Template(
        "The run is being stopped.", "Wait until every step has ended, then retry the step or start a new run."
    ),
    "run.step_not_placeable": Template(
        "Step “{step}” is {state}, so it is not waiting for a host.", "Read the run again: it has moved on meanwhile."
    ),
    "run.token_in_use": Template(
        "Another attempt of this run already has the token {token}.", "Make a fresh token for every attempt."
    ),
    "run.step_not_stoppable": Template(
        "Step “{step}” is {state} and cannot be stopped.", "Only a step that waits, is queued or runs can be stopped."
    ),
    "run.step_not_retryable": Template(
        "Step “{step}” is {state} and cannot be retried.",
        "Only a step that failed, timed out or was stopped can be retried. For a new result, start a new run.",
    ),
    "run.edit_outputs": Template(
        "The outputs of step “{step}” have other names or types now, and the steps after it rely on them.",
        "Change only how the outputs are made; for other outputs, change the workflow and start a new run.",
    ),
    "run.edit_branches": Template(
        "The branches of “{step}” are part of the run and cannot change while it goes on.",
        "Change its conditions; for other branches, change the workflow and start a new run.",
    ),
    "run.step_not_waiting": Template(
        "Step “{step}” is {state} and does not wait for input.", "Read the run again: somebody may have continued it."
    ),
    "run.values_missing": Template(
        "Step “{step}” still needs a value for: {names}.", "Give all of these values together, then continue."
    ),
    "run.values_not_awaited": Template(
        "Step “{step}” does not wait for: {names}.",
        "Give only the values that the step waits for; other values are changed by a retry or a new run.",
    ),
}

NOT_HERE: dict[str, Template] = {
    "run.kind_not_here": Template(
        "Step “{step}” is of kind {kind}, which cannot be run here yet.",
        "Run a scene or single steps without it, or export the workflow to where it can be run.",
    ),
    "run.no_container_engine": Template(
        "Step “{step}” runs in a container image, and no host has a container engine.",
        "Install Docker or Podman on a worker host and start its worker anew, or use an engine that is no image.",
    ),
    "run.no_container_engine_here": Template(
        "Step “{step}” runs in a container image, and this machine has no container engine: {why}",
        "Install Docker or Podman, or name one in PIPELOOM_CONTAINER_ENGINE.",
    ),
    "run.release_not_here": Template(
        "Release {version} of the workflow “{workflow}” is not to be had here: {why}.",
        "Make it known with pipeloom.local.add_workflow(), or sign in to its server with `pipeloom login`.",
    ),
    "run.part_not_here": Template(
        "Step “{step}” uses {part}, which cannot be run here yet.",
        "Change it, or run a scene or single steps without it.",
    ),
}

PARTS: dict[str, Template] = {
    "run.reused": Template(
        "Not run again: the result of run {number} is used.",
        "Switch reuse off, or run this step itself, to make it anew.",
    ),
    "run.not_part": Template("Takes no part in this run.", "Run the whole workflow, or to a step behind this one."),
    "run.reuse_no_output": Template(
        "In run {number} step “{step}” left no output “{output}”.", "Choose another run, or run that step anew."
    ),
    "run.unknown_prior": Template(
        "There is no run {run} of this workflow.", "Choose one of its runs, or leave it out to use the newest results."
    ),
    "run.unknown_scene": Template("There is no scene called “{scene}”.", "Choose one of: {known}."),
    "run.scene_empty": Template("The scene “{scene}” has no steps.", "Add steps to it, or choose another."),
    "run.scene_and_steps": Template("A scene and steps are given.", "Give one of them."),
    "run.needs_result": Template(
        "Step “{step}” cannot run alone: it needs a result of step “{producer}”.",
        "Run to here instead: then the steps before it run too, where that is needed.",
    ),
    "run.reuse_off": Template("Reuse is switched off.", "Switch it on to take over results that are still good."),
    "run.reuse_off_here": Template(
        "Reuse is switched off for this step.", "It runs anew in every run; its settings can switch reuse on again."
    ),
    "run.reuse_never_ran": Template("Step “{step}” has not run yet.", "It has to run before its result can be reused."),
    "run.reuse_not_completed": Template(
        "In run {number}, where it was begun last, step “{step}” is {state}.", "Only a completed step can be reused."
    ),
    "run.reuse_changed": Template(
        "Step “{step}” or a value that it uses has changed since run {number}: {parts}.",
        "It runs again with what is there now.",
    ),
    "run.reuse_older": Template(
        "The result of step “{step}” in run {number} was not made from the present result of step “{producer}”.",
        "It runs again, so that results fit together.",
    ),
    "run.reuse_gone": Template(
        "What step “{step}” left in run {number} at “{place}” is not there any more.", "It runs again to make it anew."
    ),
    "run.reuse_files_changed": Template(
        "“{place}”, which step “{step}” works with, has changed since run {number}.",
        "It runs again with the files that are there now.",
    ),
}

REASONS: dict[str, Template] = {
    "run.parents_skipped": Template(
        "Skipped because every step before it was skipped ({parents}).", "See why those steps were skipped."
    ),
    "run.input_skipped": Template(
        "Skipped because input “{input}” comes from step “{producer}”, which was skipped.",
        "To run it anyway, give this input a selector with another source.",
    ),
    "run.no_valid_input": Template(
        "Skipped because none of the sources of input “{input}” ran ({producers}).",
        "At least one of the steps in its selector has to run.",
    ),
    "run.branch_not_taken": Template(
        "Skipped because condition “{condition}” came out {result}.", "See the operands recorded with that condition."
    ),
    "run.condition_result": Template("The conditions came out {result}.", "The operands show which values decided it."),
    "run.condition_skipped": Template(
        "Skipped because condition “{condition}”, which chooses it, was skipped.", "See why the condition was skipped."
    ),
    "run.skip_condition_met": Template(
        "Skipped because its skip conditions are met.", "The operands show which values decided it."
    ),
    "run.awaits_values": Template(
        "Waits for values of: {names}.", "Open the step, fill in the values and press Continue."
    ),
    "run.attempt_lost": Template(
        "The host stopped answering while the step was {state}.", "The step is queued again by itself, a few times."
    ),
    "run.lost_too_often": Template(
        "The step's process was lost {lost} times; the last time: {last}",
        "See whether the hosts are healthy and have enough memory, then retry the step.",
    ),
    "run.flavor_unknown": Template(
        "Step “{step}” asks for the flavor “{flavor}”, which does not exist here.",
        "Choose one of the flavors that the hosts offer: {known}.",
    ),
    "run.flavor_missing": Template(
        "Step “{step}” has no flavor: the value it is taken from is not set or has the wrong form.",
        "Choose a flavor in the run form.",
    ),
    "run.stopped_by_user": Template("Stopped on request.", "Retry the step to run it again."),
    "run.stop_forced": Template(
        "The step did not end in time after the request to stop and was given up.",
        "Look at the host: a process may hang there.",
    ),
    "run.cancelled": Template("The attempt was cancelled on its host.", "Retry the step to run it again."),
    "run.step_failed": Template("The step failed and did not say why.", "Read the end of its log."),
    "run.step_timed_out": Template(
        "The step ran longer than its limit of {minutes} minutes.",
        "Raise the limit in the step's policy, or make it faster.",
    ),
    "run.cannot_begin": Template("The step could not be begun.", "Read the step's properties again and retry it."),
    "run.condition_unreadable": Template(
        "A condition of step “{step}” could not be decided.", "See that each operand exists and fits the comparison."
    ),
}

FORESEEN: dict[str, Template] = {
    "run.decided_by_metric": Template(
        "Decided while the run goes on, by metrics of: {steps}.", "It runs or is skipped when those metrics are known."
    ),
    "run.decided_by_value": Template(
        "Decided while the run goes on, by values that are asked for then: {names}.",
        "Give these values before the run to know it now.",
    ),
    "run.decided_by_step": Template(
        "Decided while the run goes on: it depends on whether step “{step}” runs.", "See what decides that step."
    ),
}

CODES: dict[str, Template] = REFUSALS | NOT_HERE | PARTS | REASONS | FORESEEN
