"""What a committed transaction still owes to the outside, as rows, and how it is paid.

A row is written in the transaction that decides. A process that may talk to Redis sends it right after the
commit and leaves the row: the claim of the attempt deletes it, being the proof that the message arrived. All
others only wake the reconciler. Whatever is still there when it falls due is sent by the relay.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from backend.apps.runs.failpoints import failpoint
from backend.apps.runs.models import Outbox
from backend.shared import broker
from backend.shared.db import afterwards, db_now, notify

CHANNEL = "pipeloom_outbox"
GRACE = timedelta(seconds=1)
LONGEST_PAUSE_SECONDS = 30
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Message:
    """One message: `dispatch` {queue, token}, `hint` {group, …} or `cancel` {host, token}."""

    kind: str
    key: str
    payload: dict[str, Any]


def dispatch_message(token: str, queue: str) -> Message:
    """Run this attempt on the host that reads the queue."""
    return Message("dispatch", f"dispatch:{token}", {"queue": queue, "token": token})


def cancel_message(token: str, host: str) -> Message:
    """Ask the host to look at its attempts; the request itself is a column of the attempt."""
    return Message("cancel", f"cancel:{token}", {"host": host, "token": token})


def hint_message(run_id: Any, **what: Any) -> Message:
    """Tell the run's listeners to read."""
    return Message("hint", f"hint:{run_id}", {"group": run_group(run_id), "run": str(run_id), **what})


def run_group(run_id: Any) -> str:
    """The channel-layer group of everybody who watches the run."""
    return f"run.{run_id}"


class _Publishing:
    """Whether this process sends its own messages; web processes never do."""

    own: bool = getattr(settings, "PIPELOOM_ROLE", "command") in {"worker", "reconciler"}


def publishing_start() -> None:
    """From now on this process publishes what it commits."""
    _Publishing.own = True


def publishing_stop() -> None:
    """From now on this process only writes rows and wakes the reconciler."""
    _Publishing.own = False


def publishing() -> bool:
    """Whether this process publishes its own commits."""
    return _Publishing.own


def rows(messages: Sequence[Message], now: datetime) -> list[dict[str, Any]]:
    """The rows of a transaction, for the statement that writes it. Who publishes himself owes no hints."""
    own = publishing()
    due = now + GRACE if own else now
    return [
        {
            "kind": each.kind,
            "key": each.key,
            "payload": json.dumps(each.payload),
            "created_at": now.isoformat(),
            "due_at": due.isoformat(),
        }
        for each in messages
        if not (own and each.kind == "hint")
    ]


def after_commit(messages: Sequence[Message]) -> None:
    """Arrange for what follows the commit: send the messages, or wake whoever sends them."""
    if publishing():
        afterwards(_publish_own, messages)
    elif messages:
        notify(CHANNEL)
        afterwards(failpoint, "outbox.after_commit")


def _publish_own(messages: Iterable[Message]) -> None:
    failpoint("outbox.after_commit")
    for each in messages:
        publish(each.kind, each.payload)


def publish(kind: str, payload: dict[str, Any]) -> bool:
    """Send one message now; False when Redis did not take it."""
    return _PUBLISHERS[kind](payload)


def _publish_dispatch(payload: dict[str, Any]) -> bool:
    return broker.send_attempt(payload["queue"], payload["token"])


def _publish_hint(payload: dict[str, Any]) -> bool:
    return broker.publish_hint(payload["group"], {key: value for key, value in payload.items() if key != "group"})


def _publish_cancel(payload: dict[str, Any]) -> bool:
    return broker.publish_hint(f"host.{payload['host']}", {"cancel": payload["token"]})


_PUBLISHERS: dict[str, Callable[[dict[str, Any]], bool]] = {
    "dispatch": _publish_dispatch,
    "hint": _publish_hint,
    "cancel": _publish_cancel,
}


def delivered(*keys: str) -> None:
    """The messages have done their work: nobody needs to send them again."""
    Outbox.objects.filter(key__in=keys).delete()


def relay_batch(limit: int = 100) -> int:
    """Send what is due and delete it. Rows that another relay holds are skipped; returns how many were handled."""
    with transaction.atomic():
        now = db_now()
        due = Outbox.objects.select_for_update(skip_locked=True).filter(due_at__lte=now).order_by("due_at", "id")
        rows = list(due[:limit])
        if not rows:
            return 0
        sent, kept = _send_rows(rows)
        Outbox.objects.filter(pk__in=sent).delete()
        for row in kept:
            row.tries += 1
            row.due_at = now + timedelta(seconds=min(2**row.tries, LONGEST_PAUSE_SECONDS))
        Outbox.objects.bulk_update(kept, ["tries", "due_at"])
    return len(rows)


def _send_rows(rows: list[Outbox]) -> tuple[list[int], list[Outbox]]:
    sent: list[int] = []
    kept: list[Outbox] = []
    for row in rows:
        if publish(row.kind, row.payload):
            failpoint("relay.after_publish")
            sent.append(row.pk)
        else:
            kept.append(row)
    return sent, kept
