"""Reads about people: who holds a secret, what somebody owns."""

import hashlib
from datetime import timedelta

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from backend.apps.accounts.models import (
    ApiToken,
    Asker,
    Invitation,
    Membership,
    Project,
    ProjectEvent,
    SignInLink,
    User,
    reach_of,
)
from backend.domain.problems import problem
from backend.shared.clock import now
from backend.shared.errors import ProductError

TOKEN_PREFIX = "plm_"  # noqa: S105 - tells the secret's kind, is none itself
NOTE_USE_EVERY = timedelta(minutes=1)


def hash_of(secret: str) -> str:
    """256 random bits need no salt and no slow hash; the database never holds what opens a door."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def user_of_token(secret: str) -> User | None:
    """The active person behind a bearer token, who reaches as far as the token does; also for sockets."""
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
    user.reach = found.reach  # type: ignore[attr-defined]
    return user


def sign_in_link_open(token: str) -> SignInLink | None:
    """The link if it could still be used; looking does not use it."""
    found: SignInLink | None = (
        SignInLink.objects.select_related("user")
        .filter(hash=hash_of(token), used_at__isnull=True, expires_at__gt=now(), user__is_active=True)
        .first()
    )
    return found


def invitation_open(token: str) -> Invitation | None:
    """The invitation if it could still be accepted; looking does not use it."""
    usable = Invitation.objects.select_related("project", "created_by").filter(
        hash=hash_of(token), revoked_at__isnull=True, expires_at__gt=now(), uses__lt=F("max_uses")
    )
    found: Invitation | None = usable.first()
    return found


def personal_project(user: Asker) -> Project:
    return Project.objects.get(personal_of=user)


def project_fetch(*, user: Asker, role: str, project_id: object | None = None) -> Project:
    """The named project, or the token's, or the user's own; with at least this role in it."""
    wanted = project_id or reach_of(user).project or personal_project(user).pk
    project: Project = Project.objects.fetch_for(user, role, pk=wanted)
    return project


def memberships_of(user: Asker) -> QuerySet[Membership]:
    """As far as the token reaches."""
    reached = Project.objects.for_user(user).values("pk")
    if not user.is_authenticated:
        return Membership.objects.none()
    mine = Membership.objects.filter(user=user, project__in=reached)
    return mine.select_related("project", "project__personal_of").order_by("project__name", "pk")


def projects_of(user: Asker) -> QuerySet[Project]:
    """With the asker's role in each, and how many belong to it."""
    mine = Membership.objects.filter(user=user.pk, project=OuterRef("pk")).values("role")
    listed: QuerySet[Project] = Project.objects.for_user(user)
    return listed.select_related("personal_of").annotate(my_role=Subquery(mine[:1]), people=Count("memberships"))


def members_of(project: Project) -> QuerySet[Membership]:
    return project.memberships.select_related("user").order_by("user__username", "pk")


def invitations_of(project: Project) -> QuerySet[Invitation]:
    return project.invitations.select_related("created_by")


def history_of(project: Project) -> QuerySet[ProjectEvent]:
    return project.events.all()


def whole_person(user: Asker) -> User:
    """For what concerns the person as a whole: a token with limits is none of it, or it would widen itself."""
    reach = reach_of(user)
    if not reach.whole:
        limit = " + ".join([*(["one project"] if reach.project else []), *([reach.role] if reach.role else [])])
        raise ProductError.of(problem("auth.token_reach", limit=limit), status=403)
    assert isinstance(user, User)
    return user


def tokens_of(user: Asker) -> QuerySet[ApiToken]:
    listed: QuerySet[ApiToken] = ApiToken.objects.for_user(user)
    return listed.select_related("project")
