"""The messenger: tells what happened, and sends what is on its way. It lives in the reconciler process, in threads of
its own: a mail server that does not answer must not keep the reconciler from leases, nor the other way round.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from uuid import UUID

import psycopg
from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError, connection

from backend.apps.notifications import services
from backend.apps.notifications.services.inbox import CHANNEL

FLOOR_SECONDS = 1.0
BREATH_SECONDS = 0.03
"""Between two looks: a hundred steps that end at once are one look, not a hundred."""
LEFT_ALONE_SECONDS = 30.0
IDLE_SECONDS = 30.0
"""A sender is woken by the teller, which looks once a second; this is for a wake-up that came a moment too early."""
BATCH = 50
SENDERS = 3
"""At once, so that one receiver that is slow does not hold up the others."""
DROP_EVERY_SECONDS = 3600.0
log = logging.getLogger(__name__)


class Messenger:
    """`start` it beside the reconciler; tests call `tell_once` and `send_once` themselves."""

    def __init__(self, senders: int = SENDERS) -> None:
        self.stopping = threading.Event()
        self._due = threading.Condition()
        self._left_alone: dict[UUID, float] = {}
        self._dropped = 0.0
        bodies = [self._telling, *[self._sending] * senders]
        self._threads = [threading.Thread(target=self._body, args=(each,), daemon=True) for each in bodies]

    def start(self) -> None:
        for each in self._threads:
            each.start()

    def stop(self, seconds: float = 5.0) -> None:
        """A try that is under way has its own time-outs; what is cut off is taken up by the next start."""
        self.stopping.set()
        with self._due:
            self._due.notify_all()
        deadline = time.monotonic() + seconds
        for each in self._threads:
            if each.is_alive():
                each.join(max(0.0, deadline - time.monotonic()))

    def tell_once(self) -> int:
        """All news that is there now; a run whose news cannot be told is left alone for a while."""
        told = 0
        now = time.monotonic()
        self._left_alone = {run: until for run, until in self._left_alone.items() if until > now}
        for run in services.runs_with_news(BATCH, self._left_alone):
            try:
                told += services.run_tell(run)
            except (OperationalError, InterfaceError):
                raise
            except Exception:
                self._left_alone[run] = time.monotonic() + LEFT_ALONE_SECONDS
                log.exception("News of run %s cannot be told; it is tried again in %d s.", run, LEFT_ALONE_SECONDS)
        return told

    def send_once(self) -> int:
        """Everything that is due now, one by one; returns how many tries that took."""
        tries = 0
        while not self.stopping.is_set() and (found := services.delivery_claim()) is not None:
            services.delivery_send(found)
            tries += 1
        return tries

    def _body(self, act: Callable[[], None]) -> None:
        while not self.stopping.is_set():
            try:
                act()
            except (DatabaseError, psycopg.Error) as error:
                log.warning("The database does not answer (%s); trying again in a second.", error)
            except Exception:
                log.exception("The messenger stumbled over an error of ours; it goes on in a second.")
            connection.close()
            self.stopping.wait(FLOOR_SECONDS)
        connection.close()

    def _telling(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        while not self.stopping.is_set():
            self.tell_once()
            if services.deliveries_due():
                with self._due:
                    self._due.notify_all()
            self._drop()
            self.stopping.wait(BREATH_SECONDS)
            for _ in connection.connection.notifies(timeout=FLOOR_SECONDS, stop_after=1):
                break

    def _sending(self) -> None:
        while not self.stopping.is_set():
            self.send_once()
            with self._due:
                if not self.stopping.is_set():
                    self._due.wait(IDLE_SECONDS)

    def _drop(self) -> None:
        if time.monotonic() > self._dropped + DROP_EVERY_SECONDS:
            self._dropped = time.monotonic()
            services.old_drop()
