"""Reads about people: who holds a secret, what somebody owns."""

import hashlib
from datetime import timedelta

from django.db.models import Q, QuerySet

from backend.apps.accounts.models import ApiToken, Asker, Membership, Project, SignInLink, User
from backend.shared.clock import now

TOKEN_PREFIX = "plm_"  # noqa: S105 - tells the secret's kind, is none itself
NOTE_USE_EVERY = timedelta(minutes=1)


def hash_of(secret: str) -> str:
    """256 random bits need no salt and no slow hash; the database never holds what opens a door."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def user_of_token(secret: str) -> User | None:
    """The active person behind a bearer token; also for sockets."""
    moment = now()
    found = (
        ApiToken.objects.select_related("user")
        .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=moment), hash=hash_of(secret), user__is_active=True)
        .first()
    )
    if found is None:
        return None
    if found.last_used_at is None or found.last_used_at < moment - NOTE_USE_EVERY:
        # Not at every request: a busy script would turn each read into a write.
        ApiToken.objects.filter(pk=found.pk).update(last_used_at=moment)
    user: User = found.user
    return user


def sign_in_link_open(token: str) -> SignInLink | None:
    """The link if it could still be used; looking does not use it."""
    found: SignInLink | None = (
        SignInLink.objects.select_related("user")
        .filter(hash=hash_of(token), used_at__isnull=True, expires_at__gt=now(), user__is_active=True)
        .first()
    )
    return found


def personal_project(user: Asker) -> Project:
    return Project.objects.get(personal_of=user)


def project_fetch(*, user: Asker, role: str, project_id: object | None = None) -> Project:
    """The named project, or the user's own; with at least this role in it."""
    if project_id is None:
        return personal_project(user)
    project: Project = Project.objects.fetch_for(user, role, pk=project_id)
    return project


def memberships_of(user: Asker) -> QuerySet[Membership]:
    if not user.is_authenticated:
        return Membership.objects.none()
    return Membership.objects.filter(user=user).select_related("project").order_by("project__name", "pk")


def tokens_of(user: Asker) -> QuerySet[ApiToken]:
    listed: QuerySet[ApiToken] = ApiToken.objects.for_user(user)
    return listed
