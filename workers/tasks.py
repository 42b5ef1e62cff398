"""What Celery may ask of a host: run one attempt, or show that it still answers."""

import logging
from typing import Any

from celery.signals import worker_process_init
from django.db import close_old_connections

from backend.apps.runs import services
from workers.agent.attempt import run_attempt
from workers.app import app

log = logging.getLogger(__name__)


@worker_process_init.connect(weak=False)
def publish_own_commits(**_: Any) -> None:
    """A step that ends dispatches the next one at once; the reconciler only repairs."""
    services.publishing_start()


@app.task(name="pipeloom.run_attempt")  # type: ignore[untyped-decorator]
def run_attempt_task(token: str) -> None:
    # One connection a process, kept; one that broke while nothing was to be done must not cost this attempt.
    close_old_connections()
    run_attempt(token)


@app.task(name="pipeloom.canary")  # type: ignore[untyped-decorator]
def canary_task(sent: Any = None) -> None:
    log.info("canary %s", sent)
