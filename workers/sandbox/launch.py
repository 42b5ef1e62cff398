"""The launcher: `python -I -S -E launch.py`, one process and one thread for each attempt. With `--nursery` it makes
launchers instead, each a fork of what is loaded here.

Standard input: one line, the launch specification; then one JSON line for each wish of the agent. Its end means that
the agent is gone, and everything is killed. Standard output: JSON lines to the agent.
"""

from __future__ import annotations

import os
import sys

# -I keeps the caller's folder, environment and user packages out of a trusted process; this puts our own back in. At
# the end: where the library is installed, other packages lie beside it, and none may stand in for Python's own.
sys.path.append(os.path.abspath(__file__).removesuffix("/workers/sandbox/launch.py").removesuffix("/pipeloom/_core"))

import signal
from importlib import import_module

from workers.sandbox.kernel import adopt_orphans, die_with_parent
from workers.sandbox.outlet import Outlet
from workers.sandbox.spec import LaunchSpec, read_spec
from workers.sandbox.supervise import Supervisor
from workers.sandbox.watch import Watcher

_PACKAGE = Outlet.__module__.rpartition(".")[0]


def main() -> None:
    os.umask(0o077)
    wake = _listen_to_signals()
    adopt_orphans()
    line, more = _first_line()
    # Only now: whoever speaks to us is our parent, and not the one that made us for it.
    die_with_parent(signal.SIGTERM)
    outlet = Outlet(1)
    try:
        spec = read_spec(line)
        supervisor = Supervisor(spec, outlet, wake=wake, commands=0, heard=more)
    except (OSError, ValueError, KeyError) as error:
        outlet.put("exited", code=None, signal=None, reason="not_started", stage="prepare", error=str(error))
        outlet.finish()
        return
    if spec.metrics:
        supervisor.watch(_watcher(spec))
    supervisor.run()


def _watcher(spec: LaunchSpec) -> Watcher:
    # Loaded by name and only now: it takes longer than all the rest, and the step is already running.
    reader = import_module(f"{_PACKAGE}.metrics_file")
    return Watcher(spec.root, spec.metrics, reader, bad_after=spec.limits.metrics_bad_after)


def _listen_to_signals() -> int:
    """Every signal becomes a byte that the loop reads; inherited dispositions and masks are undone."""
    wake, waker = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    return wake


def _first_line() -> tuple[bytes, bytes]:
    """The line, and the beginning of what follows it."""
    heard = b""
    while b"\n" not in heard:
        piece = os.read(0, 65_536)
        if not piece:
            sys.exit("The launcher was started without a specification; only Pipeloom's agent starts it.")
        heard += piece
    line, _, more = heard.partition(b"\n")
    return line, more


if __name__ == "__main__":
    if sys.argv[1:] == ["--nursery"]:
        import_module(f"{_PACKAGE}.nursery").serve(main)
    else:
        main()
    sys.stdout.flush()
    os._exit(0)  # tidying up an interpreter that is about to vanish costs milliseconds of every step
