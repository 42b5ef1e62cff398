"""What a step was given: inputs, outputs, parameters, devices. Outside Pipeloom all of it is empty.

    import pipeloom

    given = pipeloom.context()
    print(given.inputs["data_url"], given.parameters.get("epochs", 10))

Standard library only, and old syntax (annotations are never evaluated): this loads in whatever Python your step
runs in.
"""

from __future__ import annotations

import json
import os
import sys
import types
from pathlib import Path
from typing import Any, NamedTuple

ORDER_VARIABLE = "PIPELOOM_STEP_ORDER"


class MetricsTarget(NamedTuple):
    """A metrics file that the workflow declares: the name of the output it belongs to, and where to write it."""

    output: str
    path: str


class Context(NamedTuple):
    """The facts of this step. `inside` is false when the program runs by hand."""

    inside: bool
    run: str
    workflow: str
    step: str
    attempt: int
    parameters: dict[str, Any]
    inputs: dict[str, str]
    outputs: dict[str, str]
    metrics: list[MetricsTarget]
    devices: list[str]
    work_dir: str


def current() -> Context:
    """Read the order of the running step, or an empty context when there is none."""
    path = os.environ.get(ORDER_VARIABLE)
    return read(path) if path else _outside()


def read(path: str) -> Context:
    with open(path, encoding="utf-8") as file:
        order = json.load(file)
    return Context(
        inside=True,
        run=str(order.get("run", "")),
        workflow=str(order.get("workflow", "")),
        step=str(order.get("step", "")),
        attempt=int(order.get("attempt", 1)),
        parameters=dict(order.get("parameters") or {}),
        inputs=_paths(order.get("inputs")),
        outputs=_paths(order.get("outputs")),
        metrics=[MetricsTarget(item["output"], item["path"]) for item in order.get("metrics") or []],
        devices=[str(device) for device in order.get("devices") or []],
        work_dir=str(order.get("work_dir") or str(Path.cwd())),
    )


class _Callable(types.ModuleType):
    """`pipeloom.context()` is `pipeloom.context.current()`."""

    def __call__(self) -> Context:
        return current()


sys.modules[__name__].__class__ = _Callable


def _outside() -> Context:
    return Context(False, "", "", "", 0, {}, {}, {}, [], [], str(Path.cwd()))


def _paths(ports: dict[str, Any] | None) -> dict[str, str]:
    return {name: port["path"] for name, port in (ports or {}).items() if port.get("path")}
