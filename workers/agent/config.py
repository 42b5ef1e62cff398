"""What the agent needs to know about this installation, from settings and the environment of the worker."""

from __future__ import annotations

import json
import os
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings

from backend.shared.logs import SECRET_VARIABLES
from workers.sandbox.boxes import FOLDER as BOXES
from workers.sandbox.container_engine import ContainerEngine, engine_from_json
from workers.sandbox.spec import LEVELS

ISOLATION_VARIABLE = "PIPELOOM_ISOLATION"
FENCES_VARIABLE = "PIPELOOM_FENCES"
"""What the probe found, from the host process to those below it."""
CONTAINERS_VARIABLE = "PIPELOOM_CONTAINERS_FOUND"
"""The container engine that answered, likewise."""
DISK_VARIABLE = "PIPELOOM_STEP_DISK_MB"
PROCESSES_VARIABLE = "PIPELOOM_STEP_PROCESSES"
NETWORK_VARIABLE = "PIPELOOM_STEP_NETWORK"
MOST_PROCESSES = 4096
_SHARE_OF_FREE_DISK = 0.9
_MEBIBYTE = 1 << 20
_OF_PROJECTS = ("storage", "datasets", "models", "replaced")


@dataclass(frozen=True, slots=True)
class Config:
    """`isolation` is the level found by the probe of this host, or the one an administrator insists on.

    `grace_seconds` of a host, where set, replaces what an order gives a step between being asked and being killed.
    """

    host: str
    home: Path
    isolation: str
    heartbeat_seconds: float
    fence_seconds: float
    grace_seconds: float | None
    log_head: int
    log_tail: int
    processes: int
    processes_by: str
    disk_mb: int | None
    network: str
    network_possible: bool
    containers: ContainerEngine | None

    @property
    def patience_seconds(self) -> float:
        """For an answer of the database. A beat that is given up leaves as much time for another before the fence."""
        return (self.fence_seconds - self.heartbeat_seconds) / 2

    @property
    def attempts(self) -> Path:
        return self.home / "attempts"

    def disk_limit_mb(self) -> int:
        """What an administrator set, else most of what is free now: one step must not take the last of it from all."""
        return self.disk_mb or int(shutil.disk_usage(self.home).free * _SHARE_OF_FREE_DISK / 1_000_000)

    def fences(self) -> dict[str, Any]:
        """What holds for steps on this host, for people to see."""
        return {
            "processes": {"by": self.processes_by, "most": self.processes},
            "disk": {"most_mb": self.disk_mb},
            "network": {"now": self.network, "possible": self.network_possible},
            "files": self.isolation != "none",
        }

    def hidden(self) -> list[str]:
        """What no step may see: secrets, the servers' data and sockets, the folders of other attempts, and the data of
        all projects, of which an order opens what its step needs."""
        inside = ("secrets", "postgres", "redis", "logs", "run", ".tmp", "attempts", "instance.json", "lock", BOXES)
        for name in _OF_PROJECTS:
            # What is made later cannot be hidden from a step that runs already.
            (self.home / name).mkdir(mode=0o700, exist_ok=True)
        found = [self.home / name for name in (*inside, *_OF_PROJECTS)] + _socket_folders() + _secret_files()
        return sorted({str(path.resolve()) for path in found if path.exists()})


def _socket_folders() -> list[Path]:
    folders = []
    host = str(settings.DATABASES["default"].get("HOST") or "")
    if host.startswith("/"):
        folders.append(Path(host))
    address = urlsplit(str(settings.REDIS_URL))
    if address.scheme in ("unix", "redis+socket"):
        folders.append(Path(unquote(address.path)).parent)
    return folders


def _secret_files() -> list[Path]:
    """What containers (/run/secrets) and systemd hand over; of systemd the folder, in which nothing else is."""
    named = [os.environ.get(f"{name}_FILE") for name in SECRET_VARIABLES]
    return [Path(each) for each in (*named, os.environ.get("CREDENTIALS_DIRECTORY")) if each]


def config_read() -> Config:
    level = os.environ.get(ISOLATION_VARIABLE, "none")
    found = json.loads(os.environ.get(FENCES_VARIABLE) or "{}")
    disk = os.environ.get(DISK_VARIABLE)
    return Config(
        host=os.environ.get("PIPELOOM_WORKER_NAME") or socket.gethostname(),
        home=Path(settings.PIPELOOM_HOME).resolve(),
        isolation=level if level in LEVELS else "none",
        heartbeat_seconds=settings.PIPELOOM_HEARTBEAT_SECONDS,
        fence_seconds=settings.PIPELOOM_FENCE_SECONDS,
        grace_seconds=float(grace) if (grace := os.environ.get("PIPELOOM_GRACE_SECONDS")) else None,
        log_head=int(os.environ.get("PIPELOOM_LOG_HEAD_BYTES", 64 * _MEBIBYTE)),
        processes=int(os.environ.get(PROCESSES_VARIABLE) or MOST_PROCESSES),
        processes_by=found.get("processes", "watched"),
        disk_mb=int(disk) if disk else None,
        network="closed" if os.environ.get(NETWORK_VARIABLE) == "closed" else "open",
        network_possible=bool(found.get("network")),
        containers=engine_from_json(os.environ.get(CONTAINERS_VARIABLE)),
        log_tail=int(os.environ.get("PIPELOOM_LOG_TAIL_BYTES", 4 * _MEBIBYTE)),
    )
