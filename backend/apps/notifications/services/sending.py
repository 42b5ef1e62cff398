"""Messages on their way out: claim one, send it with no transaction open, note what came of it.

A claim is a lease in the row, so a process that dies while sending leaves a message that another one takes up after
a while, under the same delivery id. That is the one moment in which a receiver may get a message twice, and the id is
how it can tell; the row, the log and the inbox have it once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from backend.apps.notifications.models import Delivery, Notification
from backend.apps.notifications.services import inbox
from backend.apps.notifications.services.hooks import hook_send
from backend.apps.notifications.services.mailing import NotSentError, mail_send
from backend.apps.runs.failpoints import failpoint
from backend.shared.db import db_now

CLAIM = timedelta(seconds=120)
"""Longer than any one try can take: every part of it has a time-out."""
log = logging.getLogger(__name__)


def delivery_claim() -> Delivery | None:
    """The message that is due for the longest time and that nobody else is sending."""
    with transaction.atomic():
        found: Delivery | None = _due().select_for_update(skip_locked=True).order_by("due_at").first()
        if found is None:
            return None
        found.tries += 1
        found.claimed_until = db_now() + CLAIM
        found.save(update_fields=["tries", "claimed_until"])
    failpoint("delivery.after_claim")
    return Delivery.objects.select_related("channel_row").get(pk=found.pk)


def deliveries_due() -> bool:
    """Whether there is anything to send now."""
    return _due().exists()


def _due() -> QuerySet[Delivery]:
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=Now())
    return Delivery.objects.filter(free, state="waiting", due_at__lte=Now())


def delivery_send(delivery: Delivery) -> bool:
    """One try. Whatever goes wrong is noted in the row, where the log shows it."""
    try:
        _SENDERS[delivery.kind](delivery)
    except NotSentError as error:
        _failed(delivery, error)
        return False
    except Exception:
        # Of this one message: it must not keep the messenger from the others.
        log.exception("Delivery %s could not be sent.", delivery.pk)
        _failed(delivery, NotSentError("notice.failed"))
        return False
    failpoint("delivery.after_send")
    _mine(delivery).update(state="sent", sent_at=Now(), claimed_until=None, problem=None)
    return True


def _mine(delivery: Delivery) -> QuerySet[Delivery]:
    """The row, if nobody else has taken it up meanwhile: a sender that was away too long has no say any more."""
    return Delivery.objects.filter(pk=delivery.pk, state="waiting", tries=delivery.tries)


def _failed(delivery: Delivery, error: NotSentError) -> None:
    waits = settings.PIPELOOM_NOTICE_RETRY_SECONDS
    over = error.final or delivery.tries > len(waits)
    changes: dict[str, object] = {"problem": error.problem.as_json(), "claimed_until": None}
    if over:
        changes["state"] = "given_up"
        log.warning("Delivery %s is given up after %d tries: %s", delivery.pk, delivery.tries, error.problem.message)
    else:
        changes["due_at"] = Now() + timedelta(seconds=waits[delivery.tries - 1])
    _mine(delivery).update(**changes)


def inbox_send(delivery: Delivery) -> None:
    """Into a member's inbox: test messages, and what is delivered again from the log."""
    user: UUID | None = delivery.channel_row.user_id if delivery.channel_row else None
    if user is None:
        raise NotSentError("notice.channel_gone", final=True)
    with transaction.atomic():
        number = inbox.next_number(user)
        known = Notification.objects.filter(user_id=user, event=delivery.event)
        if not known.update(seq=number, done_at=None):
            Notification.objects.create(
                user_id=user,
                project_id=delivery.project_id,
                occasion=delivery.content["occasion"],
                event=delivery.event,
                content=delivery.content,
                seq=number,
                created_at=db_now(),
            )
    inbox.hint({user: number})


_SENDERS: Mapping[str, Callable[[Delivery], None]] = {"inbox": inbox_send, "mail": mail_send, "webhook": hook_send}


def old_drop() -> int:
    """What is older than the administrator wants to keep; nobody reads a log of last year's mails."""
    before = db_now() - timedelta(days=settings.PIPELOOM_NOTICE_KEEP_DAYS)
    gone, _ = Delivery.objects.filter(created_at__lt=before).exclude(state="waiting").delete()
    ticked, _ = Notification.objects.filter(created_at__lt=before, done_at__isnull=False).delete()
    return gone + ticked
