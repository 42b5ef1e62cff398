"""The two things we say through Redis: "run this attempt" and "look at that run".

Both are hints: the database knows everything already, so a message that is lost or doubled changes only
how soon somebody looks. One publisher a process keeps its connections; after a failure it stays quiet for
a moment, so that a dead Redis costs a commit one refused connection and not one time-out each.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Any

from celery import Celery
from channels.layers import get_channel_layer
from django.conf import settings
from kombu import Queue
from redis import Redis

from backend.shared import telemetry

ATTEMPT_TASK = "pipeloom.run_attempt"
QUIET_SECONDS = 1.0
log = logging.getLogger(__name__)


class Publisher:
    """The process's own connections to Redis, made on first use and made anew after a fork."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pid = 0
        self._celery: Celery | None = None
        self._redis: Redis | None = None
        self._quiet_until = 0.0

    def send_attempt(self, queue: str, token: str) -> bool:
        """Put one attempt into its host's queue. False: not sent, the outbox row must stay."""
        return self._try(lambda: self._send(queue, token), f"attempt {token}")

    def publish_hint(self, group: str, message: dict[str, Any]) -> bool:
        """Tell whoever listens to the group to look at the database."""
        return self._try(lambda: self._publish(group, message), f"hint to {group}")

    def ping(self) -> bool:
        """Whether Redis answers; for health checks, so it ignores the quiet time."""
        self._quiet_until = 0.0
        return self._try(lambda: self._client().ping(), "ping")

    def _try(self, act: Callable[[], object], what: str) -> bool:
        if time.monotonic() < self._quiet_until:
            return False
        try:
            act()
        except Exception as error:  # noqa: BLE001
            # Whatever Redis or its client thinks of, the caller's transaction has committed: log and go on.
            self._quiet_until = time.monotonic() + QUIET_SECONDS
            telemetry.count("pipeloom_publish_failures")
            log.warning("Redis did not take the %s (%s); the reconciler repeats it.", what, error)
            return False
        return True

    def _send(self, queue: str, token: str) -> None:
        app = self._app()
        app.send_task(
            ATTEMPT_TASK,
            args=[token],
            queue=Queue(queue, routing_key=queue),
            ignore_result=True,
            retry=False,
            serializer="json",
        )

    def _publish(self, group: str, message: dict[str, Any]) -> None:
        layer = get_channel_layer()
        payload = layer.serialize({"type": "hint", **message})
        self._client().publish(f"{_prefix()}__group__{group}", payload)

    def _app(self) -> Celery:
        self._fresh()
        with self._lock:
            if self._celery is None:
                self._celery = _celery_app()
            return self._celery

    def _client(self) -> Redis:
        self._fresh()
        with self._lock:
            if self._redis is None:
                self._redis = Redis.from_url(
                    settings.REDIS_URL, socket_timeout=5, socket_connect_timeout=2, health_check_interval=30
                )
            return self._redis

    def _fresh(self) -> None:
        """A connection inherited over a fork would be shared with the parent: drop it unread."""
        if self._pid != os.getpid():
            self._lock = threading.Lock()
            self._pid, self._celery, self._redis = os.getpid(), None, None


def _celery_app() -> Celery:
    app = Celery("pipeloom-publisher", broker=settings.CELERY_BROKER_URL, set_as_current=False)
    app.conf.update(
        broker_transport_options=getattr(settings, "CELERY_TRANSPORT_OPTIONS", {}),
        task_ignore_result=True,
        result_backend=None,
        task_serializer="json",
        accept_content=["json"],
        broker_connection_retry=False,
        broker_pool_limit=4,
    )
    return app


def _prefix() -> str:
    config = settings.CHANNEL_LAYERS["default"].get("CONFIG", {})
    return str(config.get("prefix", "asgi"))


_publisher = Publisher()


def send_attempt(queue: str, token: str) -> bool:
    """See `Publisher.send_attempt`."""
    return _publisher.send_attempt(queue, token)


def publish_hint(group: str, message: dict[str, Any]) -> bool:
    """See `Publisher.publish_hint`."""
    return _publisher.publish_hint(group, message)


def ping() -> bool:
    """See `Publisher.ping`."""
    return _publisher.ping()
