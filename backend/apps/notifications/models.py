"""Topics and who is behind them, who wants to be told what, what was sent, and everybody's inbox."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.apps.accounts.models import Asker, Membership, Role, Scoped, reach_of, scoped
from backend.shared.clock import uuid7
from backend.shared.db import JsonTextField


class Language(models.TextChoices):
    ENGLISH = "en"
    CHINESE = "zh-Hans"


class Topic(models.Model):
    """A name under which news is given out: people of the project, mail addresses, webhooks."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey("accounts.Project", on_delete=models.CASCADE, related_name="topics")
    name = models.CharField(max_length=64)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = Scoped.as_manager()

    class Meta:
        verbose_name = "topic"
        constraints = (models.UniqueConstraint(fields=("project", "name"), name="topic_name_once"),)

    def __str__(self) -> str:
        return self.name


class ChannelKind(models.TextChoices):
    MEMBER = "member"
    MAIL = "mail"
    WEBHOOK = "webhook"


class Channel(models.Model):
    """One way out of a topic. `salt` is half of a webhook's secret; the other half never leaves the server's key."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="channels")
    kind = models.CharField(max_length=8, choices=ChannelKind.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    address = models.CharField(max_length=2000, blank=True, default="")
    language = models.CharField(max_length=8, choices=Language.choices, default=Language.ENGLISH)
    salt = models.CharField(max_length=43, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = scoped("topic__project")

    class Meta:
        verbose_name = "channel"
        constraints = (
            models.UniqueConstraint(
                fields=("topic", "kind", "user", "address"), nulls_distinct=False, name="channel_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="member", user__isnull=False, address="")
                | (Q(kind__in=["mail", "webhook"], user__isnull=True) & ~Q(address="")),
                name="channel_has_its_address",
            ),
        )


class Switch(models.Model):
    """Whether the rows of a workflow tell anybody anything; without a row here they do."""

    workflow = models.OneToOneField("workflows.Workflow", primary_key=True, on_delete=models.CASCADE, related_name="+")
    enabled = models.BooleanField(default=True)

    objects = scoped("workflow__project")


class Rows(Scoped):
    """A topic's rows belong to the project; rows for oneself are nobody else's to see."""

    project_path = "workflow__project"

    def for_user(self, user: Asker, role: str = Role.VIEWER) -> Self:
        mine = Q(user__isnull=True) | Q(user=user if user.is_authenticated else None)
        return super().for_user(user, Role.VIEWER).filter(mine) if role == Role.VIEWER else self._writable(user, role)

    def _writable(self, user: Asker, role: str) -> Self:
        """One's own at any role."""
        return (
            super()
            .for_user(user, Role.VIEWER)
            .filter(Q(user=user) | Q(user__isnull=True, pk__in=super().for_user(user, role).values("pk")))
        )


