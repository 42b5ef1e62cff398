"""One `up` a home: a kernel lock, which cannot go stale because it dies with its holder."""

import fcntl
import os
from typing import TextIO

from backend.config.embedded.home import Home


def lock_take(home: Home) -> TextIO | None:
    """The open file that holds the lock (keep it), or None when another process has it."""
    handle = open(home.lock, "a")  # noqa: SIM115 - lives as long as the process
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        return None
    os.set_inheritable(handle.fileno(), False)
    return handle
