"""One supervised process: start, notice its end, start again with back-off, stop in order."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from backend.config.embedded.identity import Identity, spawn_argv
from backend.config.embedded.instance import ProcessRecord
from backend.config.embedded.processes import await_end, descendants, process_record, send, session_members

FIRST_DELAY, LONGEST_DELAY, STEADY_SECONDS = 0.2, 15.0, 30.0
LOG_LIMIT = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ChildSpec:
    """What to run and how to tell that it is up; `ready` is asked with the pid until it says yes."""

    name: str
    argv: Sequence[str]
    log: Path
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    identity: Identity | None = None
    ready: Callable[[int], bool] | None = None
    ready_seconds: float = 60
    stop_signal: signal.Signals = signal.SIGTERM
    hard_signal: signal.Signals = signal.SIGKILL
    death_signal: signal.Signals = signal.SIGKILL
    stop_seconds: float = 10
    directory: str | None = None
    pass_fds: tuple[int, ...] = ()


class Child:
    """The process of one spec, over all its restarts."""

    def __init__(self, spec: ChildSpec) -> None:
        self.spec = spec
        self.process: subprocess.Popen[bytes] | None = None
        self.record: ProcessRecord | None = None
        self.restarts = 0
        self._delay = FIRST_DELAY
        self._started_at = 0.0
        self._start_after = 0.0

    def start(self) -> None:
        """In a session of its own, so that Ctrl-C in the terminal reaches only `up`."""
        argv = spawn_argv(list(self.spec.argv), identity=self.spec.identity, death_signal=self.spec.death_signal)
        with open(self.spec.log, "ab", buffering=0) as log:
            self.process = subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=dict(self.spec.environment),
                cwd=self.spec.directory,
                start_new_session=True,
                pass_fds=self.spec.pass_fds,
            )
        self.record = process_record(self.spec.name, self.process.pid)
        self._started_at = time.monotonic()

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def is_ready(self) -> bool:
        if not self.running or self.process is None:
            return False
        return self.spec.ready is None or self.spec.ready(self.process.pid)

    def ended(self) -> int | None:
        """The exit status of a process that has just gone; None otherwise. Its session goes with it."""
        if self.process is None or self.process.poll() is None:
            return None
        status = self.process.returncode
        for member in session_members(self.process.pid):
            send(member, signal.SIGKILL)
        steady = time.monotonic() - self._started_at > STEADY_SECONDS
        self._delay = FIRST_DELAY if steady else self._delay
        self._start_after = time.monotonic() + self._delay
        self._delay = min(self._delay * 2, LONGEST_DELAY)
        self.process = None
        self.record = None
        return status

    def restart_when_due(self) -> bool:
        if self.process is not None or time.monotonic() < self._start_after:
            return False
        self.restarts += 1
        self.start()
        return True

    def stop(self, *, at_once: bool = False, hurry: Callable[[], bool] = lambda: False) -> None:
        """Ask, wait (until `hurry` says that patience has ended), then end it with everything it started."""
        if self.process is None or self.record is None:
            return
        family = [*descendants(self.process.pid), *session_members(self.process.pid)]
        if not at_once:
            send(self.record, self.spec.stop_signal)
            self._await_exit(self.spec.stop_seconds, hurry)
        if self.running:
            send(self.record, self.spec.hard_signal)
            self._await_exit(5, lambda: False)
        if self.running:
            self.process.kill()
        self.process.wait()
        for member in [*family, *session_members(self.process.pid)]:
            send(member, signal.SIGKILL)
        await_end(family, 5)
        self.process = None
        self.record = None

    def _await_exit(self, seconds: float, hurry: Callable[[], bool]) -> None:
        deadline = time.monotonic() + seconds
        while self.running and time.monotonic() < deadline and not hurry():
            time.sleep(0.02)

    def log_tail(self, lines: int = 8) -> str:
        try:
            text = self.spec.log.read_bytes()[-8192:].decode(errors="replace")
        except OSError:
            return ""
        return "\n".join(f"    {line}" for line in text.strip().splitlines()[-lines:])


def log_bound(path: Path, limit: int = LOG_LIMIT) -> bool:
    """Keep one older part. The writer appends to the same open file, so it is copied and cut."""
    try:
        if path.stat().st_size <= limit:
            return False
        path.with_suffix(".log.1").write_bytes(path.read_bytes())
        os.truncate(path, 0)
    except OSError:
        return False
    return True


def end_leftovers() -> None:
    """Whatever still descends from us when all children are stopped: steps, orphans, helpers."""
    left = descendants(os.getpid())
    for record in left:
        send(record, signal.SIGKILL)
    await_end(left, 5)
    # Nobody else will collect them: on a small machine process 1 may not.
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
