"""What may happen to a stack during a soak. Each fault says what it did, or None when there was nothing to do it to."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import redis

from backend.apps.runs.failpoints import NAMES
from backend.config.embedded.address import redis_url
from backend.config.embedded.home import home_at
from tests.harness.live_stack import LiveStack
from workers.sandbox import processes


@dataclass
class Ground:
    """`up_killed` is set by the fault that ends everything; whoever goes on must start it again."""

    stack: LiveStack
    points: Path
    rng: random.Random
    up_killed: bool = False

    def pid(self, name: str) -> int | None:
        try:
            return self.stack.pids.get(name)
        except (OSError, ValueError):
            return None


def _kill(pid: int | None, number: int = signal.SIGKILL) -> str | None:
    if pid is None:
        return None
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return None
    return f"pid {pid}"


def _named(name: str) -> Callable[[Ground], str | None]:
    return lambda ground: _kill(ground.pid(name))


def _below(ground: Ground, depth: int) -> list[int]:
    """Processes of the worker: 1 is Celery, 2 its children, 3 what those have started."""
    host = ground.pid("worker")
    parents = processes.parents()
    level = [host] if host in parents else []
    for _ in range(depth):
        level = [pid for pid, parent in parents.items() if parent in level]
    return level


def _one_below(depth: int) -> Callable[[Ground], str | None]:
    def fault(ground: Ground) -> str | None:
        found = _below(ground, depth)
        return _kill(ground.rng.choice(found)) if found else None

    return fault


def launcher(ground: Ground) -> str | None:
    ours = set(processes.descendants(ground.pid("worker") or 0))
    found = [pid for pids in processes.bearers().values() for pid in pids if pid in ours and _launches(pid)]
    return _kill(ground.rng.choice(found)) if found else None


def _launches(pid: int) -> bool:
    with suppress(OSError):
        return b"launch.py" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def step(ground: Ground) -> str | None:
    ours = set(processes.descendants(ground.pid("worker") or 0))
    found = [pid for pids in processes.bearers().values() for pid in pids if pid in ours and not _launches(pid)]
    return _kill(ground.rng.choice(found)) if found else None


def up(ground: Ground) -> str | None:
    ground.up_killed = True
    told = _kill(ground.stack.process.pid)
    ground.stack.process.wait(60)
    return told


def _frozen(pids: list[int], seconds: float) -> str | None:
    if not pids:
        return None
    processes.signal_each(pids, signal.SIGSTOP)
    time.sleep(seconds)
    processes.signal_each(reversed(pids), signal.SIGCONT)
    return f"{len(pids)} processes for {seconds:.1f} s"


def freeze_child(ground: Ground) -> str | None:
    """Shorter or longer than its fence and lease."""
    found = _below(ground, 2)
    return _frozen([ground.rng.choice(found)], ground.rng.uniform(0.2, 9)) if found else None


def freeze_worker(ground: Ground) -> str | None:
    host = ground.pid("worker")
    return _frozen([host, *processes.descendants(host)], ground.rng.uniform(0.5, 9)) if host else None


def _freeze(name: str, longest: float) -> Callable[[Ground], str | None]:
    def fault(ground: Ground) -> str | None:
        pid = ground.pid(name)
        return _frozen([pid, *processes.descendants(pid)], ground.rng.uniform(0.2, longest)) if pid else None

    return fault


def redis_forgets(ground: Ground) -> str | None:
    try:
        with redis.Redis.from_url(redis_url(home_at(ground.stack.home), {}), socket_timeout=5) as client:
            client.flushall()
    except redis.RedisError:
        return None
    return "all keys"


def backends(ground: Ground) -> str | None:
    """PostgreSQL's processes for single connections, ended as an administrator does it."""
    postgres = ground.pid("postgres")
    found = [pid for pid in processes.descendants(postgres or 0) if _is_backend(pid)]
    chosen = ground.rng.sample(found, min(3, len(found)))
    for pid in chosen:
        _kill(pid, signal.SIGTERM)
    return f"{len(chosen)} connections" if chosen else None


def _is_backend(pid: int) -> bool:
    with suppress(OSError):
        return b"pipeloom pipeloom" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def failpoint(ground: Ground) -> str | None:
    """Whoever comes by next at one of the named places dies there."""
    name = ground.rng.choice(sorted(NAMES))
    new, fired = ground.points / ".new", ground.points / f"{name}.fired"
    fired.unlink(missing_ok=True)
    new.write_text("kill")
    new.rename(ground.points / name)
    deadline = time.monotonic() + 8
    while time.monotonic() < deadline and not fired.exists():
        time.sleep(0.05)
    (ground.points / name).unlink(missing_ok=True)
    return name if fired.exists() else None


FAULTS: dict[str, tuple[Callable[[Ground], str | None], float]] = {
    "kill celery child": (_one_below(2), 3),
    "kill celery": (_one_below(1), 1.5),
    "kill worker host": (_named("worker"), 1.5),
    "kill launcher": (launcher, 3),
    "kill step": (step, 3),
    "kill web": (_named("web"), 1.5),
    "kill reconciler": (_named("reconciler"), 2),
    "kill redis": (_named("redis"), 1.5),
    "kill postgres": (_named("postgres"), 1),
    "kill up": (up, 0.7),
    "freeze celery child": (freeze_child, 2),
    "freeze worker": (freeze_worker, 1),
    "freeze redis": (_freeze("redis", 6), 1.5),
    "freeze postgres": (_freeze("postgres", 6), 1.5),
    "freeze web": (_freeze("web", 4), 1),
    "freeze reconciler": (_freeze("reconciler", 6), 1),
    "redis forgets": (redis_forgets, 2),
    "end connections": (backends, 2),
    "failpoint": (failpoint, 4),
}


def choose(rng: random.Random, spared: Sequence[str] = ()) -> str:
    """`spared` are parts that nothing may end, so that it can be seen whether they grow: whoever comes by a failpoint
    dies there, and `up` takes everything with it."""
    deadly = {f"kill {name}" for name in spared} | ({"kill up", "failpoint"} if spared else set())
    names = [name for name in FAULTS if name not in deadly]
    return rng.choices(names, [FAULTS[name][1] for name in names])[0]
