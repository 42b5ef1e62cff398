"""A job runs the user's own program: this makes its command line and environment. The launcher does the rest."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from backend.domain.problems import problem
from backend.domain.run.messages import StepOrder
from workers.steps.failure import StepFailure
from workers.steps.prepared import Prepared, base_environment

SHELL = ("/bin/sh", "-c")
# What a command may name. Never the whole environment, and never through a shell.
VARIABLES = ("MA_JOB_DIR", "PIPELOOM_RUN", "PIPELOOM_STEP_ORDER", "CUDA_VISIBLE_DEVICES")
_VARIABLE = re.compile(r"\$(?:\{(" + "|".join(VARIABLES) + r")\}|(" + "|".join(VARIABLES) + r")\b)")
# Set by us for every step; a workflow's own environment cannot take them over.
_RESERVED = ("PIPELOOM_", "MA_JOB_DIR", "CUDA_VISIBLE_DEVICES")


def prepare(order: StepOrder) -> Prepared:
    """An engine's interpreter with the boot file, or a command, and the arguments behind it."""
    environment = environment_of(order)
    if order.argv:
        program, *rest = filled(order, environment)
        command = [_program(program, order, environment), *rest]
    elif order.engine and order.code:
        boot_file = Path(order.work_dir, order.code.boot_file)
        if not boot_file.is_file():
            raise StepFailure(problem("step.code_missing", file=order.code.boot_file))
        command = [order.engine.interpreter, str(boot_file)]
        if not os.access(order.engine.interpreter, os.X_OK):
            raise StepFailure(problem("step.program_missing", program=order.engine.interpreter))
    else:
        raise StepFailure(problem("step.command_missing"))
    return Prepared([*command, *arguments(order)], environment, order.work_dir)


def filled(order: StepOrder, environment: dict[str, str]) -> list[str]:
    """The command with what it names of the environment, ready to get the arguments behind it."""
    return _behind_shell(order, [_substitute(part, environment) for part in order.argv or ()])


def _behind_shell(order: StepOrder, argv: list[str]) -> list[str]:
    """A command that was one text reaches its arguments as if they had been typed at its end; a shell keeps them to
    itself otherwise."""
    if tuple(argv[:2]) != SHELL or len(argv) != len(SHELL) + 1 or not arguments(order):
        return argv
    return [*SHELL, f'{argv[-1]} "$@"', "sh"]


def arguments(order: StepOrder) -> list[str]:
    """`--name=value`: parameters, then inputs, then outputs, each in their order; what is not set is left out."""
    given: dict[str, Any] = dict(order.parameters)
    given |= {name: source.path for name, source in order.inputs.items()}
    given |= {name: output.path for name, output in order.outputs.items()}
    return [f"--{name}={argument(value)}" for name, value in given.items() if value is not None]


def argument(value: Any) -> str:
    """As a script written for the command line would expect it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        return repr(value)
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def environment_of(order: StepOrder) -> dict[str, str]:
    environment = base_environment(order)
    environment |= {
        "PYTHONPATH": order.sdk_path,
        "PYTHONUNBUFFERED": "1",
        "MA_JOB_DIR": order.work_dir,
        # Empty hides every card from a step that was given none.
        "CUDA_VISIBLE_DEVICES": ",".join(order.devices),
    }
    if order.engine:
        # Not resolved: the interpreter of a virtual environment is a link that leads out of it.
        environment["PATH"] = f"{Path(order.engine.interpreter).parent}:{environment['PATH']}"
    own = {name: value for name, value in order.environment.items() if not name.startswith(_RESERVED)}
    return {**environment, **own}


def _substitute(part: str, environment: dict[str, str]) -> str:
    return _VARIABLE.sub(lambda found: environment.get(found[1] or found[2], ""), part)


def _program(name: str, order: StepOrder, environment: dict[str, str]) -> str:
    """Looked up here, because the launcher starts exact paths only."""
    if "/" in name:
        candidates = [Path(order.work_dir, name)]
    else:
        candidates = [Path(folder, name) for folder in environment["PATH"].split(":") if folder]
    for candidate in candidates:
        if candidate.is_file() and os.access(candidate, os.X_OK):
            return str(candidate)
    raise StepFailure(problem("step.program_missing", program=name))
