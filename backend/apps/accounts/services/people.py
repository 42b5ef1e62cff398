"""People: how one comes to be, what they are called, and their password."""

from typing import Any

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    get_default_password_validators,
)
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from backend.apps.accounts.models import Membership, Project, Role, User
from backend.domain.problems import problem
from backend.shared.db import advisory_lock, violated_constraint
from backend.shared.errors import ConflictError, ProductError

FIRST_USER = "admin"
SHORTEST_NAME, LONGEST_NAME = 2, 50
LONGEST_PASSWORD = 500


@transaction.atomic
def user_create(*, username: str, password: str | None = None) -> User:
    """A person with a personal project, whose manager they are. Without a password only links and tokens sign in."""
    user: User = User.objects.create_user(username=username, password=password)
    project = Project.objects.create(name=username, personal_of=user)
    Membership.objects.create(project=project, user=user, role=Role.MANAGER)
    return user


@transaction.atomic
def user_ensure_first() -> User:
    """The first user, made at the first start only; also when several processes start at once."""
    advisory_lock("first-user")
    found = User.objects.filter(username=FIRST_USER).first()
    return found or user_create(username=FIRST_USER)


def user_register(*, username: str, password: str) -> User:
    """Somebody who chose name and password themselves."""
    name = User.normalize_username(username).strip()
    if not SHORTEST_NAME <= len(name) <= LONGEST_NAME or not _well_formed(name):
        raise ProductError.of(problem("auth.name_form", "/username", name=name))
    password_check(password)
    try:
        with transaction.atomic():
            return user_create(username=name, password=password)
    except IntegrityError as error:
        if violated_constraint(error) is None:
            raise
        raise ConflictError(problem("auth.name_taken", "/username", name=name)) from None


def _well_formed(name: str) -> bool:
    try:
        UnicodeUsernameValidator()(name)
    except ValidationError:
        return False
    return True


def password_check(password: str, path: str = "/password") -> None:
    """Refuses what is too easy to guess."""
    for validator in get_default_password_validators():
        try:
            validator.validate(password)
        except ValidationError:
            raise ProductError.of(_weakness(validator, path)) from None
    if len(password) > LONGEST_PASSWORD:
        raise ProductError.of(problem("request.too_large", path, limit=LONGEST_PASSWORD))


def _weakness(validator: Any, path: str) -> Any:
    if isinstance(validator, MinimumLengthValidator):
        return problem("auth.password_short", path, least=validator.min_length)
    assert isinstance(validator, CommonPasswordValidator), validator
    return problem("auth.password_common", path)


def password_change(*, user: User, new: str) -> None:
    """Every session of the person ends, everywhere: each is bound to the password it began with."""
    password_check(new, "/new")
    user.set_password(new)
    user.save(update_fields=["password"])


def profile_change(*, user: User, **changes: str) -> User:
    for name, value in changes.items():
        setattr(user, name, value)
    user.save(update_fields=list(changes))
    return user
