"""Starts the children in order, keeps them alive, stops them in the opposite order.

One thread: the kernel ties a child to the *thread* that made it, so every start happens here.
"""

import contextlib
import os
import select
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from backend.config.embedded.children import Child, ChildSpec, end_leftovers, log_bound
from backend.config.embedded.console import Console
from backend.config.embedded.home import Home
from backend.config.embedded.instance import Instance, instance_write
from backend.config.embedded.problems import SetupError
from backend.config.embedded.processes import adopt_orphans
from backend.config.embedded.runtime import runtime_remove

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TICK = 0.2


class Interrupted(Exception):  # noqa: N818 - not an error
    """Somebody asked us to stop."""


class Supervisor:
    """All children of one `up`, and its page in instance.json."""

    def __init__(self, home: Home, console: Console, instance: Instance) -> None:
        self.home = home
        self.console = console
        self.instance = instance
        self.children: list[Child] = []
        # Pids of helper processes whose end somebody else waits for.
        self.helpers: set[int] = set()
        self._asked = 0
        self._wake_read, self._wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def listen_for_signals(self) -> None:
        signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        for number in STOP_SIGNALS:
            signal.signal(number, self._on_stop)
        # A handler that does nothing: its arrival ends the pause, so that a dead child is seen at once.
        signal.signal(signal.SIGCHLD, lambda *_: None)
        adopt_orphans()
        instance_write(self.home, self.instance)

    def _on_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._asked += 1

    def pause(self, seconds: float = TICK) -> None:
        """Wait, but not longer than until the next signal; raises when it asks us to stop."""
        if not self._asked:
            select.select([self._wake_read], [], [], seconds)
        with contextlib.suppress(BlockingIOError):
            os.read(self._wake_read, 4096)
        self._reap_adopted()
        if self._asked:
            raise Interrupted

    def _reap_adopted(self) -> None:
        """Orphans that became ours must not stay zombies; our own children are Popen's to reap."""
        own = {child.process.pid for child in self.children if child.process is not None}
        own |= self.helpers
        while True:
            try:
                found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if found is None or found.si_pid in own:
                return
            os.waitpid(found.si_pid, os.WNOHANG)

    def start(self, specs: Sequence[ChildSpec]) -> None:
        for spec in specs:
            child = Child(spec)
            self.children.append(child)
            child.start()
        self.publish()

    def await_ready(self, names: Sequence[str], *, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Until all of them answer. During set-up a child that ends is an error, not a reason to retry."""
        waiting = [child for child in self.children if child.spec.name in names]
        started = time.monotonic()
        while waiting:
            waiting = [child for child in waiting if not child.is_ready]
            for child in waiting:
                status = child.ended()
                if status is not None:
                    raise SetupError(_explain(child, f"ended with {_status(status)} while starting"))
                if time.monotonic() - started > child.spec.ready_seconds:
                    raise SetupError(_explain(child, f"did not answer within {child.spec.ready_seconds:.0f} s"))
            meanwhile()
            if waiting:
                self.pause(0.03)

    def publish(self, *, state: str | None = None) -> None:
        records = tuple(child.record for child in self.children if child.record is not None)
        self.instance = self.instance.with_children(records).with_state(state or self.instance.state)
        instance_write(self.home, self.instance)

    def keep(self) -> None:
        """Until somebody asks us to stop: start again what dies, keep the logs small."""
        while True:
            for child in self.children:
                status = child.ended()
                if status is not None:
                    self.console.warn(f"{child.spec.name} ended with {_status(status)}; starting it again")
                    self.publish()
                if child.restart_when_due():
                    self.publish()
                log_bound(child.spec.log)
            self.pause(TICK)

    def stop(self) -> None:
        """In the order in which nothing loses what it needs: last started first."""
        self._asked = 0
        if self.children:
            self.publish(state="stopping")
        for child in reversed(self.children):
            if child.running:
                self.console.note(f"stopping {child.spec.name}")
            # A second Ctrl-C means: now.
            child.stop(at_once=self._asked > 0, hurry=lambda: self._asked > 0)
        end_leftovers()
        runtime_remove(Path(self.instance.runtime))
        self.home.instance.unlink(missing_ok=True)


def _status(status: int) -> str:
    return signal.Signals(-status).name if status < 0 else f"status {status}"


def _explain(child: Child, what: str) -> str:
    tail = child.log_tail()
    return f"{child.spec.name} {what}. The end of {child.spec.log}:\n{tail or '    (empty)'}"
