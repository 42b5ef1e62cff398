"""What the launcher is told: one JSON line. Plain classes, since the usual helpers load slower than all the rest."""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COOKIE = "PIPELOOM_ATTEMPT"
"""The variable in the environment of every process of an attempt, by which stray ones are recognised."""

LEVELS = ("namespaces", "landlock", "none")
CONTAINED = "container"
"""The level of a step whose fence is its container: what the launcher starts is the engine's client."""


class MetricsFile:
    """One declared metrics file: `path` on this machine (below the attempt's folder), `shown` for people."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.output: str = raw["output"]
        self.path: str = raw["path"]
        self.shown: str = raw["shown"]
        self.realtime: bool = raw["realtime"]


class Isolation:
    """The level to use, and what it fences off: hidden, read-only, and folders inside those that stay readable or
    usable in full; `fixed` are files inside the latter that the step must not change. `network` is open or closed."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.level: str = raw["level"]
        if self.level not in (*LEVELS, CONTAINED):
            raise ValueError(f"unknown isolation level {self.level!r}: use one of {', '.join(LEVELS)}")
        self.hide: list[str] = raw.get("hide", [])
        self.read_only: list[str] = raw.get("read_only", [])
        self.readable: list[str] = raw.get("readable", [])
        self.keep: list[str] = raw.get("keep", [])
        self.private: list[str] = raw.get("private", [])
        self.fixed: list[str] = raw.get("fixed", [])
        self.network: str = raw.get("network", "open")
        if self.network == "closed" and self.level not in ("namespaces", CONTAINED):
            raise ValueError("the network can only be closed where a step has namespaces of its own")


class Limits:
    """Seconds, megabytes and bytes; None means none. Tests shrink them."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.seconds: float | None = raw.get("seconds")
        self.memory_mb: float | None = raw.get("memory_mb")
        self.disk_mb: float | None = raw.get("disk_mb")
        self.processes: int | None = raw.get("processes")
        self.processes_by: str = raw.get("processes_by", "watched")
        self.grace: float = raw.get("grace", 10.0)
        self.fence: float | None = raw.get("fence")
        self.log_head: int = raw.get("log_head", 64 << 20)
        self.log_tail: int = raw.get("log_tail", 4 << 20)
        self.metrics_bad_after: float = raw.get("metrics_bad_after", 3.0)


class Box:
    """The container of a step: how it is ended, when the program that looks after it cannot any more."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.program: str = raw["program"]
        self.name: str = raw["name"]
        self.mark: str = raw["mark"]


class LaunchSpec:
    """Everything one attempt needs to run. `token` is also the cookie; `root` is the attempt's folder."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.token: str = raw["token"]
        self.root: str = raw["root"]
        self.argv: list[str] = raw["argv"]
        self.cwd: str = raw["cwd"]
        self.environment: dict[str, str] = {**raw["environment"], COOKIE: self.token}
        self.log_path: str = raw["log_path"]
        self.secrets: list[str] = raw.get("secrets", [])
        self.metrics = [MetricsFile(one) for one in raw.get("metrics", [])]
        self.isolation = Isolation(raw["isolation"])
        self.limits = Limits(raw.get("limits", {}))
        self.box = Box(raw["box"]) if raw.get("box") else None
        if not self.argv:
            raise ValueError("the command line is empty")


def read_spec(line: bytes) -> LaunchSpec:
    """Trusted input: it comes from the agent, over a pipe that nobody else holds."""
    return LaunchSpec(json.loads(line))
