"""What changes accounts: first user, projects and roles, tokens, one-time links."""

import secrets
from datetime import timedelta

from django.db import transaction

from backend.apps.accounts.models import ApiToken, Membership, Project, Role, SignInLink, User
from backend.apps.accounts.selectors import TOKEN_PREFIX, hash_of
from backend.shared.clock import now
from backend.shared.db import advisory_lock

FIRST_USER = "admin"


@transaction.atomic
def user_create(*, username: str, password: str | None = None) -> User:
    """A person with a personal project, whose manager they are. Without a password only links and tokens sign in."""
    user: User = User.objects.create_user(username=username, password=password)
    project = Project.objects.create(name=username, personal_of=user)
    member_set(project=project, user=user, role=Role.MANAGER)
    return user


@transaction.atomic
def user_ensure_first() -> User:
    """The first user, made at the first start only; also when several processes start at once."""
    advisory_lock("first-user")
    found = User.objects.filter(username=FIRST_USER).first()
    return found or user_create(username=FIRST_USER)


def member_set(*, project: Project, user: User, role: str) -> Membership:
    membership, _ = Membership.objects.update_or_create(project=project, user=user, defaults={"role": Role(role)})
    return membership


def member_remove(*, project: Project, user: User) -> None:
    Membership.objects.filter(project=project, user=user).delete()


def token_create(*, user: User, name: str, days: int | None = None) -> str:
    """The only moment in which the token can be read."""
    return token_make(user=user, name=name, days=days)[1]


def token_make(*, user: User, name: str, days: int | None = None) -> tuple[ApiToken, str]:
    plain = TOKEN_PREFIX + secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        user=user,
        name=name,
        hash=hash_of(plain),
        hint=plain[: len(TOKEN_PREFIX) + 4],
        expires_at=None if days is None else now() + timedelta(days=days),
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


def sign_in_link_consume(*, token: str) -> User | None:
    """The person, exactly once: of two clicks at the same moment one update finds the row unused."""
    moment = now()
    used = SignInLink.objects.filter(
        hash=hash_of(token), used_at__isnull=True, expires_at__gt=moment, user__is_active=True
    ).update(used_at=moment)
    if not used:
        return None
    user: User = SignInLink.objects.select_related("user").get(hash=hash_of(token)).user
    return user
