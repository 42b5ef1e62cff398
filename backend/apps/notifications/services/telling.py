"""From what happened in a run to who is told: everything that one fact owes, noted in one transaction.

The fact's row in `News` was written with the fact. Here it is deleted in the transaction that writes the deliveries
and the inboxes; so a crash before the commit leaves the row, and one after it leaves the deliveries. Tellers take
turns (one lock for all), which keeps the answers to a waiting step behind the question.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from backend.apps.accounts.models import Membership, User
from backend.apps.notifications import selectors
from backend.apps.notifications.models import Channel, Delivery, Inbox, Notification, Subscription
from backend.apps.notifications.services import inbox
from backend.apps.notifications.services.content import content_of
from backend.apps.runs import store
from backend.apps.runs.failpoints import failpoint
from backend.apps.runs.models import Event, News, Run
from backend.domain.run import news as domain
from backend.shared.db import advisory_lock, db_now

INBOX, MAIL, WEBHOOK = "inbox", "mail", "webhook"


@dataclass(frozen=True, slots=True)
class Recipient:
    """`key` is the channel's part of what makes a delivery unique."""

    key: str
    kind: str
    user: UUID | None = None
    address: str = ""
    language: str = "en"
    channel: UUID | None = None

    @property
    def place(self) -> tuple[str, object]:
        """Where the message comes out: told twice of one fact, nobody is told better."""
        return (self.kind, self.user or self.channel or self.address.casefold())


@dataclass(slots=True)
class Telling:
    """One run's news while the transaction is open."""

    run: Run
    now: datetime
    subscriptions: list[Subscription]
    told: dict[UUID, int] = field(default_factory=dict)
    deliveries: int = 0
    waits_changed: bool = False

    def take(self, event: Event) -> None:
        """One fact: settle what it answers, then tell what it is."""
        step = event.step or None
        # What ends with an attempt has not been waiting for anybody.
        if step and domain.settles(event.type) and event.data.get("token") is None:
            self._settle(event)
        found = domain.news_of(event.type, step, event.data)
        if found is None:
            return
        self.waits_changed |= found.occasion is domain.Occasion.WAITING
        self._tell(event, found)

    def _settle(self, event: Event) -> None:
        by = event.data.get("by") if event.type == "step_continued" else None
        open_ones = Notification.objects.filter(
            run=self.run, step=event.step, occasion="waiting", settled_at__isnull=True
        )
        self.waits_changed = True
        person = User.objects.filter(pk=by).first() if by else None
        for each in open_ones.order_by("user_id"):
            mine = person is not None and each.user_id == person.pk
            each.settled_at, each.settled_by = self.now, person.shown_name if person else ""
            each.done_at = each.done_at or (self.now if mine else None)
            self._number(each)
            each.save(update_fields=["settled_at", "settled_by", "done_at", "seq"])

    def _tell(self, event: Event, found: domain.News) -> None:
        told: set[tuple[str, object]] = set()
        for news, rows in ((found, self._rows_of(found)), (domain.of_the_whole(found), None)):
            if news is None:
                continue
            whole = self._rows_of(news) if rows is None else rows
            if not whole:
                continue
            rounds = selectors.rounds_before(self.run.pk, event.seq) if news.step is None else 0
            key = domain.event_key(str(self.run.pk), event.seq, news, rounds=rounds)
            content = content_of(self.run, event, news)
            for row in whole:
                for to in recipients_of(row, self.run.project_id):
                    if to.place not in told and self._note(row, key, to, content):
                        told.add(to.place)

    def _rows_of(self, news: domain.News) -> list[Subscription]:
        """One's own rows last: a topic's row names the channel that its log can show."""
        wanted = [row for row in self.subscriptions if getattr(row, news.occasion.value) and self._is_of(row, news)]
        return sorted(wanted, key=lambda row: (row.topic_id is None, str(row.pk)))

    def _is_of(self, row: Subscription, news: domain.News) -> bool:
        """A row follows its step through every renaming; a step that is new under an old name inherits what was its."""
        if news.step is None or not row.step:
            return (row.step or None) == news.step
        ids = {step.name: step.id for step in store.document_of(self.run.version_id).steps}
        return row.step_id == ids.get(news.step) if row.step_id in ids.values() else row.step == news.step

    def _note(self, row: Subscription, key: str, to: Recipient, content: dict[str, Any]) -> bool:
        """False when this subscription has told it there before."""
        rows = Delivery.objects.filter(subscription=row, event=key, channel=to.key)
        if rows.exists():
            return False
        arrived = to.kind == INBOX
        Delivery.objects.create(
            project_id=self.run.project_id,
            subscription=row,
            topic_id=row.topic_id,
            channel_row_id=to.channel,
            channel=to.key,
            kind=to.kind,
            event=key,
            address=to.address,
            language=to.language,
            content=content,
            state="sent" if arrived else "waiting",
            due_at=self.now,
            created_at=self.now,
            sent_at=self.now if arrived else None,
        )
        self.deliveries += 1
        if to.user is not None and arrived:
            self._put(to.user, key, content)
        return True

    def _put(self, user: UUID, key: str, content: dict[str, Any]) -> None:
        if Notification.objects.filter(user_id=user, event=key).exists():
            return
        row = Notification(
            user_id=user,
            project_id=self.run.project_id,
            run=self.run,
            step=content.get("step") or "",
            occasion=content["occasion"],
            event=key,
            content=content,
            created_at=self.now,
        )
        self._number(row)
        row.save(force_insert=True)

    def _number(self, row: Notification) -> None:
        row.seq = self.told[row.user_id] = inbox.next_number(row.user_id)


