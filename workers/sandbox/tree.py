"""The processes of one attempt as one thing: start it, signal it, know when its first process ends, end it all."""

from __future__ import annotations

import json
import os
import resource
import select
import signal

from workers.sandbox import namespaces, processes
from workers.sandbox.child import become_step
from workers.sandbox.crowd import Group, group_make
from workers.sandbox.init import become_init

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from workers.sandbox.spec import LaunchSpec

KILL_SECONDS = 15.0


class Tree:
    """`root` is the step itself or, in its own process namespace, process number 1 there.

    The launcher has adopted all orphans before, so that everything the step ever starts descends from the launcher.
    """

    def __init__(self, spec: LaunchSpec, output: int) -> None:
        self.failure, failing = os.pipe2(os.O_CLOEXEC)
        os.set_blocking(self.failure, False)
        self._status: int | None = None
        self._root_gone = False
        self._complaint = b""
        self._control = self._result = -1
        self._group = _group_of(spec)
        if spec.isolation.level == "namespaces":
            self.root = self._start_inside(spec, output, failing)
        else:
            self.root = self._start_beside(spec, output, failing)
        os.close(failing)
        os.close(output)

    def _start_beside(self, spec: LaunchSpec, output: int, failing: int) -> int:
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            become_step(spec, output, failing, parent, self._group)
        return pid

    def _start_inside(self, spec: LaunchSpec, output: int, failing: int) -> int:
        namespaces.enter(network=spec.isolation.network == "open")
        control, self._control = os.pipe2(os.O_CLOEXEC)
        self._result, result = os.pipe2(os.O_CLOEXEC)
        os.set_blocking(self._result, False)
        pid = os.fork()
        if pid == 0:
            os.close(self._control)
            become_init(spec, output, failing, control, result, self._group)
        os.close(control)
        os.close(result)
        return pid

    def started(self) -> bool | None:
        """None: not known yet. False: `complaint` says why not."""
        try:
            while piece := os.read(self.failure, 4096):
                self._complaint += piece
        except BlockingIOError:
            return None
        return not self._complaint

    def complaint(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._complaint)
        return found

    def signal(self, number: int) -> None:
        try:
            if self._control >= 0:
                os.write(self._control, bytes([number]))
            else:
                os.killpg(self.root, number)
        except (BrokenPipeError, ProcessLookupError):
            pass  # it has just ended

    def status(self) -> int | None:
        """The wait status of the step's first process, once it has ended."""
        self._reap()
        if self._status is None and self._result >= 0:
            try:
                told = os.read(self._result, 64)
            except BlockingIOError:
                return None
            # Process number 1 ends without a word only when it was killed itself.
            self._status = int(told) if told else signal.SIGKILL
        return self._status

    def members(self) -> list[int]:
        return processes.descendants(os.getpid())

    def end(self) -> list[int]:
        """Kill what is left, daemons too. Returns what could not be killed (stuck in the kernel)."""
        left = self._end()
        if self._group:
            self._group.remove()
        return left

    def _end(self) -> list[int]:
        if self._control >= 0 and not self._root_gone:
            # It cannot be reaped before all of its namespace is gone.
            os.kill(self.root, signal.SIGKILL)
            _await_end(self.root)
        self._reap()
        if processes.childless():
            return []
        return processes.kill_all(self.members, seconds=KILL_SECONDS, reap=self._reap)

    def usage(self) -> dict[str, float]:
        """Of all that has ended and been reaped."""
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)
        return {"cpu_seconds": round(spent.ru_utime + spent.ru_stime, 3), "max_rss_mb": round(spent.ru_maxrss / 1e3, 1)}

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid == self.root:
                self._root_gone = True
                self._status = self._status if self._control >= 0 else status


def _group_of(spec: LaunchSpec) -> Group | None:
    if spec.limits.processes is None or spec.limits.processes_by != "cgroup":
        return None
    return group_make(spec.token, spec.limits.processes)


def _await_end(pid: int) -> None:
    """Without looking again and again. Where the kernel has no descriptors for processes, `kill_all` looks."""
    try:
        descriptor = os.pidfd_open(pid)
    except OSError:
        return
    select.select([descriptor], [], [], KILL_SECONDS)
    os.close(descriptor)
