"""Problem codes `order.*`: what the engine cannot order from a host, and what it cannot keep of a result."""

from __future__ import annotations

from backend.domain.problems.template import Template

CODES: dict[str, Template] = {
    "order.unservable": Template(
        "No host could ever run step “{step}”. {why}",
        "Choose a smaller flavor, or add a host that offers this one.",
    ),
    "order.output_unknown": Template(
        "Step “{step}” needs output “{output}” of step “{producer}”, which has left none.",
        "See how that step ended; retry it, or give the input another source.",
    ),
    "order.input_form": Template(
        "The value of input “{input}” of step “{step}” names no data.",
        "Give a path in a storage, or a dataset by its name.",
    ),
    "order.effect_unknown": Template(
        "The report of step “{step}” registers something for “{output}”, which is none of its outputs.",
        "This is an error in Pipeloom: the log says more.",
    ),
    "order.outside": Template(
        "The report of step “{step}” names “{place}”, which lies outside the attempt's folder.",
        "This is an error in Pipeloom: the log says more.",
    ),
    "order.output_gone": Template(
        "Step “{step}” ended well, but nothing is left at the place of “{place}”.",
        "Leave the folder that the program was given where it is, and write into it.",
    ),
    "order.not_made": Template(
        "Step “{step}” could not be prepared: {error}",
        "This is an error in Pipeloom: the worker's log says more. Retry the step when it is mended.",
    ),
    "order.not_kept": Template(
        "The result could not be kept: {why}", "Correct that (disk space, permissions, names), and retry the step."
    ),
    "order.lost": Template("The step's process is gone: {why}", "The step is queued again by itself, a few times."),
    "order.host_gone": Template(
        "The host did not take the step and has stopped answering.", "The step is queued again by itself."
    ),
    "order.not_taken": Template(
        "The host answers, but has not begun the step for some minutes.",
        "The step is queued again by itself, a few times. If this comes again, start the worker on that host anew.",
    ),
    "order.lease_over": Template(
        "The host has said nothing about the step for too long.", "The step is queued again by itself, a few times."
    ),
    "order.host_restarted": Template(
        "The host was started anew while the step was running.", "The step is queued again by itself, a few times."
    ),
    "order.restored": Template(
        "The step was running when the backup was made from which this installation was restored.",
        "The step is queued again by itself, a few times.",
    ),
    "order.no_log": Template("Step “{step}” has no log yet.", "It gets one when it begins to run."),
    "order.quarantined": Template(
        "Run {run} is in quarantine because of an internal error; the other runs go on.",
        "An administrator finds the trace in the run's details.",
    ),
    "order.run_not_finished": Template(
        "Run {number} is still {state}.", "Stop it first, and delete it when it has ended."
    ),
}
