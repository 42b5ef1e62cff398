"""A worker host: one machine that runs steps.

The parent of Celery's main process. It says what the machine has and that it is alive, and proves deaths: of pool
processes while Celery goes on, and of Celery itself before it ends with the same status (`up` then starts it anew).
"""

from __future__ import annotations

import gc
import json
import logging
import os
import select
import signal
import socket
import sys
from collections.abc import Sequence

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection

from backend.apps.runs import services
from backend.shared import telemetry
from backend.shared.patience import patience
from backend.shared.telemetry.serving import serve
from workers.agent import capacity
from workers.agent.config import CONTAINERS_VARIABLE, FENCES_VARIABLE, ISOLATION_VARIABLE, Config, config_read
from workers.agent.janitor import Janitor
from workers.app import app
from workers.sandbox import processes
from workers.sandbox.clock import now
from workers.sandbox.container_engine import engine_to_json, find
from workers.sandbox.kernel import die_with_parent
from workers.sandbox.probe import fences, probe

log = logging.getLogger("workers.agent.host")

LOOK_SECONDS = 2.0
READY_PID = "PIPELOOM_READY_PID"
KEEP_VARIABLE = "PIPELOOM_KEEP_ATTEMPTS_SECONDS"
METRICS_VARIABLE = "PIPELOOM_WORKER_METRICS"
_A_DAY = 86_400.0


class Host:
    """Everything this process does besides having started Celery."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._janitor = Janitor(config, keep_seconds=float(os.environ.get(KEEP_VARIABLE, _A_DAY)))
        self._registered = False
        self._leaving = False
        self._next_beat = 0.0
        self._beat_seconds = min(5.0, settings.PIPELOOM_HEARTBEAT_SECONDS)

    def turn(self) -> None:
        """One look at everything. Whatever goes wrong is looked at again next time: steps are running below us."""
        try:
            with patience(self._config.patience_seconds, ask=True):
                if not self._leaving:
                    self._keep_alive()
                self._janitor.look()
        except DatabaseError as error:
            log.warning("The database did not answer (%s); trying again.", error)
            connection.close()
        except Exception:
            log.exception("This host could not look after its attempts; trying again.")

    def leave(self) -> None:
        """Nothing new is sent here any more; what still runs is looked after to its end."""
        self._leaving = True
        try:
            with patience(self._config.patience_seconds):
                services.host_leaves(name=self._config.host)
        except DatabaseError as error:
            log.warning("The database did not take our goodbye (%s); it will notice our silence.", error)
            connection.close()

    def _keep_alive(self) -> None:
        if self._registered and now() < self._next_beat:
            return
        self._registered = self._registered and services.host_heartbeat(
            name=self._config.host, disk_short_mb=capacity.disk_short_mb(self._config.home)
        )
        if not self._registered:
            self._register()
        self._next_beat = now() + self._beat_seconds

    def _register(self) -> None:
        services.host_register(
            name=self._config.host,
            boot_id=processes.boot_id(),
            queue=os.environ.get("PIPELOOM_WORKER_QUEUE") or f"host.{self._config.host}",
            cpu=capacity.cpu_slots(),
            memory_mb=capacity.memory_mb(),
            gpus=capacity.gpus(),
            isolation=self._config.isolation,
            fences=self._config.fences(),
            containers=self._config.containers.shown if self._config.containers else "",
            version=settings.PIPELOOM_VERSION,
            disk_short_mb=capacity.disk_short_mb(self._config.home),
            pools=tuple(filter(None, os.environ.get("PIPELOOM_POOLS", "").split(","))),
        )
        self._registered = True


def main(options: Sequence[str]) -> int:
    if not os.environ.get(ISOLATION_VARIABLE):
        os.environ[ISOLATION_VARIABLE] = probe()["level"]
    os.environ[FENCES_VARIABLE] = json.dumps(fences(os.environ[ISOLATION_VARIABLE]))
    found = find(os.environ)
    os.environ[CONTAINERS_VARIABLE] = engine_to_json(found.engine)
    log.info("Container engine: %s", found.engine.shown if found.engine else f"none, {found.why}")
    os.environ[READY_PID] = str(os.getpid())
    wake = _listen_to_signals()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    celery = _celery_start(options, theirs)
    theirs.close()
    _show_figures(ours)
    # After the fork: a connection must not be shared between processes.
    services.publishing_start()
    host = Host(config_read())
    status = _accompany(celery, wake, host)
    host.leave()
    # What Celery still ran is dead now, and may be tried again elsewhere at once.
    host.turn()
    return status


def _show_figures(source: socket.socket) -> None:
    """Of this process, and what Celery's processes, which come and go, hand over."""
    address = os.environ.get(METRICS_VARIABLE)
    telemetry.gather(source)
    if address:
        serve(address)


def _celery_start(options: Sequence[str], figures: socket.socket) -> int:
    """A fork and not a new program: Django and Celery are loaded once and their memory is shared."""
    parent = os.getpid()
    gc.collect()
    gc.freeze()
    pid = os.fork()
    if pid:
        return pid
    _forget_what_the_host_does()
    telemetry.hand_over(figures)
    die_with_parent(signal.SIGKILL)
    if os.getppid() == parent:
        app.worker_main(["--quiet", "worker", *options])
    sys.exit(0)


def _forget_what_the_host_does() -> None:
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)


def _listen_to_signals() -> int:
    wake, waker = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, lambda *_: None)
    return wake


def _accompany(celery: int, wake: int, host: Host) -> int:
    """Until Celery has ended; its exit status. Signals to us are passed on to it."""
    while True:
        host.turn()
        if select.select([wake], [], [], LOOK_SECONDS)[0]:
            for number in os.read(wake, 4096):
                if number != signal.SIGCHLD:
                    host.leave()
                    _pass_on(celery, number)
        ended, status = os.waitpid(celery, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)


def _pass_on(celery: int, number: int) -> None:
    try:
        os.kill(celery, number)
    except ProcessLookupError:
        return
