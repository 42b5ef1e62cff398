"""`for_user`: the only door from a person to rows."""

import pytest
from django.contrib.auth.models import AnonymousUser

from backend.apps.accounts.models import Membership, Project, Role, User
from backend.apps.accounts.services import member_remove, member_set
from backend.shared.errors import ForbiddenError, NotFoundError
from tests.harness.people import People, people_create

ROLES = list(Role.values)


@pytest.fixture
def people(db: None) -> People:
    return people_create()


@pytest.mark.parametrize("has", ROLES)
@pytest.mark.parametrize("needs", ROLES)
def test_it_orders_the_roles(people: People, has: str, needs: str) -> None:
    seen = people.project in Project.objects.for_user(people.named(has), needs)

    assert seen == (ROLES.index(has) >= ROLES.index(needs))


def test_it_shows_nothing_to_strangers(people: People) -> None:
    assert people.project not in Project.objects.for_user(people.other)
    assert not Project.objects.for_user(AnonymousUser()).exists()
    with pytest.raises(NotFoundError):
        Project.objects.fetch_for(people.other, pk=people.project.pk)


def test_it_tells_members_whose_role_is_too_small(people: People) -> None:
    with pytest.raises(ForbiddenError, match="manager"):
        Project.objects.fetch_for(people.author, "manager", pk=people.project.pk)


def test_it_forgets_members_and_locked_out_people(people: People) -> None:
    member_remove(project=people.project, user=people.viewer)
    User.objects.filter(pk=people.author.pk).update(is_active=False)
    people.author.refresh_from_db()

    for user in (people.viewer, people.author):
        assert people.project not in Project.objects.for_user(user)


def test_it_keeps_one_role_a_person(people: People) -> None:
    member_set(project=people.project, user=people.viewer, role="author")

    assert Membership.objects.get(project=people.project, user=people.viewer).role == "author"
    with pytest.raises(ValueError, match="emperor"):
        member_set(project=people.project, user=people.viewer, role="emperor")
