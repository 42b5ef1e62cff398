"""The launcher's one loop: the step's output, its metrics, its limits, the agent's wishes, and its end."""

from __future__ import annotations

import fcntl
import json
import os
import select
import signal
from importlib import import_module

from workers.sandbox.clock import now as clock_now
from workers.sandbox.ending import Ending, Watchdog
from workers.sandbox.log import LogFile
from workers.sandbox.outlet import Outlet
from workers.sandbox.spec import COOKIE
from workers.sandbox.tree import Tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from workers.sandbox.spec import LaunchSpec
    from workers.sandbox.watch import Watcher

_CHUNK = 1 << 20
_LOG_NOTICE = 0.1
_F_SETPIPE_SZ = 1031
_DEADLY = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


class Supervisor:
    """One attempt. `wake` gets a byte for every signal that arrives."""

    def __init__(self, spec: LaunchSpec, outlet: Outlet, *, commands: int, wake: int, heard: bytes = b"") -> None:
        self._spec = spec
        self._outlet = outlet
        self._commands = commands
        self._command_text, self._heard = b"", heard
        self._wake = wake
        self._poller = select.poll()
        self._handlers: dict[int, Callable[[float], None]] = {}
        self._started_at = clock_now()
        self._ending = Ending(spec.limits.grace)
        self._watchdog = Watchdog(spec.limits, spec.root, self._started_at)
        self._log = LogFile(spec.log_path, head=spec.limits.log_head, tail=spec.limits.log_tail, secrets=spec.secrets)
        self._log_told = self._log.size
        self._log_next = 0.0
        self._output, output = _output_pipe()
        self._tree = Tree(spec, output)
        self._running: bool | None = None
        self.watcher: Watcher | None = None

    def run(self) -> None:
        self._register(self._commands, self._on_command)
        self._register(self._wake, self._on_signal)
        self._register(self._output, self._on_output)
        self._register(self._tree.failure, self._on_failure)
        self._obey(self._heard, self._started_at)
        while self._status() is None:
            now = clock_now()
            self._watchdog.check(self._tree, self._ending, now)
            if self._ending.act(self._tree, now) or (self._ending.reason and not self._running):
                break  # a program that has not begun has nothing to put in order
            self._tell_news(now)
            self._wait(now)
        self._finish()

    def watch(self, watcher: Watcher) -> None:
        self.watcher = watcher
        if watcher.descriptor >= 0:
            self._register(watcher.descriptor, lambda _: watcher.woken())

    # ------------------------------------------------------------------------------------------ waiting

    def _register(self, descriptor: int, handler: Callable[[float], None]) -> None:
        self._handlers[descriptor] = handler
        self._poller.register(descriptor, select.POLLIN)

    def _forget(self, descriptor: int) -> None:
        del self._handlers[descriptor]
        self._poller.unregister(descriptor)

    def _wait(self, now: float) -> None:
        due = [self._watchdog.due(), self._ending.due(), self.watcher.due() if self.watcher else None]
        if self._log.size != self._log_told:
            due.append(self._log_next)
        self._poller.register(self._outlet.descriptor, 0 if self._outlet.idle else select.POLLOUT)
        pause = min(time for time in due if time is not None) - now
        # Rounded up: waking a moment too early would only mean to go to sleep again.
        for descriptor, _ in self._poller.poll(max(0, int(pause * 1000) + 1)):
            if descriptor == self._outlet.descriptor:
                self._outlet.push()
            elif descriptor in self._handlers:
                self._handlers[descriptor](clock_now())

    # ------------------------------------------------------------------------------------------ what arrives

    def _on_command(self, now: float) -> None:
        piece = os.read(self._commands, 65_536)
        if not piece:
            self._forget(self._commands)
            self._ending.force("orphaned", now)
        self._obey(piece, now)

    def _obey(self, piece: bytes, now: float) -> None:
        *lines, self._command_text = (self._command_text + piece).split(b"\n")
        for line in lines:
            told = json.loads(line)
            wish = told["do"]
            if wish == "beat":
                self._watchdog.beat(told["at"])  # when the lease was asked for: the answer may have taken long
            elif wish == "stop":
                self._ending.ask("stopped", now)
            elif wish == "kill":
                self._ending.force("stopped", now)

    def _on_signal(self, now: float) -> None:
        """A child has ended, which the loop asks for anyway, or somebody wants this launcher to end."""
        if any(number in _DEADLY for number in os.read(self._wake, 4096)):
            self._ending.force("orphaned", now)

    def _on_output(self, now: float) -> None:
        if not self._drain_once():
            self._forget(self._output)

    def _drain_once(self) -> bool:
        """False: nobody holds the other end any more."""
        data = os.read(self._output, _CHUNK)
        self._log.feed(data)
        return bool(data)

    def _on_failure(self, now: float) -> None:
        self._running = self._tree.started()
        if self._running is None:
            return
        self._forget(self._tree.failure)
        if self._running:
            self._outlet.put("started", pid=self._tree.root, isolation=self._spec.isolation.level)

    # ------------------------------------------------------------------------------------------ what is told

    def _tell_news(self, now: float) -> None:
        if not self._outlet.idle:
            return
        if self.watcher and (updates := self.watcher.changes(now)):
            self._outlet.put("metrics", updates=updates)
        if self._log.size != self._log_told and now >= self._log_next:
            self._log_told, self._log_next = self._log.size, now + _LOG_NOTICE
            self._outlet.put("log", size=self._log.size)

    # ------------------------------------------------------------------------------------------ the end

    def _status(self) -> int | None:
        if self._running is False:
            return 0
        return self._tree.status()

    def _finish(self) -> None:
        """Daemons may hold the output open for ever: they are killed first, and only what is there is read."""
        status = self._status()
        self._end_box()
        left = self._tree.end()
        status = self._tree.status() if status is None else status
        self._drain_rest()
        dropped = self._log.close()
        if self.watcher and (updates := self.watcher.final(clock_now())):
            self._outlet.put("metrics", updates=updates)
        usage = {"seconds": round(clock_now() - self._started_at, 3), **self._tree.usage()}
        usage["max_rss_mb"] = max(usage["max_rss_mb"], round(self._watchdog.most_memory_mb, 1))
        limits = self._watchdog.usage()
        log = {"size": self._log.size, "dropped": dropped, "error": self._log.error}
        self._outlet.put("exited", **self._how(status), usage=usage, limits=limits, log=log, left=left)
        self._outlet.finish()

    def _end_box(self) -> None:
        """While its engine's own processes still live: they leave less behind than if they are killed with the rest."""
        box = self._spec.box
        if box is not None and os.path.exists(box.mark):
            environment = {name: value for name, value in self._spec.environment.items() if name != COOKIE}
            import_module("workers.sandbox.boxes").box_end(box.program, box.name, box.mark, environment)

    def _how(self, status: int | None) -> dict[str, Any]:
        if self._running is None:
            self._running = self._tree.started()
        if self._running is False:
            return {"code": None, "signal": None, "reason": "not_started", **self._tree.complaint()}
        code = signaled = None
        if status is not None and os.WIFEXITED(status):
            code = os.WEXITSTATUS(status)
        elif status is not None:
            signaled = os.WTERMSIG(status)
        reason = self._ending.reason or ("exit" if signaled is None else "signal")
        return {"code": code, "signal": signaled, "reason": reason}

    def _drain_rest(self) -> None:
        try:
            while self._drain_once():
                pass
        except BlockingIOError:
            pass


def _output_pipe() -> tuple[int, int]:
    reading, writing = os.pipe2(os.O_CLOEXEC)
    os.set_blocking(reading, False)
    try:
        fcntl.fcntl(writing, _F_SETPIPE_SZ, _CHUNK)
    except OSError:
        pass  # this user holds too many large pipes; an ordinary one only means more turns
    return reading, writing
