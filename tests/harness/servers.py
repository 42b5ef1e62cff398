"""One private PostgreSQL and Redis for a test session, through the product's own supervisor code.

`python -m tests.harness.servers ROOT OWNER` runs them until the owner (the first pytest process)
is gone, however it went, and removes the folder. `servers_ensure` starts that guardian once.
"""

import fcntl
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from backend.config.embedded.children import Child, end_leftovers
from backend.config.embedded.home import home_at, home_ensure, write_private
from backend.config.embedded.postgres import cluster_ensure, postgres_at, postgres_child
from backend.config.embedded.processes import adopt_orphans
from backend.config.embedded.redis_server import program_find, redis_child
from tests.harness.plugin import OWNER_VARIABLE, PASSWORD, ROOT_VARIABLE

REPOSITORY = Path(__file__).resolve().parents[2]
START_SECONDS = 180.0


def servers_ensure() -> Path:
    """Start the guardian unless another worker has; wait until both servers answer."""
    root = Path(os.environ[ROOT_VARIABLE])
    with open(root / "start.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (root / "ready").exists():
            _guardian_start(root)
    return root


def _guardian_start(root: Path) -> None:
    argv = [sys.executable, "-m", "tests.harness.servers", str(root), os.environ[OWNER_VARIABLE]]
    with open(root / "guardian.log", "ab") as log:
        guardian = subprocess.Popen(
            argv, cwd=REPOSITORY, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    deadline = time.monotonic() + START_SECONDS
    while not (root / "ready").exists():
        if guardian.poll() is not None or time.monotonic() > deadline:
            told = (root / "guardian.log").read_text(errors="replace")[-2000:]
            raise RuntimeError(f"the test servers did not start; their guardian said:\n{told}")
        time.sleep(0.02)


def main(root: Path, owner: int) -> None:
    # Before anything is started: an owner that is already gone must not leave servers behind.
    watch = os.pidfd_open(owner)
    stop_read, stop_write = os.pipe()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: os.write(stop_write, b"x"))
    adopt_orphans()
    children: list[Child] = []
    try:
        _start(root, children)
        write_private(root / "ready", str(os.getpid()))
        select.select([watch, stop_read], [], [])
    finally:
        for child in reversed(children):
            child.stop(at_once=True)
        end_leftovers()
        shutil.rmtree(root, ignore_errors=True)


def _start(root: Path, children: list[Child]) -> None:
    home = home_at(root / "servers")
    home_ensure(home)
    runtime = root / "run"
    runtime.mkdir(mode=0o700)
    postgres = postgres_at(home, runtime)
    cluster_ensure(postgres, password=PASSWORD, durable=False)
    specs = [
        redis_child(home, runtime, program_find(home), PASSWORD),
        postgres_child(postgres, durable=False),
    ]
    for spec in specs:
        child = Child(spec)
        children.append(child)
        child.start()
    deadline = time.monotonic() + START_SECONDS
    for child in children:
        while not child.is_ready:
            if child.ended() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{child.spec.name} did not start:\n{child.log_tail(20)}")
            time.sleep(0.02)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
