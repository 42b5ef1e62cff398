"""Topics and their ways out. What is typed is judged when it is typed, and again whenever it is used."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from backend.apps.accounts.models import Project, User
from backend.apps.notifications import selectors
from backend.apps.notifications.models import Channel, ChannelKind, Delivery, Topic
from backend.apps.notifications.services import inbox
from backend.domain.problems import Problem, problem
from backend.shared.clock import uuid7
from backend.shared.db import db_now, violated_constraint
from backend.shared.errors import ConflictError, ProductError
from backend.shared.net import RefusedAddressError, parse_target


def topic_create(*, project: Project, user: User, name: str, join: bool = True) -> Topic:
    """With its maker as the first member, unless they do not want to be."""
    try:
        with transaction.atomic():
            topic = Topic.objects.create(project=project, name=name, created_by=user)
            if join:
                Channel.objects.create(topic=topic, kind=ChannelKind.MEMBER, user=user)
    except IntegrityError as error:
        raise _taken(error, name) from error
    return topic


def topic_rename(*, topic: Topic, name: str) -> Topic:
    topic.name = name
    try:
        with transaction.atomic():
            topic.save(update_fields=["name"])
    except IntegrityError as error:
        raise _taken(error, name) from error
    return topic


def _taken(error: IntegrityError, name: str) -> Exception:
    if violated_constraint(error) == "topic_name_once":
        return ConflictError(problem("notice.topic_taken", "/name", name=name))
    return error


def topic_delete(*, topic: Topic) -> None:
    """Its rows and its log go with it."""
    topic.delete()


def channel_add(
    *, topic: Topic, kind: str, username: str = "", address: str = "", language: str = "en"
) -> tuple[Channel, str | None]:
    """The channel, and the secret of a webhook: this is one of the two moments in which it can be read."""
    person: User | None = None
    if kind == ChannelKind.MEMBER:
        person = selectors.people_of(topic.project).filter(username=username).first()
        if person is None:
            raise ProductError.of(problem("notice.no_member", "/username", name=username))
        address = ""
    else:
        _judge(kind, address)
    salt = secrets.token_urlsafe(16) if kind == ChannelKind.WEBHOOK else ""
    try:
        with transaction.atomic():
            channel = Channel.objects.create(
                topic=topic, kind=kind, user=person, address=address, language=language, salt=salt
            )
    except IntegrityError as error:
        if violated_constraint(error) == "channel_once":
            raise ConflictError(problem("notice.channel_twice", "/address", address=address or username)) from error
        raise
    return channel, webhook_secret(channel) if salt else None


def _judge(kind: str, address: str) -> None:
    """The name is not looked up here: a request of the web must not wait for name servers."""
    if not address:
        raise ProductError.of(problem("notice.channel_needs", "/address", kind=kind, field="address"))
    try:
        validate_email(address) if kind == ChannelKind.MAIL else parse_target(address)
    except ValidationError:
        raise ProductError.of(problem("notice.mail_address", "/address", address=address)) from None
    except RefusedAddressError as refused:
        raise ProductError.of(address_problem(refused)) from None


def address_problem(refused: RefusedAddressError) -> Problem:
    """In a person's words."""
    if refused.reason in {"private", "unknown_name"}:
        return problem(f"notice.{refused.reason}", "/address", found=refused.found)
    return problem("notice.url", "/address", found=refused.found, reason=refused.reason)


def channel_renew(*, channel: Channel) -> str:
    """A new secret for a webhook; what is signed with the old one is refused by its receiver from now on."""
    channel.salt = secrets.token_urlsafe(16)
    channel.save(update_fields=["salt"])
    return webhook_secret(channel)


def channel_change(*, channel: Channel, language: str) -> Channel:
    channel.language = language
    channel.save(update_fields=["language"])
    return channel


def channel_remove(*, channel: Channel) -> None:
    channel.delete()


def webhook_secret(channel: Channel) -> str:
    """Made from the server's key and the channel's salt: neither the database nor a copy of it can sign."""
    key = hmac.new(settings.SECRET_KEY.encode(), f"webhook:{channel.pk}:{channel.salt}".encode(), hashlib.sha256)
    return "whsec_" + base64.b64encode(key.digest()).decode()


def topic_test(*, topic: Topic, by: User, channel: Channel | None = None) -> list[Delivery]:
    """A message that says only that messages arrive, over every channel or over one."""
    content: dict[str, Any] = {"occasion": "test", "topic": topic.name, "by": by.username, "path": "/topics"}
    with transaction.atomic():
        rows = [_test(topic, each, content) for each in ([channel] if channel else topic.channels.all())]
        inbox.wake()
    return rows


def _test(topic: Topic, channel: Channel, content: dict[str, Any]) -> Delivery:
    """To a member by mail, when they have one, else into the inbox; written by the messenger like any other."""
    now = db_now()
    kind = "inbox" if channel.kind == ChannelKind.MEMBER else channel.kind
    user = channel.user_id
    row: Delivery = Delivery.objects.create(
        project_id=topic.project_id,
        topic=topic,
        channel_row=channel,
        channel=f"{kind}:{user or channel.pk}",
        kind=kind,
        event=f"test:{uuid7()}",
        address=channel.address,
        language=channel.language,
        content=content,
        due_at=now,
        created_at=now,
    )
    return row


def delivery_again(*, delivery: Delivery) -> Delivery:
    """From the log: the same message once more, under its own id, so that a receiver that had it can tell."""
    if delivery.state == "waiting":
        raise ProductError.of(problem("notice.under_way"), status=409)
    with transaction.atomic():
        delivery.state, delivery.tries, delivery.problem, delivery.due_at = "waiting", 0, None, db_now()
        delivery.save(update_fields=["state", "tries", "problem", "due_at"])
        inbox.wake()
    return delivery
