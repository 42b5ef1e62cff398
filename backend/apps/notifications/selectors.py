"""Reads: who follows a run, what a person was told, what a topic sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from backend.apps.accounts.models import Asker, Membership, Project, User
from backend.apps.notifications.models import Channel, Delivery, Inbox, Notification, Subscription, Switch, Topic
from backend.apps.runs.models import Event, Run
from backend.apps.runs.selectors import todo_of
from backend.apps.workflows.models import Workflow

MOST_WAITS = 200
LONGEST_ID = 64


def me_group(user_id: Any) -> str:
    """The channel-layer group of one person's sockets."""
    return f"me.{user_id}"


def subscriptions_for(run: Run) -> QuerySet[Subscription]:
    """For the engine: the rows of the workflow while its switch is on, and those of this very run."""
    on = not Switch.objects.filter(workflow_id=run.workflow_id, enabled=False).exists()
    wanted = Q(run=run) | Q(run__isnull=True) if on else Q(run=run)
    return Subscription.objects.filter(wanted, workflow_id=run.workflow_id)


def rounds_before(run_id: UUID, seq: int) -> int:
    """How often the run had ended already."""
    return Event.objects.filter(run_id=run_id, type="run_finished", seq__lt=seq).count()


def topics_of(user: Asker, project: Any = None) -> QuerySet[Topic]:
    rows: QuerySet[Topic] = Topic.objects.for_user(user)
    rows = rows.filter(project_id=project) if project is not None else rows
    return rows.prefetch_related("channels", "channels__user")


def people_of(project: Project) -> QuerySet[User]:
    """Everybody who could become a member of the project's topics."""
    members = Membership.objects.filter(project=project).values("user_id")
    return User.objects.filter(pk__in=members, is_active=True).order_by("username")


def subscriptions_of(user: Asker, *, workflow: Any = None, run: Any = None) -> QuerySet[Subscription]:
    rows: QuerySet[Subscription] = Subscription.objects.for_user(user).select_related("topic", "user")
    if run is not None:
        return rows.filter(run_id=run)
    return rows.filter(workflow_id=workflow, run__isnull=True) if workflow is not None else rows


def step_ids(workflow: Workflow) -> dict[str, str]:
    """Names and ids of the steps of the draft, and of the newest version: either may be what will run."""
    newest = workflow.versions.order_by("-number").first()
    return {**_ids_in(newest.document if newest else {}), **_ids_in(workflow.draft.document)}


def _ids_in(document: Any) -> dict[str, str]:
    """A draft may hold anything; what cannot be an id is left out."""
    listed = document.get("steps") if isinstance(document, dict) else None
    steps = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    return {each["name"]: _id_of(each) for each in steps if isinstance(each.get("name"), str)}


def _id_of(step: dict[str, Any]) -> str:
    found = step.get("id")
    return found if isinstance(found, str) and len(found) <= LONGEST_ID else ""


def named_now(workflow: Workflow, rows: Iterable[Subscription]) -> list[Subscription]:
    """The rows with the names that their steps have in the draft now; nothing is stored."""
    names = {key: name for name, key in _ids_in(workflow.draft.document).items() if key}
    found = list(rows)
    for row in found:
        row.step = names.get(row.step_id, row.step)
    return sorted(found, key=lambda row: (row.step, row.created_at))


def switched_on(workflow_id: Any) -> bool:
    return not Switch.objects.filter(workflow_id=workflow_id, enabled=False).exists()


def deliveries_of(topic: Topic, *, state: str | None = None, channel: Any = None) -> QuerySet[Delivery]:
    """The topic's log; what only went into an inbox is in it too."""
    rows = Delivery.objects.filter(topic=topic).select_related("channel_row", "channel_row__user")
    rows = rows.filter(state=state) if state else rows
    return rows.filter(channel_row_id=channel) if channel else rows


def last_deliveries(topics: list[Topic]) -> dict[UUID, Delivery]:
    """The newest delivery of each channel: whether it works."""
    channels = [channel.pk for topic in topics for channel in topic.channels.all()]
    rows = Delivery.objects.filter(channel_row_id__in=channels).order_by("channel_row_id", "-created_at")
    return {row.channel_row_id: row for row in rows.distinct("channel_row_id") if row.channel_row_id}


def notifications_of(user: Asker, state: str = "all") -> QuerySet[Notification]:
    rows: QuerySet[Notification] = Notification.objects.for_user(user)
    if state == "all":
        return rows
    return rows.filter(done_at__isnull=state == "open")


def inbox_of(user: Asker) -> Inbox:
    return Inbox.objects.filter(user=user).first() or Inbox(user=user)  # type: ignore[misc]


class Marks(NamedTuple):
    """What changes when there is news for a person."""

    seq: int
    waits: tuple[int, ...]


def me_marks(user: Asker) -> Marks:
    seq = Inbox.objects.filter(user=user).values_list("seq", flat=True).first() or 0
    return Marks(seq, tuple(todo_of(user).order_by("pk").values_list("pk", flat=True)[:MOST_WAITS]))


def changes_after(user: Asker, seq: int, limit: int) -> list[Notification]:
    """A person's notifications that changed after a number, as they are now, oldest change first. What changed at
    once has one number and stays together."""
    rows = notifications_of(user).filter(seq__gt=seq).order_by("seq", "pk")
    found = list(rows[:limit])
    if len(found) == limit:
        found += list(rows.filter(seq=found[-1].seq).exclude(pk__in=[row.pk for row in found]))
    return found


def unread(user: Asker) -> int:
    return notifications_of(user, "open").count()


def channel_of(user: Asker, topic_id: Any, channel_id: Any, role: str) -> Channel:
    topic = Topic.objects.fetch_for(user, role, pk=topic_id)
    found: Channel = Channel.objects.fetch_for(user, role, pk=channel_id, topic=topic)
    return found
