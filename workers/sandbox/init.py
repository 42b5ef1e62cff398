"""Process number 1 of a step's own process namespace: starts the step, passes signals on, reaps, and ends it all.

When it ends, for whatever reason, the kernel kills everything inside: daemons, respawners, what ignores signals.
"""

from __future__ import annotations

import os
import select
import signal

from workers.sandbox.child import become_step
from workers.sandbox.kernel import die_with_parent, forbid_inspection, loopback_up
from workers.sandbox.namespaces import build_view

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from workers.sandbox.crowd import Group
    from workers.sandbox.spec import LaunchSpec


def become_init(
    spec: LaunchSpec, output: int, failure: int, control: int, result: int, group: Group | None = None
) -> NoReturn:
    """Never returns. Signals to pass on arrive as bytes on `control`; the step's wait status goes to `result`."""
    try:
        signal.set_wakeup_fd(-1)
        die_with_parent(signal.SIGKILL)
        os.setsid()
        if group:
            group.enter()
        _close_others({output, failure, control, result})
        _build(spec, failure)
        step = _fork_step(spec, output, failure)
        os.close(output)
        os.close(failure)
        forbid_inspection()
        status = _wait(step, control)
        os.write(result, str(status).encode())
    finally:
        os._exit(0)


def _build(spec: LaunchSpec, failure: int) -> None:
    try:
        if spec.isolation.network == "closed":
            loopback_up()
        build_view(spec.isolation, spec.limits.memory_mb)
    except OSError as error:
        text = f'{{"stage": "isolate", "error": "{error.strerror} {error.filename or ""}", "errno": {error.errno}}}'
        os.write(failure, text.encode())
        raise


def _close_others(keep: set[int]) -> None:
    """Above all the pipe to the agent, which has to see its end when the launcher dies."""
    for name in os.listdir("/proc/self/fd"):
        descriptor = int(name)
        if descriptor > 2 and descriptor not in keep:
            try:
                os.close(descriptor)
            except OSError:
                pass  # the one that listed the folder
    nothing = os.open("/dev/null", os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)


def _fork_step(spec: LaunchSpec, output: int, failure: int) -> int:
    parent = os.getpid()
    step = os.fork()
    if step == 0:
        become_step(spec, output, failure, parent)
    return step


def _wait(step: int, control: int) -> int:
    wake, waker = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    poller = select.poll()
    poller.register(wake, select.POLLIN)
    poller.register(control, select.POLLIN)
    while True:
        status = _reap(step)
        if status is not None:
            return status
        for descriptor, _ in poller.poll():
            if descriptor == wake:
                os.read(wake, 4096)
                continue
            wanted = os.read(control, 1)
            if not wanted:
                return signal.SIGKILL  # the launcher is gone; nobody reads this
            _send(step, wanted[0])


def _reap(step: int) -> int | None:
    """Collect every child that has ended, adopted ones too; the step's own status when it is among them."""
    found = None
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return found
        if pid == 0:
            return found
        if pid == step:
            found = status


def _send(step: int, number: int) -> None:
    """To the step and all it has started in its own group, as a terminal would."""
    try:
        os.killpg(step, number)
    except ProcessLookupError:
        pass  # it has just ended
