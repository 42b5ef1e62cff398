"""After a restore: what the rows believe to be going on happened elsewhere, or long ago."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from backend.apps.assets.services import flavors_forget
from backend.apps.runs import outbox
from backend.apps.runs.models import Attempt, Outbox, WorkerHost
from backend.apps.runs.services.attempts import attempt_lost


def world_ended() -> int:
    """No host of the old world is one of ours, none of its messages is owed, and every live attempt is lost. Returns
    how many there were; their steps wait for a host and begin again.

    The old world may be alive: nothing here may make our hosts believe that its processes are theirs."""
    outbox.publishing_stop()
    WorkerHost.objects.update(online=False)
    Outbox.objects.all().delete()
    live = [
        str(key) for key in Attempt.objects.filter(state__in=("dispatched", "running")).values_list("pk", flat=True)
    ]
    for token in live:
        Path(settings.PIPELOOM_HOME, "attempts", token, "host").unlink(missing_ok=True)
    lost = sum(attempt_lost(token=token, reason="order.restored") for token in live)
    for host in WorkerHost.objects.filter(leases__isnull=True):
        flavors_forget(host=host.pk)
        host.delete()
    Outbox.objects.all().delete()
    return lost
