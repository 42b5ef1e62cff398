"""Cuts off bodies that nobody asked for, before anything of them is kept.

Django reads the whole body (onto the disk) before any of our code runs, so neither a view nor a permission could stop
an endless upload. Here the bytes are counted as they arrive.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

from django.conf import settings

from backend.config.patience import body_due
from backend.domain.problems import Problem, problem
from backend.shared.errors import ProductError

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

UPLOADS = "/api/storage/file/"
# Enough for the sign-in form; who brings no credentials at all will be refused anyway.
STRANGERS_BYTES = 64 * 1024
CREDENTIALS = frozenset({b"authorization", b"cookie"})


TOO_LARGE, TOO_SLOW = HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.REQUEST_TIMEOUT


class TooLargeError(Exception):
    """More bytes came than this address takes."""


class TooSlowError(Exception):
    """Nobody would wait for the rest of it."""


def body_limit(application: Application) -> Application:
    """Wraps the HTTP application."""

    async def limited(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        limit = _limit(scope)
        if _declared(scope) > limit:
            await _refuse(send, problem("request.too_large", limit=limit), TOO_LARGE)
            return
        counter = _Counter(receive, send, limit)
        try:
            await application(scope, counter.receive, counter.send)
        except TooLargeError:
            if not counter.answered:
                await _refuse(send, problem("request.too_large", limit=limit), TOO_LARGE)
        except TooSlowError:
            if not counter.answered:
                await _refuse(send, problem("request.too_slow"), TOO_SLOW)

    return limited


class _Counter:
    def __init__(self, receive: Receive, send: Send, limit: int) -> None:
        self._receive = receive
        self._send = send
        self._left = limit
        self._received = 0
        self._begun = time.monotonic()
        self._more = True
        self.answered = False

    async def receive(self) -> Message:
        message = await self._next()
        self._more = bool(message.get("more_body"))
        size = len(message.get("body", b""))
        self._received += size
        self._left -= size
        if self._left < 0:
            raise TooLargeError
        return message

    async def _next(self) -> Message:
        """After the whole body this only waits for the client to go away."""
        if not self._more:
            return await self._receive()
        left = self._begun + body_due(self._received) - time.monotonic()
        try:
            async with asyncio.timeout(max(0.0, left)):
                return await self._receive()
        except TimeoutError:
            raise TooSlowError from None

    async def send(self, message: Message) -> None:
        self.answered = True
        await self._send(message)


def _limit(scope: MutableMapping[str, Any]) -> int:
    if not any(name.lower() in CREDENTIALS for name, _ in scope["headers"]):
        return STRANGERS_BYTES
    uploading = scope["path"] == UPLOADS
    return int(settings.PIPELOOM_UPLOAD_MAX_BYTES if uploading else settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def _declared(scope: MutableMapping[str, Any]) -> int:
    text = dict(scope["headers"]).get(b"content-length", b"0")
    return int(text) if text.isdigit() and len(text) < 19 else 0


async def _refuse(send: Send, why: Problem, status: HTTPStatus) -> None:
    refused = ProductError.of(why, status=status)
    body = json.dumps(refused.body()).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        # The rest of the body is still on its way; nobody will read it.
        (b"connection", b"close"),
        (b"x-content-type-options", b"nosniff"),
        (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    ]
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
