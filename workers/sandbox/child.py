"""The last lines of our own that run in a step's process, between fork and exec."""

from __future__ import annotations

import json
import os
import resource
import signal

from workers.sandbox.crowd import limit_own
from workers.sandbox.kernel import die_with_parent, drop_capabilities, no_new_privileges
from workers.sandbox.landlock import restrict
from workers.sandbox.spec import CONTAINED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from workers.sandbox.crowd import Group
    from workers.sandbox.spec import LaunchSpec


def become_step(spec: LaunchSpec, output: int, failure: int, parent: int, group: Group | None = None) -> NoReturn:
    """Never returns. What goes wrong is written to `failure`, which closes by itself when the step's program starts."""
    stage = "prepare"
    try:
        signal.set_wakeup_fd(-1)  # or a signal before the program starts would complain of a closed descriptor
        os.setsid()
        die_with_parent(signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(127)  # it died before we asked to be told
        if group:
            group.enter()
        _connect(output)
        os.umask(0o077)
        _limit(spec)
        stage = "isolate"
        if spec.isolation.level == "landlock":
            restrict(spec.isolation)
        if spec.isolation.level != CONTAINED:
            # The engine's client may need its rights; what runs in the container gets none of them.
            no_new_privileges()
            drop_capabilities()
        stage = "start"
        os.chdir(spec.cwd)
        _reset_signals()
        _close_others(failure)
        os.execve(spec.argv[0], spec.argv, spec.environment)
    except BaseException as error:  # noqa: BLE001 - a copy of the launcher must never run on
        os.write(failure, json.dumps({"stage": stage, "error": str(error), "errno": _number(error)}).encode()[:4000])
    finally:
        os._exit(127)


def _number(error: BaseException) -> int | None:
    return error.errno if isinstance(error, OSError) else None


def _connect(output: int) -> None:
    nothing = os.open("/dev/null", os.O_RDONLY)
    for source, target in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, target)


def _limit(spec: LaunchSpec) -> None:
    """No core files: they hold secrets. Memory is watched instead of limited: CUDA reserves more than it uses."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 65_536), most))
    if spec.limits.disk_mb is not None:
        # A single file is stopped at once; many are noticed a little later.
        size = int(spec.limits.disk_mb * 1_000_000)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    if spec.limits.processes is not None and spec.limits.processes_by == "rlimit":
        limit_own(spec.limits.processes)


def _reset_signals() -> None:
    """Ignored and blocked signals survive exec; a step starts with none of either."""
    for number in signal.valid_signals():
        if number not in (signal.SIGKILL, signal.SIGSTOP):
            try:
                signal.signal(number, signal.SIG_DFL)
            except (OSError, ValueError):
                pass  # reserved by the C library
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _close_others(failure: int) -> None:
    os.closerange(3, failure)
    os.closerange(failure + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
