"""One message to one webhook, signed as Standard Webhooks lays down, so that receivers find a library for it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from django.conf import settings

from backend.apps.notifications.models import Delivery
from backend.apps.notifications.services.mailing import NotSentError
from backend.apps.notifications.services.topics import webhook_secret
from backend.shared.clock import now
from backend.shared.net import Allowed, RefusedAddressError, UnreachableError, post, target_of

GONE = 410


def hook_send(delivery: Delivery) -> None:
    """Or NotSentError."""
    if delivery.channel_row is None:
        raise NotSentError("notice.channel_gone", final=True)
    body = json.dumps(body_of(delivery), ensure_ascii=False, separators=(",", ":")).encode()
    headers = signed_headers(str(delivery.pk), int(now().timestamp()), body, webhook_secret(delivery.channel_row))
    try:
        target = target_of(delivery.channel_row.address, Allowed.of(settings.PIPELOOM_WEBHOOK_ALLOW))
        answer = post(target, body, headers, seconds=settings.PIPELOOM_WEBHOOK_SECONDS)
    except RefusedAddressError as refused:
        # A name server may be away for a moment; an address that is refused stays so until somebody acts.
        if refused.reason == "unknown_name":
            raise NotSentError("notice.unknown_name", found=refused.found) from None
        code = "notice.private" if refused.reason == "private" else "notice.url"
        raise NotSentError(code, final=True, found=refused.found, reason=refused.reason) from None
    except UnreachableError as error:
        raise NotSentError("notice.hook_unreachable", reason=error.reason) from None
    _judge(answer.status)


def _judge(status: int) -> None:
    if 200 <= status < 300:
        return
    if status == GONE:
        raise NotSentError("notice.hook_gone", final=True)
    code = "notice.hook_redirect" if 300 <= status < 400 else "notice.hook_status"
    raise NotSentError(code, status=status)


def body_of(delivery: Delivery) -> dict[str, Any]:
    """The same at every try."""
    content = {key: value for key, value in delivery.content.items() if key != "path"}
    return {
        "id": str(delivery.pk),
        "type": f"pipeloom.{content['occasion']}",
        "timestamp": delivery.created_at.isoformat(),
        "data": {**content, "url": settings.PIPELOOM_PUBLIC_URL + str(delivery.content["path"])},
    }


def signed_headers(delivery: str, moment: int, body: bytes, secret: str) -> dict[str, str]:
    """HMAC-SHA256 over `id.timestamp.body`: nobody can alter a message, or send an old one as a new one."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.new(key, f"{delivery}.{moment}.".encode() + body, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json",
        "User-Agent": f"Pipeloom/{settings.PIPELOOM_VERSION}",
        "webhook-id": delivery,
        "webhook-timestamp": str(moment),
        "webhook-signature": "v1," + base64.b64encode(signed).decode(),
    }
