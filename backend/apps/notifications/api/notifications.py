"""A person's inbox: list, tick off, follow without a socket, settings."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

from django.db import connection
from rest_framework.request import Request
from rest_framework.response import Response

from backend.apps.accounts.selectors import whole_person
from backend.apps.notifications import selectors, services
from backend.apps.notifications import serializers as wire
from backend.apps.notifications.models import Notification
from backend.domain.problems import problem
from backend.shared.errors import ProductError
from backend.shared.http import ProductView, operation, read
from backend.shared.pagination import cut

POLL_SECONDS = 0.3
PAGE = 200


class NotificationsView(ProductView):
    @operation(query=wire.NotificationListQuery, answer=wire.NotificationPage, summary="List your notifications")
    def get(self, request: Request) -> Response:
        # Before the list: what changes in between is then told again, never missed.
        seq = selectors.inbox_of(request.user).seq
        rows = selectors.notifications_of(request.user, self.query["state"])
        page = cut(rows, order=self.query["order"], limit=self.query["limit"], cursor=self.query.get("cursor"))
        shown = {"items": page.items, "next": page.next, "unread": selectors.unread(request.user), "seq": seq}
        return Response(wire.NotificationPage(shown).data)

    @operation(body=wire.AllDone, answer=wire.DoneOut, summary="Tick off everything")
    def post(self, request: Request) -> Response:
        read(wire.AllDone, request)
        return Response({"changed": services.notifications_done(user=request.user)})


class NotificationView(ProductView):
    @operation(body=wire.NotificationPatch, answer=wire.NotificationOut, summary="Tick off, or take back")
    def patch(self, request: Request, id: UUID) -> Response:  # noqa: A002 - the address's name
        row: Notification | None = Notification.objects.for_user(request.user).filter(pk=id).first()
        if row is None:
            raise ProductError.of(problem("request.not_found", what="notification"), status=404)
        changed = services.notification_done(notification=row, **read(wire.NotificationPatch, request))
        return Response(wire.NotificationOut(changed).data)


class NotificationChangesView(ProductView):
    @operation(
        query=wire.NotificationChangesQuery,
        answer=wire.NotificationChanges,
        summary="Follow your notifications without a socket",
    )
    def get(self, request: Request) -> Response:
        """What changed after a number, as it is now; with `wait`, the answer comes as soon as there is something,
        or what waits for a person has changed."""
        after = self.query["after"]
        marks = _await_news(request, after, self.query["wait"])
        found = selectors.changes_after(request.user, after, PAGE)
        shown: dict[str, Any] = {
            "items": found,
            "seq": found[-1].seq if len(found) >= PAGE else max(after, marks.seq),
            "more": len(found) >= PAGE,
            "unread": selectors.unread(request.user),
            "waits": len(marks.waits),
        }
        return Response(wire.NotificationChanges(shown).data)


def _await_news(request: Request, after: int, wait: float) -> selectors.Marks:
    """Between two looks the thread holds no connection that others could use."""
    deadline = time.monotonic() + wait
    first = seen = selectors.me_marks(request.user)
    while seen.seq <= after and seen.waits == first.waits and time.monotonic() < deadline:
        connection.close()
        time.sleep(min(POLL_SECONDS, max(0.0, deadline - time.monotonic())))
        seen = selectors.me_marks(request.user)
    return seen


class NotificationSettingsView(ProductView):
    @operation(answer=wire.SettingsOut, summary="Show how you want to be told")
    def get(self, request: Request) -> Response:
        row = selectors.inbox_of(whole_person(request.user))
        return Response({"language": row.language, "mail": row.mail, "mail_available": services.mail_available()})

    @operation(body=wire.SettingsPatch, answer=wire.SettingsOut, summary="Change how you want to be told")
    def patch(self, request: Request) -> Response:
        row = services.settings_save(user=whole_person(request.user), **read(wire.SettingsPatch, request))
        return Response({"language": row.language, "mail": row.mail, "mail_available": services.mail_available()})
