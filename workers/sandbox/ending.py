"""Why and how a step is ended early: asked politely twice, then killed; the first reason is the one that counts."""

from __future__ import annotations

import signal

from workers.sandbox import processes
from workers.sandbox.room import Room

TYPE_CHECKING = False
if TYPE_CHECKING:
    from workers.sandbox.spec import Limits
    from workers.sandbox.tree import Tree

MEMORY_INTERVAL = 1.0
_CLOSE_TO_LIMIT = 0.7


class Ending:
    """`reason` stays None as long as nobody wants the step to end."""

    def __init__(self, grace: float) -> None:
        self._grace = grace
        self.reason: str | None = None
        self._plan: list[tuple[float, int]] = []

    def ask(self, reason: str, now: float) -> None:
        if self.reason is None:
            self.reason = reason
            half = now + self._grace / 2
            self._plan = [(now, signal.SIGINT), (half, signal.SIGTERM), (now + self._grace, signal.SIGKILL)]

    def force(self, reason: str, now: float) -> None:
        """For what must not go on, not even politely: no lease, no agent, no memory."""
        self.reason = self.reason or reason
        self._plan = [(now, signal.SIGKILL)]

    def due(self) -> float | None:
        return self._plan[0][0] if self._plan else None

    def act(self, tree: Tree, now: float) -> bool:
        """Do what is due. True when it is time to kill: then the whole tree, and not by a signal to one group."""
        while self._plan and self._plan[0][0] <= now:
            number = self._plan.pop(0)[1]
            if number == signal.SIGKILL:
                return True
            tree.signal(number)
        return False


class Watchdog:
    """Time, memory, processes, disk and the lease of one attempt."""

    def __init__(self, limits: Limits, root: str, now: float) -> None:
        self._limits = limits
        self._room = Room(root, limits.disk_mb, now)
        self._deadline = None if limits.seconds is None else now + limits.seconds
        self._last_beat = now
        # Not at once: there is nothing yet, and the kernel remembers the most that a short step had.
        self._next_memory = now + MEMORY_INTERVAL
        self.most_memory_mb = 0.0
        self.most_processes = 0

    def beat(self, now: float) -> None:
        self._last_beat = now

    def due(self) -> float:
        times = [self._next_memory]
        if self._deadline is not None:
            times.append(self._deadline)
        if self._limits.fence is not None:
            times.append(self._last_beat + self._limits.fence)
        room = self._room.due()
        return min(times if room is None else [*times, room])

    def check(self, tree: Tree, ending: Ending, now: float) -> None:
        # The lease first: after a long sleep everything is overdue, and only this one must not wait.
        if self._limits.fence is not None and now >= self._last_beat + self._limits.fence:
            ending.force("fenced", now)
        if self._deadline is not None and now >= self._deadline:
            self._deadline = None
            ending.ask("timeout", now)
        if now >= self._next_memory:
            members = tree.members()
            self._check_memory(members, ending, now)
            self._check_crowd(members, ending, now)
        if self._room.exceeded(now):
            ending.force("disk", now)

    def usage(self) -> dict[str, float]:
        return {"disk_mb": round(self._room.used_mb, 1), "processes": self.most_processes}

    def _check_crowd(self, members: list[int], ending: Ending, now: float) -> None:
        self.most_processes = max(self.most_processes, len(members))
        limit = self._limits.processes
        if limit is None:
            return
        if len(members) > limit:
            ending.force("crowd", now)
        elif len(members) > limit * _CLOSE_TO_LIMIT:
            self._next_memory = min(self._next_memory, now + MEMORY_INTERVAL / 10)

    def _check_memory(self, members: list[int], ending: Ending, now: float) -> None:
        used = processes.resident_mb(members)
        limit = self._limits.memory_mb
        self._next_memory = now + MEMORY_INTERVAL
        if limit is None or used < limit * _CLOSE_TO_LIMIT:
            self.most_memory_mb = max(self.most_memory_mb, used)
            return
        self._next_memory = now + MEMORY_INTERVAL / 10
        used = processes.proportional_mb(members)
        self.most_memory_mb = max(self.most_memory_mb, used)
        if used > limit:
            ending.force("oom", now)
