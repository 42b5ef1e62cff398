"""The Celery application: carries attempt ids to hosts, and nothing else.

Celery is a hint here (the database knows everything), so whatever could repeat, delay or keep work
inside the broker is off: see the reasons beside the settings.
"""

import ctypes
import gc
import os
import signal
from pathlib import Path
from typing import Any

import django
from celery import Celery
from celery.signals import worker_before_create_process, worker_process_init, worker_ready
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")
django.setup()

PR_SET_PDEATHSIG = 1
DEFAULT_STOP_SECONDS = "10"

# Without Celery's own care for Django: it closes the database connection around every task, and a new one costs more
# than all the statements of a step. It would also load every URL and view into the worker.
app = Celery("pipeloom", fixups=())
app.conf.update(
    broker_url=settings.CELERY_BROKER_URL,
    broker_transport_options=settings.CELERY_TRANSPORT_OPTIONS,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    imports=("workers.tasks",),
    task_default_queue=os.environ.get("PIPELOOM_WORKER_QUEUE", "host.none"),
    # Acknowledged before it runs: the database, not the broker, decides whether an attempt is repeated.
    task_acks_late=False,
    task_ignore_result=True,
    task_store_errors_even_if_ignored=False,
    result_backend=None,
    task_serializer="json",
    result_serializer="json",
    accept_content=["json"],
    # A message is only sent when the host has a free slot; none may hide behind a long step.
    worker_prefetch_multiplier=1,
    worker_disable_prefetch=True,
    worker_enable_remote_control=False,
    worker_send_task_events=False,
    # A short Redis outage must not kill a training of ten hours.
    worker_cancel_long_running_tasks_on_connection_loss=False,
    worker_soft_shutdown_timeout=float(os.environ.get("PIPELOOM_WORKER_STOP_SECONDS", DEFAULT_STOP_SECONDS)),
    worker_max_tasks_per_child=200,
    worker_max_memory_per_child=400_000,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    enable_utc=True,
    timezone="UTC",
)


@worker_before_create_process.connect(weak=False)
def keep_memory_shared(**_: Any) -> None:
    """What is here now stays: a collector that looked at it in the new process would only copy its pages."""
    gc.collect()
    gc.freeze()


@worker_process_init.connect(weak=False)
def die_with_the_main_process(**_: Any) -> None:
    """A pool process that outlives its main process would finish work that was given to somebody else."""
    try:
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    except (OSError, AttributeError):
        return
    if os.getppid() == 1:
        os.kill(os.getpid(), signal.SIGKILL)


@worker_ready.connect(weak=False)
def tell_that_we_are_ready(**_: Any) -> None:
    """`up` waits for this file before it says that the product is ready."""
    flag = os.environ.get("PIPELOOM_READY_FILE")
    if flag:
        # Of the process that was started as the worker: the host, whose child this is.
        Path(flag).write_text(os.environ.get("PIPELOOM_READY_PID") or str(os.getpid()))
