"""What stands in docker/ brought up on this machine: folders for volumes, free ports for those of the files."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.harness.tcp_servers import free_port
from tests.integration.ship.images import APPLICATION, DOCKER, REPOSITORY, compose, environment_of

SECONDS = 90.0
ROLES = ("web", "reconciler", "worker")
PORTS = (8470, 9471, 9472)


def replaced_by(folder: Path, postgres: int, redis: int, ports: dict[str, int]) -> dict[str, str]:
    """Addresses and paths of the files, and what they are here; in this order."""
    return {
        "postgres:5432": f"127.0.0.1:{postgres}",
        "redis:6379": f"127.0.0.1:{redis}",
        "127.0.0.1:5432": f"127.0.0.1:{postgres}",
        "127.0.0.1:6379": f"127.0.0.1:{redis}",
        "/run/secrets": str(folder / "secrets"),
        "/data": str(folder / "data"),
        "/opt/engines": str(folder / "engines"),
        APPLICATION: str(REPOSITORY),
        **{f"{host}:{port}": f"127.0.0.1:{ports[role]}" for role, port in zip(ROLES, PORTS, strict=True)
           for host in ("0.0.0.0", "127.0.0.1")},
    }  # fmt: skip


def free_ports() -> dict[str, int]:
    return {role: free_port() for role in ROLES}


@dataclass
class Installation:
    """As on the machine of whoever runs `docker compose up`."""

    folder: Path
    replaced: dict[str, str]
    ports: dict[str, int]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def secret(self, name: str) -> str:
        return (self.folder / "secrets" / name).read_text()

    def environment(self, service: str) -> dict[str, str]:
        """No variable of this machine gets in, as none gets into a container."""
        given = {name: self.here(value) for name, value in environment_of(service).items()}
        given["PATH"] = f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin"
        return given

    def here(self, value: str) -> str:
        for theirs, ours in self.replaced.items():
            value = value.replace(theirs, ours)
        return value

    def argv(self, *command: str) -> list[str]:
        return [str(REPOSITORY / "docker" / "entrypoint.sh"), *command]

    def run(self, service: str, *command: str) -> str:
        done = subprocess.run(
            self.argv(*command), env=self.environment(service), capture_output=True, text=True, timeout=SECONDS, cwd="/"
        )
        assert done.returncode == 0, f"{command}: {done.stderr[-3000:]}"
        return done.stdout

    def start(self, service: str) -> None:
        with open(self.log(service), "ab") as log:
            self.processes[service] = subprocess.Popen(
                self.argv(*compose()["services"][service]["command"]),
                env=self.environment(service), stdout=log, stderr=log, cwd="/", start_new_session=True,
            )  # fmt: skip

    def log(self, service: str) -> Path:
        return self.folder / f"{service}.log"

    def healthy(self, service: str) -> bool:
        assert self.processes[service].poll() is None, self.log(service).read_text()[-3000:]
        argv = [sys.executable, str(DOCKER / "healthcheck.py")]
        return subprocess.run(argv, env=self.environment(service), capture_output=True).returncode == 0

    def until(self, condition: Callable[[], Any], what: str) -> Any:
        deadline = time.monotonic() + SECONDS
        while not (found := condition()):
            logs = "".join(f"--- {name}\n{self.log(name).read_text()[-2000:]}" for name in self.processes)
            assert time.monotonic() < deadline, f"not within {SECONDS:.0f} s: {what}\n{logs}"
            time.sleep(0.05)
        return found

    def end(self) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
