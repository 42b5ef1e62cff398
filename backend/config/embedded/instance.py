"""instance.json: what the running `up` tells everybody else about itself.

Other commands find the database through it, a second `up` finds the first, and the next `up`
finds what a killed one left behind. It is written whole, and only by the holder of the lock.
"""

import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from backend.config.embedded.home import Home, write_private


@dataclass(frozen=True, slots=True)
class ProcessRecord:
    """Enough to know a process again: a pid alone may meanwhile belong to somebody else."""

    name: str
    pid: int
    started: int


@dataclass(frozen=True, slots=True)
class Instance:
    """`state` is starting, ready or stopping."""

    state: str
    boot_id: str
    up: ProcessRecord
    runtime: str
    url: str = ""
    children: tuple[ProcessRecord, ...] = field(default=())

    @property
    def pids(self) -> dict[str, int]:
        return {record.name: record.pid for record in self.children}

    def with_state(self, state: str) -> "Instance":
        return replace(self, state=state)

    def with_children(self, children: tuple[ProcessRecord, ...]) -> "Instance":
        return replace(self, children=children)


def instance_read(home: Home) -> Instance | None:
    """None when there is none, or when it cannot be understood: then nothing is known."""
    try:
        raw = json.loads(home.instance.read_text())
        return Instance(
            state=raw["state"],
            boot_id=raw["boot_id"],
            up=ProcessRecord(**raw["up"]),
            runtime=raw["runtime"],
            url=raw["url"],
            children=tuple(ProcessRecord(**child) for child in raw["children"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def instance_write(home: Home, instance: Instance) -> None:
    raw: dict[str, Any] = asdict(instance)
    raw["pids"] = {"up": instance.up.pid, **instance.pids}
    write_private(home.instance, json.dumps(raw, indent=1))
