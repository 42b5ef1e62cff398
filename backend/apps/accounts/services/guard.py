"""How often a password may be tried: few times a person and place, more a place, more again a person."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth import authenticate
from django.http import HttpRequest

from backend.apps.accounts.models import SignInTry, User
from backend.apps.accounts.selectors import hash_of
from backend.apps.accounts.services.people import password_change
from backend.domain.problems import problem
from backend.shared.clock import now
from backend.shared.errors import ProductError

WINDOW = timedelta(minutes=15)
TRIES_OF_BOTH, TRIES_OF_PLACE, TRIES_OF_PERSON = 5, 50, 100


def sign_in(*, request: HttpRequest, username: str, password: str) -> User:
    """The person, if name and password fit. An unknown name costs as long as a wrong password."""
    name = User.normalize_username(username).strip()

    def knows() -> User | None:
        # By the name as its person wrote it: "Ada" signs in where "ada" was registered.
        known = User.objects.filter(username__iexact=name).values_list("username", flat=True).first()
        found: Any = authenticate(request, username=known or name, password=password)
        return found

    user = guarded(person=name.lower(), place=str(request.META.get("REMOTE_ADDR", "")), knows=knows)
    if user is None:
        raise ProductError.of(problem("auth.sign_in"), status=403)
    return user


def password_renew(*, request: HttpRequest, user: User, current: str, new: str) -> None:
    """Whoever finds an open browser must not find out the password by trying."""

    def knows() -> User | None:
        return user if not user.has_usable_password() or user.check_password(current) else None

    place = str(request.META.get("REMOTE_ADDR", ""))
    if guarded(person=user.username.lower(), place=place, knows=knows) is None:
        raise ProductError.of(problem("auth.password_wrong", "/current"))
    password_change(user=user, new=new)


def guarded(*, person: str, place: str, knows: Callable[[], User | None]) -> User | None:
    """Counted before it is judged: of many tries at the same moment no more than the limit get an answer."""
    limits = {
        hash_of(f"both\0{person}\0{place}"): TRIES_OF_BOTH,
        hash_of(f"place\0{place}"): TRIES_OF_PLACE,
        hash_of(f"person\0{person}"): TRIES_OF_PERSON,
    }
    since = now() - WINDOW
    SignInTry.objects.filter(at__lt=since).delete()
    made = SignInTry.objects.bulk_create([SignInTry(key=key) for key in limits])
    mine = SignInTry.objects.filter(pk__in=[each.pk for each in made])
    for key, limit in limits.items():
        if SignInTry.objects.filter(key=key).count() > limit:
            mine.delete()
            raise ProductError.of(problem("auth.too_many_tries", minutes=_minutes_left(key)), status=429)
    user = knows()
    if user is not None:
        mine.delete()
        SignInTry.objects.filter(key=next(iter(limits))).delete()
    return user


def _minutes_left(key: str) -> int:
    oldest = SignInTry.objects.filter(key=key).order_by("at").values_list("at", flat=True).first()
    left = WINDOW if oldest is None else oldest + WINDOW - now()
    return max(1, -(-int(left.total_seconds()) // 60))