class Subscription(models.Model):
    """One row: tell a topic, or the person who made it, when a step (or, without one, the workflow) waits, succeeds or
    goes wrong. With a run: only of that run, and only of its end."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workflow = models.ForeignKey("workflows.Workflow", on_delete=models.CASCADE, related_name="subscriptions")
    run = models.ForeignKey("runs.Run", null=True, on_delete=models.CASCADE, related_name="subscriptions")
    # The name that it had when the row was made; `step_id` is what stays when it is renamed.
    step = models.CharField(max_length=128, blank=True, default="")
    step_id = models.CharField(max_length=64, blank=True, default="")
    topic = models.ForeignKey(Topic, null=True, on_delete=models.CASCADE, related_name="subscriptions")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="subscriptions"
    )
    waiting = models.BooleanField(default=False)
    success = models.BooleanField(default=False)
    abnormal = models.BooleanField(default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = Rows.as_manager()

    class Meta:
        verbose_name = "subscription"
        constraints = (
            models.UniqueConstraint(
                fields=("workflow", "run", "step", "topic", "user"),
                condition=Q(step_id=""),
                nulls_distinct=False,
                name="subscription_once",
            ),
            models.UniqueConstraint(
                fields=("workflow", "run", "step_id", "topic", "user"),
                condition=~Q(step_id=""),
                nulls_distinct=False,
                name="subscription_of_step_once",
            ),
            models.CheckConstraint(
                condition=Q(topic__isnull=True, user__isnull=False) | Q(topic__isnull=False, user__isnull=True),
                name="subscription_for_a_topic_or_a_person",
            ),
            models.CheckConstraint(
                condition=Q(waiting=True) | Q(success=True) | Q(abnormal=True), name="subscription_to_something"
            ),
        )
        indexes = (models.Index(fields=("run",), name="subscription_of_run", condition=Q(run__isnull=False)),)


class DeliveryState(models.TextChoices):
    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given_up"


class Delivery(models.Model):
    """One message to one place. Its id is what a receiver sees with every try of it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey("accounts.Project", on_delete=models.CASCADE, related_name="+")
    subscription = models.ForeignKey(Subscription, null=True, on_delete=models.SET_NULL, related_name="deliveries")
    topic = models.ForeignKey(Topic, null=True, on_delete=models.CASCADE, related_name="deliveries")
    channel_row = models.ForeignKey(Channel, null=True, on_delete=models.SET_NULL, related_name="deliveries")
    # Survives the channel's deletion, and names what has no channel: a person's own inbox and mail.
    channel = models.CharField(max_length=100)
    kind = models.CharField(max_length=8)
    event = models.CharField(max_length=120)
    address = models.CharField(max_length=2000, blank=True, default="")
    language = models.CharField(max_length=8, default=Language.ENGLISH)
    content = JsonTextField(default=dict)
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    tries = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    problem = JsonTextField(null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    objects = scoped("topic__project")

    class Meta:
        verbose_name = "delivery"
        constraints = (models.UniqueConstraint(fields=("subscription", "event", "channel"), name="delivery_once"),)
        indexes = (
            models.Index(fields=("due_at",), name="delivery_due", condition=Q(state="waiting")),
            models.Index(fields=("topic", "-created_at"), name="delivery_log"),
            models.Index(fields=("created_at",), name="delivery_age"),
        )


class Inbox(models.Model):
    """A person's counter of changes to their notifications, and how they want to be addressed."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="+")
    seq = models.PositiveBigIntegerField(default=0)
    language = models.CharField(max_length=8, choices=Language.choices, default=Language.ENGLISH)
    # Where news also goes; empty: only into the inbox.
    mail = models.EmailField(blank=True, default="")

    def __str__(self) -> str:
        return str(self.user_id)


class Letters(models.QuerySet[Any]):
    """One's own, and only of projects that one still belongs to."""

    def for_user(self, user: Asker, role: str = Role.VIEWER) -> Self:
        del role
        if not user.is_authenticated or not user.is_active:
            return self.none()
        mine = Membership.objects.filter(user=user)
        reach = reach_of(user)
        if reach.project is not None:
            mine = mine.filter(project_id=reach.project)
        return self.filter(user=user, project__in=mine.values("project_id"))


class Notification(models.Model):
    """What one person was told. `seq` is the number of its latest change, so a client that has 7 asks for 8 and on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    project = models.ForeignKey("accounts.Project", on_delete=models.CASCADE, related_name="+")
    run = models.ForeignKey("runs.Run", null=True, on_delete=models.CASCADE, related_name="+")
    step = models.CharField(max_length=128, blank=True, default="")
    occasion = models.CharField(max_length=8)
    event = models.CharField(max_length=120)
    content = JsonTextField(default=dict)
    seq = models.PositiveBigIntegerField()
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    # The step that waited does so no more: who answered it, or empty when it was stopped.
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=150, blank=True, default="")

    objects = Letters.as_manager()

    class Meta:
        verbose_name = "notification"
        constraints = (models.UniqueConstraint(fields=("user", "event"), name="notification_once"),)
        indexes = (
            models.Index(fields=("user", "seq"), name="notification_changes"),
            models.Index(fields=("user", "-created_at"), name="notification_list"),
            models.Index(fields=("user",), name="notification_open", condition=Q(done_at__isnull=True)),
            models.Index(
                fields=("run", "step"),
                name="notification_waits",
                condition=Q(occasion="waiting", settled_at__isnull=True),
            ),
        )
