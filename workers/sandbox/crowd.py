"""How many processes a step may have. A limit of the kernel where there is one, and a count once a second anyway.

In a user namespace of its own the kernel counts a step's processes apart from all others (5.14 and newer), but for no
uid 0; a control group counts whatever is put into it, where this user may make one.
"""

from __future__ import annotations

import os
import resource

WAYS = ("rlimit", "cgroup", "watched")
_ROOTS = ("/sys/fs/cgroup/pids", "/sys/fs/cgroup")
_LIMIT, _MEMBERS = "pids.max", "cgroup.procs"


class Group:
    """One control group of one attempt."""

    def __init__(self, path: str) -> None:
        self._path = path

    def enter(self) -> None:
        """Called by the process itself, so that nothing it starts can come before."""
        with open(os.path.join(self._path, _MEMBERS), "w") as handle:
            handle.write("0")

    def remove(self) -> None:
        """After the last member has gone; the kernel refuses before."""
        try:
            os.rmdir(self._path)
        except OSError:
            pass  # what could not be killed keeps it


def group_make(name: str, most: int) -> Group:
    """OSError where this user may make none, or none that counts processes."""
    path = os.path.join(_own_group(), f"pipeloom-{name}")
    try:
        os.mkdir(path)
    except FileExistsError:
        pass  # of an attempt of that name that was killed with its launcher
    try:
        with open(os.path.join(path, _LIMIT), "w") as handle:
            handle.write(str(most))
    except OSError:
        Group(path).remove()
        raise
    return Group(path)


def group_forget(name: str) -> None:
    """Of an attempt whose launcher was killed before it could."""
    try:
        Group(os.path.join(_own_group(), f"pipeloom-{name}")).remove()
    except OSError:
        pass  # this machine has none


def _own_group() -> str:
    """Where this process is, in the hierarchy that counts processes: version 1's own, or the one of version 2."""
    with open("/proc/self/cgroup") as handle:
        lines = [line.rstrip("\n").split(":", 2) for line in handle]
    for root, wanted in zip(_ROOTS, ("pids", ""), strict=True):
        for _, controllers, place in lines:
            if wanted in controllers.split(",") and os.path.isdir(root):
                found = root + place
                return found if os.path.isdir(found) else root
    raise OSError(0, "no control group counts processes")


def limit_own(most: int) -> None:
    """Of this process's user in its user namespace, threads included."""
    _, hard = resource.getrlimit(resource.RLIMIT_NPROC)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_NPROC, (most, most))