def recipients_of(row: Subscription, project_id: UUID) -> Iterator[Recipient]:
    """Everybody behind a row who may still see the project."""
    if row.user_id is not None:
        yield from _person(row.user_id, project_id, None)
        return
    for channel in Channel.objects.filter(topic_id=row.topic_id).order_by("pk"):
        yield from _channel(channel, project_id)


def _channel(channel: Channel, project_id: UUID) -> Iterator[Recipient]:
    if channel.user_id is not None:
        yield from _person(channel.user_id, project_id, channel.pk)
    else:
        key = f"{channel.kind}:{channel.pk}"
        yield Recipient(key, channel.kind, None, channel.address, channel.language, channel.pk)


def _person(user_id: UUID, project_id: UUID, channel: UUID | None) -> Iterator[Recipient]:
    belongs = Membership.objects.filter(user_id=user_id, project_id=project_id, user__is_active=True)
    if not belongs.exists():
        return
    yield Recipient(f"inbox:{user_id}", INBOX, user_id, "", "en", channel)
    wishes = Inbox.objects.select_related("user").filter(user_id=user_id).exclude(mail="").first()
    if wishes is not None:
        language = wishes.user.language or wishes.language
        yield Recipient(f"mail:{user_id}", MAIL, None, wishes.mail, language, channel)


def runs_with_news(limit: int, beside: Iterable[UUID] = ()) -> list[UUID]:
    """Runs in which something happened that nobody has looked at; the oldest (by key) first."""
    rows = News.objects.exclude(run_id__in=list(beside)).order_by("run_id").values_list("run_id", flat=True)
    return list(rows.distinct()[:limit])


def run_tell(run_id: UUID) -> int:
    """Everything that is new in one run; returns how many deliveries were noted."""
    with transaction.atomic():
        advisory_lock("news")
        seqs = list(News.objects.filter(run_id=run_id).values_list("seq", flat=True))
        run = Run.objects.select_related("workflow").filter(pk=run_id).first()
        if not seqs or run is None:
            return 0
        telling = Telling(run, db_now(), list(selectors.subscriptions_for(run)))
        for event in Event.objects.filter(run_id=run_id, seq__in=seqs).order_by("seq"):
            telling.take(event)
        News.objects.filter(run_id=run_id, seq__in=seqs).delete()
        failpoint("news.before_commit")
    failpoint("news.after_commit")
    inbox.hint(telling.told)
    if telling.waits_changed:
        inbox.hint_waits(run.project_id)
    return telling.deliveries


def run_tell_one(*, subscription: Subscription, run_id: UUID) -> None:
    """A run's end, to somebody who asked to be told after it: they must not wait for what has happened already.

    Under the run's lock, so that the end is either seen here or finds the subscription. What the subscription has
    told before is not told again.
    """
    event = Event.objects.filter(run_id=run_id, type="run_finished").order_by("-seq").first()
    run = Run.objects.select_related("workflow").get(pk=run_id)
    if event is None or run.finished_at is None:
        return
    telling = Telling(run, db_now(), [subscription])
    telling.take(event)
    transaction.on_commit(lambda: inbox.hint(telling.told), robust=True)
