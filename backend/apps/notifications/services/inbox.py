"""A person's notifications: numbering, done and undone, how they want to be addressed, and who is woken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from backend.apps.accounts.models import Asker, Membership
from backend.apps.notifications.models import Inbox, Notification
from backend.apps.notifications.selectors import me_group
from backend.shared import broker
from backend.shared.db import db_now, notify

CHANNEL = "pipeloom_news"


def next_number(user_id: UUID) -> int:
    """The next number of a person's changes; whoever has it holds the counter until the end of the transaction, so
    a smaller number never becomes visible after a larger one."""
    statement = """
        INSERT INTO notifications_inbox (user_id, seq, language, mail) VALUES (%s, 1, 'en', '')
        ON CONFLICT (user_id) DO UPDATE SET seq = notifications_inbox.seq + 1 RETURNING seq
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [user_id])
        return int(cursor.fetchone()[0])


def hint(told: Mapping[UUID, int]) -> None:
    """Wake the sockets of these people."""
    for user, seq in told.items():
        broker.publish_hint(me_group(user), {"seq": seq})


def hint_waits(project_id: UUID) -> None:
    """Wake everybody who could answer: what waits for a person has changed."""
    for user in Membership.objects.filter(project_id=project_id).values_list("user_id", flat=True):
        broker.publish_hint(me_group(user), {"todo": 1})


def notification_done(*, notification: Notification, done: bool) -> Notification:
    """Tick off, or take back."""
    with transaction.atomic():
        notification.seq = next_number(notification.user_id)
        notification.done_at = (notification.done_at or db_now()) if done else None
        notification.save(update_fields=["seq", "done_at"])
    return notification


def notifications_done(*, user: Asker) -> int:
    """All at once; one number for all of them."""
    with transaction.atomic():
        number = next_number(user.pk)
        rows = Notification.objects.for_user(user).filter(done_at__isnull=True)
        return int(rows.update(done_at=db_now(), seq=number))


def settings_save(*, user: Asker, **given: Any) -> Inbox:
    """Language and mail address for what is sent to this person."""
    with transaction.atomic():
        Inbox.objects.get_or_create(user=user)
        row: Inbox = Inbox.objects.select_for_update().get(user=user)
        for name, value in given.items():
            setattr(row, name, value)
        row.save(update_fields=list(given) or None)
    return row


def wake() -> None:
    """After the commit, the messenger looks."""
    notify(CHANNEL)
