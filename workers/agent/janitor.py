"""Cleans up after workers and steps that died: on its own host death is proved, and need not be waited for.

The order matters: first nothing of an attempt runs any more, then the attempt is lost and may be tried again.
"""

from __future__ import annotations

import logging
import os
import shutil
import time
from itertools import islice
from pathlib import Path
from uuid import UUID

from backend.apps.runs import services
from backend.apps.runs.services.types import HostAttempt
from backend.domain.problems import Problem, problem
from workers.agent.config import Config
from workers.attempt.boxed import box_end
from workers.attempt.ending import reason_of
from workers.attempt.folder import HOST_FILE, folder_clear, open_left_behind
from workers.sandbox import processes
from workers.sandbox.boxes import marked
from workers.sandbox.clock import now

log = logging.getLogger(__name__)

KILL_SECONDS = 15.0
_LONGEST_NAME = 4_096
_LOOKED_UP = 500
SWEEP_SECONDS = 600.0


class Janitor:
    """`look` is called every two seconds. What an attempt left besides its log goes `keep_seconds` after its end."""

    def __init__(self, config: Config, *, keep_seconds: float) -> None:
        self._config = config
        self._keep_seconds = keep_seconds
        self._boot_id = processes.boot_id()
        self._next_sweep = 0.0

    def look(self) -> None:
        # Processes before rows: an attempt that is claimed in between then looks alive, and not like an orphan.
        bearers = processes.bearers()
        boxes = {token for token, host in marked(self._config.home).items() if host == self._config.host}
        known = {attempt.token: attempt for attempt in services.host_attempts(name=self._config.host)}
        for token in sorted({*filter(self._is_ours, bearers), *boxes}):
            if not self._may_run(known.get(token)):
                self._end(token)
        for attempt in known.values():
            reason = self._death(attempt)
            if reason and self._end(attempt.token):
                log.warning("attempt %s: %s", attempt.token, reason.message)
                services.attempt_lost(token=attempt.token, reason=reason_of(reason).model_dump())
        if now() >= self._next_sweep:
            self._next_sweep = now() + min(SWEEP_SECONDS, self._keep_seconds)
            self._sweep(known.keys() | bearers.keys())

    def _is_ours(self, token: str) -> bool:
        """Another installation, or another worker host on this machine, looks after its own."""
        try:
            with open_left_behind(self._config.attempts / Path(token).name / HOST_FILE) as file:
                return file.read(_LONGEST_NAME) == self._config.host.encode()
        except OSError:
            return False

    @staticmethod
    def _may_run(attempt: HostAttempt | None) -> bool:
        return attempt is not None and attempt.state == "running"

    def _death(self, attempt: HostAttempt) -> Problem | None:
        """Proof that the process which claimed the attempt is gone, as a reason; None without proof."""
        if attempt.state != "running" or attempt.pid is None:
            return None
        if attempt.boot_id != self._boot_id:
            return problem("step.host_restarted", host=self._config.host)
        if not processes.is_alive(attempt.pid, attempt.pid_start or 0):
            return problem("step.worker_died", host=self._config.host)
        return None

    def _end(self, token: str) -> bool:
        """False while something of it is stuck in the kernel or in a container engine: then nobody else may start it
        here."""
        failed = box_end(token, self._config, os.environ)
        if failed:
            log.error("attempt %s: its container cannot be removed (%s); trying again", token, failed)
            return False
        left = processes.kill_all(lambda: processes.bearing(token), seconds=KILL_SECONDS)
        if left:
            log.error("attempt %s: %s cannot be killed; the attempt is kept until they are gone", token, left)
        return not left

    def _sweep(self, alive: set[str]) -> None:
        """The rest is kept for a while, for people who look into a failure; the log stays as long as the run does."""
        services.replaced_sweep(keep_seconds=self._keep_seconds)
        old = [each for each in self._folders() if each.name not in alive and self._is_old(each)]
        ours = (each for each in old if self._is_ours(each.name))
        while folders := list(islice(ours, _LOOKED_UP)):
            known = services.attempts_known([folder.name for folder in folders])
            for folder in folders:
                if folder.name not in known:
                    shutil.rmtree(folder, ignore_errors=True)
                elif (folder / "work").exists():
                    folder_clear(folder)

    def _is_old(self, folder: Path) -> bool:
        try:
            return time.time() - (folder / HOST_FILE).stat().st_mtime >= self._keep_seconds
        except OSError:
            return False

    def _folders(self) -> list[Path]:
        try:
            return [entry for entry in self._config.attempts.iterdir() if _is_token(entry.name)]
        except OSError:
            return []


def _is_token(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False
