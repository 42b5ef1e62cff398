"""The running parts that fault tests break: a Redis of their own, a worker host and a reconciler, on the test database.

Lighter than `up`: no web process, no engines. Leases are short, so that a test waits seconds and not minutes.
"""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx
import redis
from django.db import connection

from backend.apps.runs.models import Attempt, Run, StepRun, WorkerHost
from backend.config.embedded.children import Child
from backend.config.embedded.home import home_at, home_ensure
from backend.config.embedded.redis_server import program_find, redis_child
from tests.harness.leases import LEASES
from tests.harness.plugin import PASSWORD
from workers.sandbox import processes

REPOSITORY = Path(__file__).resolve().parents[2]
PROGRAM = (sys.executable, "manage.py")


class Plant:
    """Call `end` whatever happens. `host` is the name of its one worker host."""

    def __init__(self, *, slots: int = 2, environment: Mapping[str, str] | None = None) -> None:
        self.host = f"plant-{uuid4().hex[:8]}"
        self.folder = Path(tempfile.mkdtemp(prefix="plant-"))
        # For what steps and tests share: the other folder holds a socket, and is hidden from steps.
        self.shared = Path(tempfile.mkdtemp(prefix="shared-"))
        self.failpoint_log = self.folder / "failpoints"
        self._slots = slots
        self._parts: dict[str, subprocess.Popen[bytes]] = {}
        self._redis = self._redis_child()
        self.environment = {
            **os.environ,
            **LEASES,
            "DATABASE_URL": _database_url(),
            "REDIS_URL": f"unix://:{PASSWORD}@{self.folder}/redis.sock?db=0",
            "PIPELOOM_FAILPOINT_LOG": str(self.failpoint_log),
            **(environment or {}),
        }
        # The test itself is no part of the plant: it only writes rows, as a web process does.
        self.environment.pop("PYTEST_XDIST_WORKER", None)

    def start(self) -> "Plant":
        self.redis_start()
        self.worker_start()
        self.reconciler_start()
        self.until(self.host_online, "the worker host is registered")
        return self

    # ------------------------------------------------------------------------------------------ parts

    def _redis_child(self) -> Child:
        home = home_at(self.folder / "home")
        home_ensure(home)
        return Child(redis_child(home, self.folder, program_find(home), PASSWORD))

    def redis_start(self) -> None:
        self._redis.start()
        self.until(lambda: self._redis.is_ready, "Redis answers")

    def redis_stop(self) -> None:
        self._redis.stop()

    def redis_pid(self) -> int:
        return int(self.redis_client().info("server")["process_id"])

    def redis_client(self) -> redis.Redis:
        return redis.Redis.from_url(self.environment["REDIS_URL"])

    def worker_start(self, command: Sequence[str] = PROGRAM, **environment: str) -> None:
        ready = self.folder / "ready"
        ready.unlink(missing_ok=True)
        more = {"PIPELOOM_READY_FILE": str(ready), **environment}
        argv = ["worker", "--name", self.host, "--concurrency", str(self._slots)]
        process = self._start("worker", argv, more, command)
        self.until(lambda: ready.exists() and ready.read_text() == str(process.pid), "the worker is ready")

    def reconciler_start(self, **environment: str) -> None:
        self._start("reconciler", ["reconcile"], environment)

    def web_start(self) -> str:
        """Returns its address once it answers."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            descriptor = listener.fileno()
            role = {"PIPELOOM_ROLE": "web", "PIPELOOM_PUBLIC_URL": url}
            self._start(
                "web", ["--fd", str(descriptor)], role, [sys.executable, "-m", "backend.config.web"], (descriptor,)
            )

        def answers() -> bool:
            with contextlib.suppress(httpx.HTTPError):
                return httpx.get(f"{url}/healthz", timeout=5).status_code == httpx.codes.OK
            return False

        self.until(answers, "the web process answers")
        return url

    def start_part(self, name: str, argv: list[str], **environment: str) -> subprocess.Popen[bytes]:
        return self._start(name, argv, environment)

    def _start(
        self,
        name: str,
        argv: list[str],
        environment: Mapping[str, str],
        command: Sequence[str] = PROGRAM,
        pass_fds: Sequence[int] = (),
    ) -> subprocess.Popen[bytes]:
        with open(self.folder / f"{name}.log", "ab") as log:
            self._parts[name] = subprocess.Popen(
                [*command, *argv],
                cwd=REPOSITORY,
                env={**self.environment, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=pass_fds,
            )
        return self._parts[name]

    def part(self, name: str) -> subprocess.Popen[bytes]:
        return self._parts[name]

    def stop(self, name: str, number: int = signal.SIGTERM) -> int:
        process = self._parts.pop(name)
        process.send_signal(number)
        return process.wait(60)

    def end(self) -> None:
        family = [pid for part in self._parts.values() for pid in [part.pid, *processes.descendants(part.pid)]]
        for name in list(self._parts):
            self.stop(name, signal.SIGKILL)
        processes.kill_all(lambda: [pid for pid in family if processes.start_time(pid)], seconds=10)
        self._redis.stop(at_once=True)
        for folder in (self.folder, self.shared):
            shutil.rmtree(folder, ignore_errors=True)

    # ------------------------------------------------------------------------------------------ looking

    def host_online(self) -> bool:
        return WorkerHost.objects.filter(pk=self.host, online=True).exists()

    def until(self, condition: Callable[[], Any], what: str, seconds: float = 40) -> Any:
        """The condition's value as soon as it is true; a deadline passed is a failure that shows the logs."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = condition()
            if found:
                return found
            time.sleep(0.02)
        raise AssertionError(f"not within {seconds:.0f} s: {what}\n{self.logs()}")

    def until_state(self, run: Run, *wanted: str, seconds: float = 60) -> str:
        def state() -> str | None:
            run.refresh_from_db()
            return run.state if run.state in wanted else None

        return self.until(state, f"run {run.number} is {' or '.join(wanted)}", seconds)

    def until_step(self, run: Run, step: str, *wanted: str, seconds: float = 40) -> StepRun:
        def row() -> StepRun | None:
            return StepRun.objects.filter(run=run, name=step, state__in=wanted).first()

        return self.until(row, f"step {step} is {' or '.join(wanted)}", seconds)

    def until_log(self, run: Run, step: str, text: str) -> re.Match[str]:
        """The step itself says that it has come so far."""

        def found() -> re.Match[str] | None:
            return re.search(text, self.log_of(run, step))

        return self.until(found, f"step {step} says {text!r}")

    def log_of(self, run: Run, step: str) -> str:
        attempt = self.attempts(run, step).last()
        path = Path(os.environ["PIPELOOM_HOME"], "attempts", str(attempt.pk), "log") if attempt else None
        return path.read_text(errors="replace") if path and path.exists() else ""

    @staticmethod
    def log_exists(attempt: Attempt) -> bool:
        return Path(os.environ["PIPELOOM_HOME"], "attempts", str(attempt.pk), "log").exists()

    @staticmethod
    def attempts(run: Run, step: str) -> Any:
        return Attempt.objects.filter(run=run, step=step).order_by("number")

    def fired(self) -> list[str]:
        return self.failpoint_log.read_text().splitlines() if self.failpoint_log.exists() else []

    def logs(self, lines: int = 40) -> str:
        parts = []
        for path in sorted(self.folder.glob("*.log")):
            tail = path.read_text(errors="replace").splitlines()[-lines:]
            parts.append(f"--- {path.name}\n" + "\n".join(tail))
        return "\n".join(parts)


def _database_url() -> str:
    """Of the test's own database, which pytest-django has made."""
    to = connection.settings_dict
    return f"postgresql://{to['USER']}:{quote(to['PASSWORD'])}@/{to['NAME']}?host={quote(str(to['HOST']), safe='')}"
