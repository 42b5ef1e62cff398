"""What requests about topics, subscriptions and notifications say, and what they are answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.apps.notifications.models import ChannelKind, Delivery, DeliveryState, Language, Notification
from backend.domain.run.news import Occasion
from backend.shared.http import JsonObject, PageQuery, SearchQuery, Strict, WholeQuery

EVENTS = [each.value for each in Occasion]
LONGEST_WAIT = 30
DELIVERY_KINDS = ["inbox", "mail", "webhook"]
MOST = 2**63 - 1


class TopicName(serializers.RegexField):
    def __init__(self, **more: Any) -> None:
        super().__init__(r"^[^\x00-\x1f\x7f]+$", max_length=64, **more)


class DeliveryOut(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="The same at every try: webhook-id, Message-ID.")
    kind = serializers.ChoiceField(choices=DELIVERY_KINDS)
    channel = serializers.UUIDField(source="channel_row_id", allow_null=True)
    address = serializers.SerializerMethodField()
    event = serializers.CharField()
    content = JsonObject()
    state = serializers.ChoiceField(choices=DeliveryState.values)
    tries = serializers.IntegerField()
    due_at = serializers.DateTimeField(help_text="Of a waiting message: when it is tried next.")
    problem = JsonObject(allow_null=True, help_text="Why the last try failed.")
    created_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)

    def get_address(self, row: Delivery) -> str:
        person = row.channel_row.user if row.channel_row else None
        return row.address or (person.username if person else "")


class ChannelOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=ChannelKind.values)
    username = serializers.CharField(source="user.username", allow_null=True, default=None)
    address = serializers.CharField()
    language = serializers.ChoiceField(choices=Language.values)
    last = serializers.SerializerMethodField(help_text="The newest delivery; null before the first.")

    @extend_schema_field(DeliveryOut(allow_null=True))
    def get_last(self, row: Any) -> Any:
        newest: Mapping[UUID, Delivery] = self.context.get("last", {})
        found = newest.get(row.pk)
        return None if found is None else DeliveryOut(found).data


class ChannelMade(ChannelOut):
    secret = serializers.CharField(allow_null=True, help_text="Of a webhook, to check signatures with. Shown only now.")


class TopicOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    project = serializers.UUIDField(source="project_id")
    channels = ChannelOut(many=True, source="channels.all")
    created_at = serializers.DateTimeField()


class TopicPage(serializers.Serializer[Any]):
    items = TopicOut(many=True)
    next = serializers.CharField(allow_null=True)


class TopicListQuery(SearchQuery):
    project = serializers.UUIDField(required=False)
    order = serializers.ChoiceField(choices=["name", "-name", "created_at", "-created_at"], default="name")


class TopicCreate(Strict):
    name = TopicName()
    project = serializers.UUIDField(required=False, help_text="Without it: your own.")
    join = serializers.BooleanField(default=True, help_text="Become its first member.")


class TopicPatch(Strict):
    name = TopicName()


class PersonOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    username = serializers.CharField()


class TopicPeopleQuery(WholeQuery):
    order = serializers.ChoiceField(choices=["username", "-username"], default="username")


class TopicPeople(serializers.Serializer[Any]):
    items = PersonOut(many=True)
    next = serializers.CharField(allow_null=True)


class ChannelCreate(Strict):
    kind = serializers.ChoiceField(choices=ChannelKind.values)
    username = serializers.CharField(required=False, max_length=150, help_text="Of a member.")
    address = serializers.CharField(
        required=False, max_length=2000, help_text="Of a mailbox or a webhook (http:// or https://)."
    )
    language = serializers.ChoiceField(choices=Language.values, default="en", help_text="Of mails to an address.")


class ChannelPatch(Strict):
    language = serializers.ChoiceField(choices=Language.values, required=False)
    renew = serializers.BooleanField(default=False, help_text="Make a new secret; the answer shows it.")


class TestIn(Strict):
    channel = serializers.UUIDField(required=False, help_text="Over this one; without it, over all.")


class DeliveryList(serializers.Serializer[Any]):
    items = DeliveryOut(many=True)


class DeliveryPage(DeliveryList):
    next = serializers.CharField(allow_null=True)


class DeliveryListQuery(PageQuery):
    state = serializers.ChoiceField(choices=DeliveryState.values, required=False)
    channel = serializers.UUIDField(required=False)
    order = serializers.ChoiceField(choices=["created_at", "-created_at"], default="-created_at")


class DeliveryAction(Strict):
    action = serializers.ChoiceField(choices=["redeliver"])


class TopicRef(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()


class SubscriptionOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    workflow = serializers.UUIDField(source="workflow_id")
    run = serializers.UUIDField(source="run_id", allow_null=True)
    step = serializers.SerializerMethodField(help_text="Null for the whole workflow.")
    step_id = serializers.CharField(help_text="What stays when the step is renamed; empty where it has none.")
    topic = TopicRef(allow_null=True, help_text="Null: you yourself.")
    events = serializers.SerializerMethodField()

    def get_step(self, row: Any) -> str | None:
        return row.step or None

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=EVENTS)))
    def get_events(self, row: Any) -> list[str]:
        return [each for each in EVENTS if getattr(row, each)]


class SubscriptionPage(serializers.Serializer[Any]):
    items = SubscriptionOut(many=True)
    next = serializers.CharField(allow_null=True)


class SubscriptionListQuery(PageQuery):
    workflow = serializers.UUIDField(required=False)
    run = serializers.UUIDField(required=False)
    order = serializers.ChoiceField(choices=["created_at", "-created_at"], default="created_at")


class Events(serializers.ListField):
    def __init__(self, **more: Any) -> None:
        super().__init__(child=serializers.ChoiceField(choices=EVENTS), max_length=3, allow_empty=True, **more)


class SubscriptionCreate(Strict):
    workflow = serializers.UUIDField(required=False, help_text="A row of this workflow; or give a run.")
    run = serializers.UUIDField(required=False, help_text="Tell me when this run ends.")
    step = serializers.CharField(
        required=False, allow_null=True, max_length=128, help_text="Without it: the whole workflow."
    )
    topic = serializers.UUIDField(required=False, allow_null=True, help_text="Without it: tell me.")
    events = Events(required=False)


class SubscriptionPatch(Strict):
    events = Events()


class WorkflowSubscriptions(serializers.Serializer[Any]):
    enabled = serializers.BooleanField(help_text="The switch of the workflow.")
    items = SubscriptionOut(many=True)


class SwitchIn(Strict):
    enabled = serializers.BooleanField()


class NotificationOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    seq = serializers.IntegerField(help_text="The number of its latest change.")
    occasion = serializers.ChoiceField(choices=[*EVENTS, "test"])
    run = serializers.UUIDField(source="run_id", allow_null=True)
    step = serializers.SerializerMethodField()
    content = JsonObject(help_text="Names and numbers as they were; `path` is where it leads.")
    created_at = serializers.DateTimeField()
    done = serializers.SerializerMethodField()
    settled_at = serializers.DateTimeField(allow_null=True, help_text="Since when nobody needs to answer any more.")
    settled_by = serializers.CharField(help_text="Who answered; empty when nobody did.")

    def get_step(self, row: Notification) -> str | None:
        return row.step or None

    def get_done(self, row: Notification) -> bool:
        return row.done_at is not None


class NotificationPage(serializers.Serializer[Any]):
    items = NotificationOut(many=True)
    next = serializers.CharField(allow_null=True)
    unread = serializers.IntegerField()
    seq = serializers.IntegerField(help_text="Follow the changes after this number.")


class NotificationListQuery(PageQuery):
    state = serializers.ChoiceField(choices=["open", "done", "all"], default="all")
    order = serializers.ChoiceField(choices=["created_at", "-created_at"], default="-created_at")


class NotificationPatch(Strict):
    done = serializers.BooleanField()


class AllDone(Strict):
    done = serializers.ChoiceField(choices=[True])


class DoneOut(serializers.Serializer[Any]):
    changed = serializers.IntegerField()


class NotificationChangesQuery(Strict):
    after = serializers.IntegerField(min_value=0, max_value=MOST, default=0)
    wait = serializers.FloatField(min_value=0, max_value=LONGEST_WAIT, default=0, help_text="Seconds.")


class NotificationChanges(serializers.Serializer[Any]):
    items = NotificationOut(many=True)
    seq = serializers.IntegerField()
    more = serializers.BooleanField()
    unread = serializers.IntegerField()
    waits = serializers.IntegerField(help_text="How many steps wait for a person.")


class SettingsOut(serializers.Serializer[Any]):
    language = serializers.ChoiceField(choices=Language.values)
    mail = serializers.CharField(help_text="Where your news also goes; empty: only into the inbox.")
    mail_available = serializers.BooleanField(help_text="Whether this server can send mail.")


class SettingsPatch(Strict):
    language = serializers.ChoiceField(choices=Language.values, required=False)
    mail = serializers.EmailField(required=False, allow_blank=True, max_length=254)


def notification_frame(row: Notification) -> dict[str, Any]:
    """As the socket sends it; the same fields as over HTTP."""
    shown = NotificationOut(row).data
    at = max(filter(None, (row.created_at, row.done_at, row.settled_at)))
    return {"type": "notification", "seq": row.seq, "at": at.isoformat(), "notification": shown}


def waits_frame(count: int) -> dict[str, Any]:
    """How many steps wait for a person has changed, or which."""
    return {"type": "todo", "count": count}
