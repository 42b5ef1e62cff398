"""One attempt, from the claim to the finish: the only code that speaks for it to the database.

The lease is kept by heartbeats. Whoever cannot renew it for too long (PIPELOOM_FENCE_SECONDS, on a clock that goes on
while the machine sleeps) kills the step and falls silent, because somebody else may already be doing it again.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import Error as DatabaseError
from django.db import connection

from backend.apps.runs import services
from backend.apps.runs.services.types import Beat
from backend.domain.problems import problem
from backend.domain.run.messages import StepOrder, StepReport
from backend.shared import telemetry
from backend.shared.logs import log_context
from backend.shared.patience import patience
from workers.agent.config import Config, config_read
from workers.agent.metrics import Metrics
from workers.attempt.boxed import box_end
from workers.attempt.folder import folder_clear, folder_prepare
from workers.attempt.launcher import Launcher
from workers.attempt.reporting import Cancelled, report_of, report_without_process
from workers.attempt.spec import spec_make
from workers.sandbox import processes
from workers.sandbox.clock import now
from workers.steps.failure import StepFailure

log = logging.getLogger(__name__)

WATCH_SECONDS = 1.0
_RETRY_SECONDS = 0.5


class Fenced(Exception):  # noqa: N818 - not an error: the way in which this attempt stops to matter
    """The attempt is not ours any more, or may not be."""


def run_attempt(token: str) -> None:
    """Nothing is raised: whatever happens is either reported, or found by the lease."""
    config = config_read()
    pid = os.getpid()
    started = processes.start_time(pid) or 0
    with patience(config.patience_seconds, ask=True):
        order = services.attempt_claim(
            token=token, host=config.host, boot_id=processes.boot_id(), pid=pid, pid_start=started
        )
    if order is None:
        return
    attempt = Attempt(order, config)
    try:
        with log_context(run=order.run, step=order.step, attempt=token):
            attempt.run()
    except Fenced:
        log.warning("attempt %s: the lease is over; the step was killed and nothing is reported", token)
    except Exception:
        log.exception("attempt %s: the agent failed", token)
        # Its exception may have come from a database that does not answer; then the lease tells.
        with patience(config.patience_seconds, ask=True):
            services.attempt_lost(token=token, reason="step.agent_failed")


class Attempt:
    """The state of one claimed attempt."""

    def __init__(self, order: StepOrder, config: Config) -> None:
        self._order = order
        self._config = config
        self._launcher: Launcher | None = None
        self._metrics = Metrics()
        self._log_size: int | None = None
        self._ended: dict[str, Any] | None = None
        self._ended_at = now()
        self._cancelled = False
        # The claim itself was the first sign of life.
        self._renewed = self._watched = now()

    def run(self) -> None:
        try:
            try:
                folder_prepare(self._order, self._config.host, self._tick_or_cancel)
                self._launcher = Launcher(spec_make(self._order, self._config))
                self._accompany(self._launcher)
            except StepFailure as failure:
                self._finish(report_without_process(self._order, "failed", failure.problem))
                return
            except Cancelled:
                self._finish(report_without_process(self._order, "cancelled", problem("step.stopped")))
                return
            if self._ended is None:
                with patience(self._config.patience_seconds, ask=True):
                    services.attempt_lost(token=self._order.token, reason="step.launcher_lost")
                return
            self._finish(self._report(self._ended))
        finally:
            if self._launcher:
                self._launcher.end()
            self._end_box()

    def _end_box(self) -> None:
        """Usually it has ended with its step; if not even now, the janitor goes on trying."""
        failed = box_end(self._order.token, self._config, os.environ) if self._order.image else None
        if failed:
            log.warning("attempt %s: its container is still there (%s)", self._order.token, failed)

    # ------------------------------------------------------------------------------------------ while it runs

    def _accompany(self, launcher: Launcher) -> None:
        """Until the launcher has said its last word or has gone without one."""
        while not launcher.ended:
            self._tick()
            self._pass_on()
            for event in launcher.hear(self._until_next()):
                self._take(event)
        if self._ended is None:
            launcher.end()
        elif self._ended["reason"] in ("fenced", "orphaned"):
            raise Fenced

    def _take(self, event: dict[str, Any]) -> None:
        kind = event["event"]
        if kind == "log":
            self._log_size = event["size"]
        elif kind == "metrics":
            self._metrics.take(event["updates"])
        elif kind == "exited":
            self._ended, self._ended_at = event, now()
            self._log_size = event.get("log", {}).get("size", self._log_size)

    def _until_next(self) -> float:
        """A second at most, which is how soon a request to stop is seen."""
        if self._metrics.waiting():
            return _RETRY_SECONDS
        return max(0.0, min(self._watched + WATCH_SECONDS, self._renewed + self._config.heartbeat_seconds) - now())

    def _pass_on(self) -> None:
        """News that the database does not take now is kept; the next try takes the newest."""
        token = self._order.token
        if self._metrics.waiting() and self._try(
            lambda: services.attempt_metrics(token=token, updates=self._metrics.waiting())
        ):
            self._metrics.written()
        size = self._log_size
        if size is not None and self._try(lambda: services.attempt_log_grew(token=token, size=size)):
            self._log_size = None

    def _tick(self) -> None:
        """Renew the lease when due, see requests to stop, and know when to give up."""
        at = now()
        if at >= self._renewed + self._config.heartbeat_seconds:
            self._beat(lambda: services.attempt_heartbeat(token=self._order.token, host=self._config.host), at)
        elif at >= self._watched + min(WATCH_SECONDS, self._config.heartbeat_seconds):
            self._beat(lambda: services.attempt_watch(token=self._order.token), None)
        if now() >= self._renewed + self._config.fence_seconds:
            self._kill()
            raise Fenced

    def _beat(self, ask: Callable[[], Beat], renewing_since: float | None) -> None:
        answers: list[Beat] = []
        self._watched = now()
        if not self._try(lambda: answers.append(ask())):
            return
        beat = answers[0]
        if not beat.alive:
            self._kill()
            raise Fenced
        if renewing_since is not None:
            # From before the question: the database may have answered it long ago.
            self._renewed = renewing_since
            if self._launcher:
                self._launcher.tell("beat", at=renewing_since)
        if beat.cancel_requested and not self._cancelled:
            self._cancelled = True
            if self._launcher:
                self._launcher.tell("stop")

    def _try(self, act: Callable[[], object], *, long: bool = False) -> bool:
        """`long`: what the database may be at for a while. All else is given up while there is time for the fence."""
        try:
            with patience(self._config.patience_seconds, ask=long):
                act()
        except DatabaseError as error:
            log.warning("attempt %s: the database did not answer (%s)", self._order.token, error)
            connection.close()
            return False
        return True

    def _kill(self) -> None:
        if self._launcher:
            self._launcher.tell("kill")
            self._launcher.end()

    # ------------------------------------------------------------------------------------------ the end

    def _report(self, ended: dict[str, Any]) -> StepReport:
        if self._launcher:
            self._launcher.finish()
        return report_of(self._order, ended, floats=self._metrics.floats(), tick=self._tick_or_cancel)

    def _tick_or_cancel(self) -> None:
        self._tick()
        if self._cancelled:
            raise Cancelled

    def _finish(self, report: StepReport) -> None:
        """Repeated until it is said or the lease is over: the token makes a repetition harmless."""
        while True:
            self._pass_on()
            everything_told = not self._metrics.waiting()
            if everything_told and self._try(
                lambda: services.attempt_finish(token=self._order.token, report=report), long=True
            ):
                break
            time.sleep(_RETRY_SECONDS)
            self._tick()
        telemetry.observe("pipeloom_finish_seconds", now() - self._ended_at)
        if report.outcome == "succeeded":
            folder_clear(Path(self._order.attempt_dir))
