"""From a step's order to what its launcher is told."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Protocol

from backend.domain.problems import problem
from backend.domain.run.messages import StepOrder
from workers.attempt.boxed import box_prepare
from workers.attempt.folder import FIXED_FILES
from workers.sandbox.container_engine import ContainerEngine
from workers.sandbox.spec import CONTAINED
from workers.steps.failure import StepFailure
from workers.steps.kinds import OWN_KINDS, prepare


class Here(Protocol):
    """What has to be known of the machine that a step is started on."""

    @property
    def host(self) -> str: ...
    @property
    def home(self) -> Path: ...
    @property
    def isolation(self) -> str: ...
    @property
    def network(self) -> str: ...
    @property
    def network_possible(self) -> bool: ...
    @property
    def processes(self) -> int: ...
    @property
    def processes_by(self) -> str: ...
    @property
    def grace_seconds(self) -> float | None: ...
    @property
    def fence_seconds(self) -> float | None: ...
    @property
    def log_head(self) -> int: ...
    @property
    def log_tail(self) -> int: ...
    def disk_limit_mb(self) -> int: ...
    def hidden(self) -> list[str]: ...
    @property
    def containers(self) -> ContainerEngine | None: ...


def spec_make(order: StepOrder, config: Here) -> dict[str, Any]:
    """Raises StepFailure when the step cannot be started at all."""
    prepared, box = box_prepare(order, config) if order.image else (prepare(order), None)
    return {
        "box": box,
        "token": order.token,
        "root": order.attempt_dir.rstrip("/"),
        "argv": prepared.argv,
        "cwd": prepared.cwd,
        "environment": prepared.environment,
        "log_path": order.log_path,
        "secrets": [],
        "metrics": [
            {"output": each.output, "path": each.path, "shown": each.logical or each.path, "realtime": each.realtime}
            for each in order.metrics
        ],
        "isolation": _isolation(order, config),
        "limits": {
            "seconds": order.timeout_seconds,
            "memory_mb": order.memory_mb or None,
            "disk_mb": config.disk_limit_mb(),
            "processes": config.processes,
            # The engine limits what is inside; its client's own group would not hold it.
            "processes_by": "watched" if box else config.processes_by,
            "grace": order.grace_seconds if config.grace_seconds is None else config.grace_seconds,
            "fence": config.fence_seconds,
            "log_head": config.log_head,
            "log_tail": config.log_tail,
        },
    }


def _isolation(order: StepOrder, config: Here) -> dict[str, Any]:
    if order.image:
        return {"level": CONTAINED, "network": config.network}
    user_code = order.kind not in OWN_KINDS
    if user_code and config.network == "closed" and not config.network_possible:
        # Closed means closed: a step that was promised no network does not start with one.
        raise StepFailure(problem("step.network_fence", host=config.host))
    own = str(Path(order.attempt_dir).resolve())
    needed = [str(config.home), own, sys.prefix, sys.base_prefix, order.sdk_path, str(Path(__file__).resolve())]
    needed += [order.engine.interpreter] if order.engine else []
    needed += [each.path for each in order.inputs.values()]
    # A private /tmp would cover whatever of ours lies below the real one.
    private = [] if any(Path(path).is_relative_to("/tmp") for path in needed) else ["/tmp"]  # noqa: S108
    return {
        "level": config.isolation,
        "hide": config.hidden(),
        "read_only": [str(config.home)],
        "readable": [path for path in order.readable if Path(path).is_dir()],
        "keep": [own],
        "private": private,
        # What says whose it is and what it does; our own kinds write a report beside these.
        "fixed": [f"{own}/{name}" for name in FIXED_FILES] if user_code else [],
        "network": config.network if user_code else "open",
    }
