"""Topics, their channels, test messages and the log of deliveries."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from backend.apps.accounts.models import Role
from backend.apps.accounts.selectors import project_fetch
from backend.apps.notifications import selectors, services
from backend.apps.notifications import serializers as wire
from backend.apps.notifications.models import Channel, Delivery, Topic
from backend.shared.http import ProductView, operation, read
from backend.shared.pagination import containing, cut


def _shown(request: Request, key: Any) -> dict[str, Any]:
    topic = selectors.topics_of(request.user).get(pk=key)
    return dict(wire.TopicOut(topic, context={"last": selectors.last_deliveries([topic])}).data)


def _topic(request: Request, key: UUID, role: str = Role.VIEWER) -> Topic:
    found: Topic = Topic.objects.select_related("project").fetch_for(request.user, role, pk=key)
    return found


class TopicsView(ProductView):
    @operation(query=wire.TopicListQuery, answer=wire.TopicPage, summary="List topics")
    def get(self, request: Request) -> Response:
        rows = selectors.topics_of(request.user, self.query.get("project"))
        rows = containing(rows, self.query.get("search", ""), "name")
        page = cut(rows, order=self.query["order"], limit=self.query["limit"], cursor=self.query.get("cursor"))
        return Response(wire.TopicPage(page, context={"last": selectors.last_deliveries(page.items)}).data)

    @operation(body=wire.TopicCreate, answer={201: wire.TopicOut}, summary="Make a topic")
    def post(self, request: Request) -> Response:
        given = read(wire.TopicCreate, request)
        project = project_fetch(user=request.user, role=Role.OPERATOR, project_id=given.pop("project", None))
        topic = services.topic_create(project=project, user=request.user, **given)
        return Response(_shown(request, topic.pk), status=201)


class TopicView(ProductView):
    @operation(answer=wire.TopicOut, summary="Show a topic")
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002 - the address's name
        return Response(_shown(request, _topic(request, id).pk))

    @operation(body=wire.TopicPatch, answer=wire.TopicOut, summary="Rename a topic")
    def patch(self, request: Request, id: UUID) -> Response:  # noqa: A002
        services.topic_rename(topic=_topic(request, id, Role.OPERATOR), **read(wire.TopicPatch, request))
        return Response(_shown(request, id))

    @operation(answer={204: None}, summary="Delete a topic")
    def delete(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Its subscription rows and its log go with it."""
        services.topic_delete(topic=_topic(request, id, Role.OPERATOR))
        return Response(status=204)


class TopicPeopleView(ProductView):
    @operation(query=wire.TopicPeopleQuery, answer=wire.TopicPeople, summary="List who could be a member of a topic")
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        people = selectors.people_of(_topic(request, id).project)
        rows = containing(people, self.query.get("search", ""), "username", "display_name")
        page = cut(rows, order=self.query["order"], limit=self.query["limit"], cursor=self.query.get("cursor"))
        return Response(wire.TopicPeople(page).data)


class ChannelsView(ProductView):
    @operation(body=wire.ChannelCreate, answer={201: wire.ChannelMade}, summary="Add a channel to a topic")
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """A member of the project, a mail address, or a webhook, whose secret is in this answer and in no other."""
        topic = _topic(request, id, Role.OPERATOR)
        channel, secret = services.channel_add(topic=topic, **read(wire.ChannelCreate, request))
        return Response({**wire.ChannelOut(channel).data, "secret": secret}, status=201)


class ChannelView(ProductView):
    @operation(body=wire.ChannelPatch, answer=wire.ChannelMade, summary="Change a channel")
    def patch(self, request: Request, id: UUID, channel: UUID) -> Response:  # noqa: A002
        row = selectors.channel_of(request.user, id, channel, Role.OPERATOR)
        given = read(wire.ChannelPatch, request)
        if "language" in given:
            services.channel_change(channel=row, language=given["language"])
        secret = services.channel_renew(channel=row) if given["renew"] and row.salt else None
        return Response({**wire.ChannelOut(row).data, "secret": secret})

    @operation(answer={204: None}, summary="Remove a channel")
    def delete(self, request: Request, id: UUID, channel: UUID) -> Response:  # noqa: A002
        services.channel_remove(channel=selectors.channel_of(request.user, id, channel, Role.OPERATOR))
        return Response(status=204)


class TopicTestView(ProductView):
    @operation(body=wire.TestIn, answer={202: wire.DeliveryList}, summary="Send a test message")
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """It is sent a moment later; the log shows what came of it."""
        topic = _topic(request, id, Role.OPERATOR)
        wanted = read(wire.TestIn, request).get("channel")
        channel: Channel | None = wanted and selectors.channel_of(request.user, id, wanted, Role.OPERATOR)
        rows = services.topic_test(topic=topic, by=request.user, channel=channel)
        return Response(wire.DeliveryList({"items": rows}).data, status=202)


class DeliveriesView(ProductView):
    @operation(query=wire.DeliveryListQuery, answer=wire.DeliveryPage, summary="List what a topic sent")
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        rows = selectors.deliveries_of(
            _topic(request, id), state=self.query.get("state"), channel=self.query.get("channel")
        )
        page = cut(rows, order=self.query["order"], limit=self.query["limit"], cursor=self.query.get("cursor"))
        return Response(wire.DeliveryPage(page).data)


class DeliveryView(ProductView):
    @operation(body=wire.DeliveryAction, answer={202: wire.DeliveryOut}, summary="Send a message again")
    def post(self, request: Request, id: UUID, delivery: UUID) -> Response:  # noqa: A002
        """Under its own id, so that a receiver who has it already can tell."""
        topic = _topic(request, id, Role.OPERATOR)
        read(wire.DeliveryAction, request)
        rows = Delivery.objects.select_related("channel_row", "channel_row__user")
        row = rows.fetch_for(request.user, pk=delivery, topic=topic)
        return Response(wire.DeliveryOut(services.delivery_again(delivery=row)).data, status=202)
