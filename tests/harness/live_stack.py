"""The real product for end-to-end and fault tests: `manage.py up` in a home of its own."""

import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import httpx
import pytest

from backend.config.embedded.home import home_at
from backend.config.embedded.instance import instance_read
from backend.config.embedded.processes import await_end, descendants, is_alive, process_record
from backend.config.embedded.runtime import runtime_remove

REPOSITORY = Path(__file__).resolve().parents[2]
READY = re.compile(r"^Pipeloom is ready: (?P<url>\S+)$", re.MULTILINE)
READY_SECONDS, STOP_SECONDS = 240.0, 90.0
# The sample's packages are large; one copy serves every test home.
SHARED_ENGINES = REPOSITORY / ".cache" / "test-engines"

NEW_LINK = """
from backend.apps.accounts.models import User
from backend.apps.accounts.services import sign_in_link_create, user_create
name = {name!r}
user = User.objects.filter(username=name).first() or user_create(username=name)
print("link:" + sign_in_link_create(user=user))
"""


@dataclass
class LiveStack:
    """`url` is the origin (no path), `token` a bearer token of the user admin."""

    home: Path
    process: subprocess.Popen[str]
    environment: dict[str, str]
    link: str = ""
    output: str = ""
    _token: str = field(default="", repr=False)

    @property
    def url(self) -> str:
        return "/".join(self.link.split("/", 3)[:3])

    @property
    def instance(self) -> dict[str, Any]:
        return json.loads((self.home / "instance.json").read_text())

    @property
    def pids(self) -> dict[str, int]:
        """By name, as they are now: up, postgres, redis, web, reconciler, worker."""
        return self.instance["pids"]

    @property
    def token(self) -> str:
        if not self._token:
            self._token = self.manage("createtoken", "admin").strip().splitlines()[-1]
        return self._token

    def manage(self, *argv: str, check: bool = True) -> str:
        """Standard output of a management command against this home."""
        done = subprocess.run(
            [sys.executable, "manage.py", *argv],
            cwd=REPOSITORY,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        if check and done.returncode != 0:
            raise AssertionError(f"manage.py {' '.join(argv)} ended with {done.returncode}:\n{done.stderr[-3000:]}")
        return done.stdout

    def sign_in_link(self, user: str = "admin") -> str:
        """A new one, made together with the person where there is none yet; earlier links of the person end."""
        told = self.manage("shell", "-v", "0", "-c", NEW_LINK.format(name=user))
        path = next(line.removeprefix("link:") for line in told.splitlines() if line.startswith("link:"))
        return self.url + path

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {self.token}"}, timeout=30)

    def until(self, condition: Callable[[], Any], what: str, seconds: float = 60) -> Any:
        """Poll a condition until it is truthy; a deadline passed is a failure that shows the logs."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = condition()
            if found:
                return found
            time.sleep(0.05)
        raise AssertionError(f"not within {seconds:.0f} s: {what}\n{self.logs()}")

    def logs(self, lines: int = 30) -> str:
        parts = [f"--- up\n{self.output[-2000:]}"]
        for path in sorted((self.home / "logs").glob("*.log")):
            tail = path.read_text(errors="replace").splitlines()[-lines:]
            parts.append(f"--- {path.name}\n" + "\n".join(tail))
        return "\n".join(parts)

    def stop(self) -> int:
        """Ordered shutdown; the exit status of `up`."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"`up` did not stop within {STOP_SECONDS:.0f} s\n{self.logs()}") from None
        return self.process.returncode

    def end(self) -> None:
        """Whatever happened in the test: nothing of this stack survives it."""
        family = descendants(self.process.pid)
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()
        for record in await_end(family, 10):
            os.kill(record.pid, signal.SIGKILL)
        # Of a killed `up` whose next start, which would remove this folder, never came.
        instance = instance_read(home_at(self.home))
        if instance is not None and not is_alive(instance.up):
            await_end(instance.children, 30)
            runtime_remove(Path(instance.runtime))
        if self.process.stdout:
            self.process.stdout.close()


class StackStarter(Protocol):
    def __call__(
        self,
        *,
        home: Path | None = None,
        workers: int = 2,
        port: int | None = 0,
        env: Mapping[str, str] | None = None,
    ) -> LiveStack:
        """Port 0: any; None: the product's own choice."""


def clean_environment(home: Path, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """As of a person who has set nothing, apart from where packages come from."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIPELOOM_", "PYTEST_"))}
    for name in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"):
        kept.pop(name, None)
    for name in ("PIPELOOM_REDIS_SERVER", "PIPELOOM_CONTAINER_ENGINE"):
        if os.environ.get(name):
            kept[name] = os.environ[name]
    return {**kept, "PIPELOOM_HOME": str(home), "PIPELOOM_ENGINES": str(SHARED_ENGINES), **(extra or {})}


def stack_start(
    home: Path, *, workers: int = 2, port: int | None = 0, env: Mapping[str, str] | None = None
) -> LiveStack:
    """Returns when `up` has said that it is ready."""
    environment = clean_environment(home, env)
    command = [sys.executable, "manage.py", "up", "--home", str(home), "--workers", str(workers)]
    command += [] if port is None else ["--port", str(port)]
    errors = home.parent / f"{home.name}.stderr"
    with open(errors, "w") as stderr:
        process = subprocess.Popen(
            command, cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, stderr=stderr, text=True, bufsize=1
        )
    stack = LiveStack(home=home, process=process, environment=environment)
    try:
        _await_ready(stack, errors)
    except BaseException:
        stack.end()
        raise
    return stack


def _await_ready(stack: LiveStack, errors: Path) -> None:
    assert stack.process.stdout is not None
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if select.select([stack.process.stdout], [], [], 0.1)[0]:
            line = stack.process.stdout.readline()
            stack.output += line
            found = READY.search(line)
            if found:
                stack.link = found["url"]
                return
            if not line and stack.process.poll() is not None:
                break
    stack.output += errors.read_text(errors="replace")
    raise AssertionError(f"`up` did not become ready (exit status {stack.process.poll()})\n{stack.logs()}")


@contextmanager
def live_stacks(factory: pytest.TempPathFactory) -> Iterator[StackStarter]:
    """Start as many as wanted; all of them end here."""
    started: list[LiveStack] = []
    folders: list[Path] = []

    def start(
        *,
        home: Path | None = None,
        workers: int = 2,
        port: int | None = 0,
        env: Mapping[str, str] | None = None,
    ) -> LiveStack:
        if home is None:
            folders.append(Path(tempfile.mkdtemp(prefix="live-", dir=factory.getbasetemp())))
            home = folders[-1] / "home"
        stack = stack_start(home, workers=workers, port=port, env=env)
        started.append(stack)
        return stack

    try:
        yield start
    finally:
        for stack in started:
            stack.end()
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)


__all__ = ["LiveStack", "StackStarter", "clean_environment", "live_stacks", "process_record", "stack_start"]
