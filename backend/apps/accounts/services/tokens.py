"""Tokens of scripts, and one-time links."""

import secrets
from datetime import timedelta

from django.contrib.sessions.models import Session

from backend.apps.accounts.models import ApiToken, Project, SignInLink, User
from backend.apps.accounts.selectors import TOKEN_PREFIX, hash_of
from backend.shared.clock import now


def token_create(*, user: User, name: str, days: int | None = None) -> str:
    """The only moment in which the token can be read."""
    return token_make(user=user, name=name, days=days)[1]


def token_make(
    *, user: User, name: str, days: int | None = None, project: Project | None = None, role: str = ""
) -> tuple[ApiToken, str]:
    """With a project or a role: it reaches no further, whatever its person may do."""
    plain = TOKEN_PREFIX + secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        user=user,
        name=name,
        hash=hash_of(plain),
        hint=plain[: len(TOKEN_PREFIX) + 4],
        expires_at=None if days is None else now() + timedelta(days=days),
        project=project,
        role=role,
    )
    return row, plain


def token_revoke(*, token: ApiToken) -> None:
    token.delete()


def sign_in_link_create(*, user: User, minutes: int = 15) -> str:
    """The path of a page that signs in once. Older unused links of the person stop working."""
    plain = secrets.token_urlsafe(32)
    SignInLink.objects.filter(user=user, used_at__isnull=True).delete()
    SignInLink.objects.create(user=user, hash=hash_of(plain), expires_at=now() + timedelta(minutes=minutes))
    return f"/sign-in/{plain}/"


def sign_ins_forget() -> int:
    """Sessions that are over, and links that can be used no more; returns how many."""
    sessions = Session.objects.filter(expire_date__lt=now()).delete()[0]
    return int(sessions + SignInLink.objects.filter(expires_at__lt=now() - timedelta(days=1)).delete()[0])


def sign_in_link_consume(*, token: str) -> User | None:
    """The person, exactly once: of two clicks at the same moment one update finds the row unused.

    The update names no other table: a condition on one would put all of them into a subquery, which PostgreSQL does
    not look at again after it has waited for the row, and every click would be let in.
    """
    moment = now()
    links = SignInLink.objects.filter(hash=hash_of(token))
    if not links.filter(used_at__isnull=True, expires_at__gt=moment).update(used_at=moment):
        return None
    user: User = links.select_related("user").get().user
    return user if user.is_active else None
