"""Who may listen to what. Asked when a socket opens, and again and again while it is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from backend.apps.accounts.models import User
from backend.apps.accounts.selectors import user_of_token
from backend.apps.runs.models import Run
from backend.live.limits import Close

LONGEST_SECRET = 200
LONGEST_COOKIES = 16 * 1024


class RefusedError(Exception):
    """`code` closes the socket; a foreign page does not even get that far (`handshake`)."""

    def __init__(self, code: int, *, handshake: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.handshake = handshake


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a handshake brought along; kept, so that it can be judged again."""

    bearer: str | None
    session: str | None
    origin: str | None

    @classmethod
    def of(cls, scope: Mapping[str, Any]) -> Credentials:
        headers = {bytes(name).lower(): bytes(value) for name, value in scope.get("headers", ())}
        scheme, _, secret = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
        origin = headers.get(b"origin")
        return cls(
            bearer=secret.strip() if scheme.lower() == "bearer" else None,
            session=_cookie(headers.get(b"cookie", b"")[:LONGEST_COOKIES].decode("latin-1")),
            origin=origin.decode("latin-1") if origin is not None else None,
        )


def _cookie(header: str) -> str | None:
    try:
        found = SimpleCookie(header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return None
    return found.value if found else None


def run_watch(credentials: Credentials, run_id: UUID) -> User:
    """The person, if they may see the run; else RefusedError."""
    user = _person(credentials)
    if not Run.objects.for_user(user).filter(pk=run_id).exists():
        raise RefusedError(Close.NOT_FOUND)
    return user


def me_watch(credentials: Credentials) -> User:
    """The person, if they are signed in; else RefusedError."""
    return _person(credentials)


def _person(credentials: Credentials) -> User:
    if credentials.bearer is not None:
        user = user_of_token(credentials.bearer) if 0 < len(credentials.bearer) <= LONGEST_SECRET else None
    else:
        # A browser sends cookies with any page's request: only our own pages may use them.
        if credentials.session is not None and not is_own_origin(credentials.origin):
            raise RefusedError(Close.UNAUTHORISED, handshake=True)
        user = _person_of_session(credentials.session)
    if user is None:
        raise RefusedError(Close.UNAUTHORISED)
    return user


def is_own_origin(origin: str | None) -> bool:
    """The full origin of the public URL: scheme, host and port. Another port of this host is a stranger."""
    return origin is not None and _normal(origin) == _normal(settings.PIPELOOM_PUBLIC_URL)


def _normal(url: str) -> tuple[str, str, int] | None:
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError:
        return None
    return (parts.scheme, (parts.hostname or "").lower(), port) if parts.hostname else None


def _person_of_session(key: str | None) -> User | None:
    if not key or len(key) > LONGEST_SECRET:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = get_user(request)
    return user if isinstance(user, User) and user.is_authenticated and user.is_active else None
