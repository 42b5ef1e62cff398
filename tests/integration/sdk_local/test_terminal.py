"""A program at a terminal: it asks, goes on meanwhile, and stops when it is told to."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable
from pathlib import Path

from pipeloom import local
from pipeloom import workflow as wf

from tests.integration.sdk_local.terminal import Terminal

TERMINAL_PROGRAM = """
from pipeloom import workflow as wf

root = wf.data.OutputStorage(name="results", default="/default/results/")
def job(name, command, parameters=(), **more):
    return wf.steps.JobStep(name=name, algorithm=wf.BaseAlgorithm(command=["/bin/sh", "-c", command], parameters=[
        wf.AlgorithmParameters(name=each.name, value=each) for each in parameters]), **more)
P, T = wf.Placeholder, wf.PlaceholderType
"""


def at_terminal(here: Path, program: str) -> Terminal:
    path = here / "program.py"
    path.write_text(TERMINAL_PROGRAM + program)
    return Terminal(path)


def test_x05_it_asks_for_missing_values_in_their_order_and_again_when_they_are_wrong(here: Path) -> None:
    program = """
epochs = P(name="epochs", placeholder_type=T.INT)
colour = P(name="colour", placeholder_type=T.ENUM, enum_list=["red", "blue"])
run = wf.Workflow(name="asks", desc="", steps=job("first", "true", [epochs, colour])).run()
print("VALUES", run.parameters)
"""
    with at_terminal(here, program) as terminal:
        terminal.until("epochs = ")
        terminal.type("many")
        terminal.until("“many” is not a whole number.")
        terminal.until("epochs = ")
        terminal.type("12")
        terminal.until("colour = ")
        terminal.type("green")
        terminal.until("is none of the choices")
        terminal.until("colour = ")
        terminal.type("blue")
        terminal.until("The run is completed.")

        assert "VALUES {'epochs': 12, 'colour': 'blue'}" in terminal.rest()
    assert terminal.process.returncode == 0


def test_x06_it_asks_for_a_delayed_value_when_its_step_is_reached_and_others_go_on(here: Path) -> None:
    program = """
rate = P(name="rate", placeholder_type=T.FLOAT, delay=True)
first = job("first", "true")
waits = job("waits", "true", [rate], depend_steps=first)
other = job("other", "while ! test -e HERE/go; do sleep 0.1; done", depend_steps=first)
after = job("after", "touch HERE/after", depend_steps=other)
run = wf.Workflow(name="delays", desc="", steps=[first, waits, other, after]).run()
print("STATES", {name: step.state for name, step in run.items()}, run.parameters)
""".replace("HERE", str(here))
    with at_terminal(here, program) as terminal:
        terminal.until("The step “waits” waits for input.")
        terminal.until("rate = ")
        (here / "go").touch()
        _wait_for(here / "after")
        terminal.type("0.5")
        terminal.until("The run is completed.")
        told = terminal.rest()

    assert "'waits': 'completed'" in told
    assert "{'rate': 0.5}" in told


def test_x05_it_stops_what_runs_at_the_first_interrupt(here: Path) -> None:
    program = """
stubborn = "echo $$ > HERE/pid; trap 'echo asked > HERE/asked; exit 1' INT; while :; do sleep 0.1; done"
run = wf.Workflow(name="stops", desc="", steps=[job("first", stubborn), job("never", "true")]).run()
print("STATES", run.state, {name: step.state for name, step in run.items()})
""".replace("HERE", str(here)).replace('job("never", "true")', 'job("never", "true", depend_steps="first")')
    with at_terminal(here, program) as terminal:
        _wait_for(here / "pid")
        terminal.interrupt()
        told = terminal.rest()

    assert "STATES stopped {'first': 'stopped', 'never': 'init'}" in told
    assert (here / "asked").exists()
    assert not _alive(int((here / "pid").read_text()))


def test_x05_it_leaves_no_process_when_the_program_is_killed(here: Path) -> None:
    program = """
wf.Workflow(name="dies", desc="", steps=job("first", "echo $$ > HERE/pid; while :; do sleep 0.1; done")).run()
""".replace("HERE", str(here))
    with at_terminal(here, program) as terminal:
        _wait_for(here / "pid")
        terminal.process.kill()
        terminal.process.wait()

        _wait_until_gone(int((here / "pid").read_text()))
    assert [each.state for each in local.experiments() if each.workflow == "dies"] == ["lost"]
    step = wf.steps.JobStep(name="next", algorithm=wf.BaseAlgorithm(command="true"))
    assert wf.Workflow(name="next", desc="", steps=step).run().ok
    assert not list(here.glob("home/experiments/*/*/attempts/*/tmp")), "the next run tidies up"


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rpartition(")")[2].split()[0] != "Z"


def _wait_for(path: Path) -> None:
    _until(path.exists, f"{path.name} did not come")


def _wait_until_gone(pid: int) -> None:
    _until(lambda: not _alive(pid), f"process {pid} is still there")


def _until(holds: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, otherwise
        select.select([], [], [], 0.05)
