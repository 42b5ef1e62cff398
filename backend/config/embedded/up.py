"""`manage.py up`: from whatever state the machine is in to a running product, and orderly down again."""

import argparse
import os
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from backend.config.embedded.cards import simulated_cards
from backend.config.embedded.console import Console, announce
from backend.config.embedded.home import Home, home_at, home_ensure
from backend.config.embedded.instance import Instance, instance_read
from backend.config.embedded.lock import lock_take
from backend.config.embedded.ports import listen
from backend.config.embedded.predecessor import predecessor_clean
from backend.config.embedded.preparation import EngineBuild, prepare, sign_in_path
from backend.config.embedded.problems import SetupError
from backend.config.embedded.processes import boot_id, is_alive, process_record
from backend.config.embedded.product import ProductOptions, product_children
from backend.config.embedded.runtime import runtime_create
from backend.config.embedded.servers import addresses_check, servers_specs
from backend.config.embedded.supervisor import Interrupted, Supervisor

ROOT = Path(__file__).resolve().parents[3]
LEAST_FREE_BYTES = 1024**3
NEIGHBOUR_SECONDS = 180.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--home", help="where data, secrets and logs live (default: PIPELOOM_HOME, else .pipeloom/)")
    parser.add_argument("--port", type=int, help="default: 8470, or the next free one; a port named here must be free")
    parser.add_argument("--workers", type=int, help="CPU slots for steps (default: the number of CPUs)")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="manage.py up", description=__doc__)
    add_arguments(parser)
    options = parser.parse_args(arguments)
    console = Console()
    try:
        return up(options, console)
    except SetupError as error:
        console.fail(str(error))
        return 1
    except KeyboardInterrupt:
        return 130


def up(options: argparse.Namespace, console: Console) -> int:
    if options.workers is not None and options.workers < 0:
        raise SetupError("--workers is the number of CPU slots: 0 (no steps run here) or more.")
    addresses_check()
    simulated_cards()
    home = home_at(options.home or os.environ.get("PIPELOOM_HOME") or ROOT / ".pipeloom")
    # Everything below, and every child, finds the same home.
    os.environ["PIPELOOM_HOME"] = str(home.path)
    if home_ensure(home):
        console.done(f"made the home {home.path}")
    _warn_when_disk_is_short(home, console)
    lock = lock_take(home)
    if lock is None:
        lock = _join_neighbour(home, console)
        if lock is None:
            return 0
    try:
        return _supervise(home, options, console)
    finally:
        lock.close()


def _warn_when_disk_is_short(home: Home, console: Console) -> None:
    free = shutil.disk_usage(home.path).free
    if free < LEAST_FREE_BYTES:
        console.warn(f"only {free // 1024**2} MB are free for {home.path}; steps may fail for lack of room")


def _join_neighbour(home: Home, console: Console) -> TextIO | None:
    """Another `up` has this home: wait until it is ready and print a link; or take over if it goes."""
    console.note(f"Pipeloom is already running with the home {home.path}")
    deadline = time.monotonic() + NEIGHBOUR_SECONDS
    while time.monotonic() < deadline:
        lock = lock_take(home)
        if lock is not None:
            return lock
        instance = instance_read(home)
        if instance is not None and instance.state == "ready" and is_alive(instance.up):
            announce(f"Pipeloom is ready: {instance.url}{sign_in_path()}")
            return None
        time.sleep(0.1)
    raise SetupError(
        f"Another `manage.py up` holds {home.path} and did not become ready in {NEIGHBOUR_SECONDS:.0f} s. Look at its "
        f"terminal and at {home.logs}, stop it, and start again."
    )


def _supervise(home: Home, options: argparse.Namespace, console: Console) -> int:
    if predecessor_clean(home):
        console.done("cleaned up after a start that was killed")
    with listen(options.port) as listener:
        port = listener.getsockname()[1]
        url = (os.environ.get("PIPELOOM_PUBLIC_URL") or f"http://127.0.0.1:{port}").rstrip("/")
        os.environ["PIPELOOM_PUBLIC_URL"] = url
        me = process_record("up", os.getpid())
        instance = Instance(state="starting", boot_id=boot_id(), up=me, runtime=str(runtime_create(home)), url=url)
        supervisor = Supervisor(home, console, instance)
        supervisor.listen_for_signals()
        try:
            engine = EngineBuild(supervisor)
            _start_servers(supervisor)
            link = prepare(supervisor, engine)
            slots = options.workers if options.workers is not None else (os.cpu_count() or 1)
            product = product_children(home, ProductOptions(listener.fileno(), port, slots, Path(instance.runtime)))
            with console.step("starting web, reconciler and worker"):
                supervisor.start(product)
                supervisor.await_ready([spec.name for spec in product])
            link = engine.finish(console) or link
            supervisor.publish(state="ready")
            announce(f"Pipeloom is ready: {url}{link}")
            console.note(f"Ctrl-C stops it; logs are in {home.logs}")
            supervisor.keep()
        except Interrupted:
            return 0
        finally:
            supervisor.stop()
    return 0


def _start_servers(supervisor: Supervisor) -> None:
    specs = servers_specs(supervisor.home, Path(supervisor.instance.runtime), supervisor.console)
    if specs:
        with supervisor.console.step(f"starting {' and '.join(spec.name for spec in specs)}"):
            supervisor.start(specs)
            supervisor.await_ready([spec.name for spec in specs])


if __name__ == "__main__":
    sys.exit(main())
