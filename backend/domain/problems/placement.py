"""Problem codes `placement.*`: why a step is not placed on a host yet, or never can be."""

from __future__ import annotations

from backend.domain.problems.template import Template

CODES: dict[str, Template] = {
    "placement.gpus_short": Template(
        "Needs {gpus} GPU ({type}), {free} free on {host}; number {position} in line.",
        "It starts by itself when enough cards are free on one host. A smaller flavor may start sooner.",
    ),
    "placement.cpu_short": Template(
        "Needs {cpu} CPU, {free} free on {host}; number {position} in line.",
        "It starts by itself when enough CPU is free on one host.",
    ),
    "placement.memory_short": Template(
        "Needs {memory_mb} MB of memory, {free} MB free on {host}; number {position} in line.",
        "It starts by itself when enough memory is free on one host.",
    ),
    "placement.kept_for_earlier": Template(
        "There is room on {host}, but it is kept for a step that waits longer; number {position} in line.",
        "It starts by itself after the steps in front of it.",
    ),
    "placement.quota_jobs": Template(
        "Steps that the project runs: {used}, its quota: {limit}; number {position} in line.",
        "It starts by itself when one of the project's steps ends; a manager can raise the quota.",
    ),
    "placement.quota_gpus": Template(
        "GPUs needed: {gpus}, used by the project: {used}, quota: {limit}; number {position} in line.",
        "It starts by itself when the project's steps give cards back; a manager can raise the quota.",
    ),
    "placement.host_away": Template(
        "Only {host} could run it, and that host is not connected; number {position} in line.",
        "Start the worker on that host again, or choose another flavor.",
    ),
    "placement.disk_full": Template(
        "The disk of {host} is nearly full ({free} MB free), so nothing new starts there; number {position} in line.",
        "Delete what is not needed on that host; the step then starts by itself.",
    ),
    "placement.host_held": Template(
        "The disk is nearly full: {free} MB are free, so no new step starts here.",
        "Delete what is not needed, for example old results in the storages; steps then start by themselves.",
    ),
    "placement.no_hosts": Template(
        "No host is connected; number {position} in line.", "Start a worker: `manage.py worker`, or `make up`."
    ),
    "placement.no_container_engine": Template(
        "No host, connected or known, has a container engine; number {position} in line.",
        "Install Docker or Podman on a worker host and start its worker anew, or use an engine that is no image.",
    ),
    "placement.impossible": Template(
        "No host, connected or known, has {cpu} CPU, {memory_mb} MB of memory and GPUs ({type}): {gpus}, in {pool}.",
        "Choose a smaller flavor, or add a host that can serve this one.",
    ),
}
