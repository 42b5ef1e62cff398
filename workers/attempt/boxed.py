"""The launcher's part of a step that runs in a container: the program that looks after it, with what it is told."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from backend.domain.problems import Problem, problem
from backend.domain.run.messages import StepOrder
from workers.attempt.contained import contained
from workers.attempt.folder import open_left_behind, write_private
from workers.sandbox import box, boxes
from workers.sandbox.container_engine import ContainerEngine, client_environment
from workers.sandbox.spec import COOKIE
from workers.steps.failure import StepFailure
from workers.steps.prepared import Prepared

_LONGEST = 64 << 10
_REPORT = "box-ended.json"


class Here(Protocol):
    @property
    def host(self) -> str: ...
    @property
    def home(self) -> Path: ...
    @property
    def network(self) -> str: ...
    @property
    def processes(self) -> int: ...
    @property
    def containers(self) -> ContainerEngine | None: ...


def box_prepare(order: StepOrder, here: Here) -> tuple[Prepared, dict[str, Any]]:
    """What to start, and what the launcher has to know to end it. StepFailure where that cannot be done here."""
    engine = here.containers
    if engine is None or order.image is None:
        raise StepFailure(problem("step.no_container_engine", host=here.host))
    inside = contained(order, engine, cookie=COOKIE, network=here.network, processes=here.processes)
    known = {
        "program": engine.program,
        "name": boxes.box_name(order.token),
        "mark": str(boxes.mark_of(here.home, order.token)),
    }
    told = {
        **known,
        "image": order.image.reference,
        "options": inside.options,
        "limits": inside.limits,
        "argv": inside.argv,
        "host": here.host,
        "report": str(Path(order.attempt_dir, _REPORT)),
    }
    description = Path(order.attempt_dir, "box.json")
    write_private(description, json.dumps(told))
    argv = [sys.executable, "-I", "-S", "-E", str(Path(box.__file__).resolve()), str(description)]
    return Prepared(argv, client_environment(os.environ), order.attempt_dir), known


def box_end(token: str, here: Here, environment: Mapping[str, str]) -> str | None:
    """Of an attempt that is over. Why its container is still there, or None; nothing without a mark."""
    if here.containers is None:
        return None
    mark = boxes.mark_of(here.home, token)
    return boxes.box_end(here.containers.program, boxes.box_name(token), mark, client_environment(environment))


def box_failure(order: StepOrder) -> Problem | None:
    """What the engine, and not the program in the container, had against it."""
    if order.image is None:
        return None
    try:
        with open_left_behind(Path(order.attempt_dir, _REPORT)) as file:
            told = json.loads(file.read(_LONGEST))
    except (OSError, ValueError):
        return None
    if told["stage"] == "memory":
        return problem("step.out_of_memory", used=order.memory_mb, limit=order.memory_mb)
    code = "step.image_not_pulled" if told["stage"] == "pull" else "step.container_not_started"
    return problem(code, image=order.image.reference, error=told["error"])
