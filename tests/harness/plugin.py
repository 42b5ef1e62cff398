"""Loaded before settings are read: decides where this session's PostgreSQL and Redis will be.

Nothing is started here. The servers start when the first test asks for them (harness/servers.py),
one pair for the whole session, however many xdist workers there are.
"""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

ROOT_VARIABLE = "PIPELOOM_TEST_ROOT"
OWNER_VARIABLE = "PIPELOOM_TEST_OWNER"
PASSWORD = "only-for-tests"
# What a developer has set for a real installation must not leak into the tests.
FOREIGN = ("PIPELOOM_PUBLIC_URL", "PIPELOOM_SIMULATED_GPUS", "PIPELOOM_TOKEN", "PIPELOOM_URL", "PIPELOOM_ROLE")


def _root() -> Path:
    """Made by the first process of the session; xdist workers inherit it."""
    found = os.environ.get(ROOT_VARIABLE)
    if found:
        return Path(found)
    _sweep()
    root = Path(tempfile.mkdtemp(prefix=f"plt-{os.getpid()}-"))
    os.environ[ROOT_VARIABLE] = str(root)
    os.environ[OWNER_VARIABLE] = str(os.getpid())
    return root


def _sweep() -> None:
    """Empty folders of sessions that were killed; those with servers are removed by their guardian."""
    for left in Path(tempfile.gettempdir()).glob("plt-*-*"):
        owner = left.name.split("-")[1]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            with suppress(OSError):
                left.rmdir()


def _configure() -> None:
    root = _root()
    for name in FOREIGN:
        os.environ.pop(name, None)
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw-1")
    number = int(worker.removeprefix("gw")) + 1
    os.environ["PIPELOOM_HOME"] = str(root / "home")
    os.environ["PIPELOOM_SECRET_KEY"] = "only-for-tests-" * 4
    os.environ["DATABASE_URL"] = f"postgresql://pipeloom:{PASSWORD}@/pipeloom?host={root}/run"
    os.environ["REDIS_URL"] = f"unix://:{PASSWORD}@{root}/run/redis.sock?db={number}"
    # Databases separate keys but not publish/subscribe.
    os.environ["PIPELOOM_CHANNEL_PREFIX"] = f"test-{worker}"


_configure()
