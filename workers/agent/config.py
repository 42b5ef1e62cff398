"""What the agent needs to know about this installation, from settings and the environment of the worker."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings

from workers.sandbox.spec import LEVELS

ISOLATION_VARIABLE = "PIPELOOM_ISOLATION"
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

    @property
    def patience_seconds(self) -> float:
        """For an answer of the database. A beat that is given up leaves as much time for another before the fence."""
        return (self.fence_seconds - self.heartbeat_seconds) / 2

    @property
    def attempts(self) -> Path:
        return self.home / "attempts"

    def hidden(self) -> list[str]:
        """What no step may see: secrets, the servers' data and sockets, the folders of other attempts, and the data of
        all projects, of which an order opens what its step needs."""
        inside = ("secrets", "postgres", "redis", "logs", "run", "attempts", "instance.json", "lock", *_OF_PROJECTS)
        for name in _OF_PROJECTS:
            # What is made later cannot be hidden from a step that runs already.
            (self.home / name).mkdir(mode=0o700, exist_ok=True)
        found = [self.home / name for name in inside] + _socket_folders()
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


def config_read() -> Config:
    level = os.environ.get(ISOLATION_VARIABLE, "none")
    return Config(
        host=os.environ.get("PIPELOOM_WORKER_NAME") or socket.gethostname(),
        home=Path(settings.PIPELOOM_HOME).resolve(),
        isolation=level if level in LEVELS else "none",
        heartbeat_seconds=settings.PIPELOOM_HEARTBEAT_SECONDS,
        fence_seconds=settings.PIPELOOM_FENCE_SECONDS,
        grace_seconds=float(grace) if (grace := os.environ.get("PIPELOOM_GRACE_SECONDS")) else None,
        log_head=int(os.environ.get("PIPELOOM_LOG_HEAD_BYTES", 64 * _MEBIBYTE)),
        log_tail=int(os.environ.get("PIPELOOM_LOG_TAIL_BYTES", 4 * _MEBIBYTE)),
    )
