"""Quotas of projects: steps beyond them wait and say so, others go past them, and a change is seen at once."""

from typing import Any

import pytest
from pytest_django.fixtures import Settings

from backend.apps.accounts.models import Role
from backend.apps.accounts.services import member_set
from backend.apps.assets.services import flavor_declare
from backend.apps.runs import services
from backend.apps.runs.models import DeviceLease
from backend.apps.runs.services import placing
from tests.harness.people import Api
from tests.harness.runs import FakeAgent, document, fan, host, job, person, start, state, states

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def somebody_publishes(redis_url: str, settings: Settings) -> Any:
    services.publishing_start()
    yield
    services.publishing_stop()


def waiting(run: Any) -> list[str]:
    reasons = services.queue_reasons().reasons
    return [reason.code for key, reason in reasons.items() if key.startswith(str(run.pk))]


def test_it_holds_back_what_is_beyond_the_quota_and_says_so() -> None:
    host("alpha", cpu=8)
    ada = person("ada")
    services.quota_set(project=ada.personal_project, max_jobs=2, max_gpus=None)

    run = start(document(*(job(f"s{number}") for number in range(4))), user=ada)

    assert sorted(states(run).values()) == ["creating", "creating", "pending", "pending"]
    assert waiting(run) == ["placement.quota_jobs"] * 2
    FakeAgent().work()
    assert state(run) == "completed"


def test_it_lets_others_past_a_full_quota() -> None:
    """However many of them wait in front: they must not fill the window that is looked at."""
    placing_window, placing.WINDOW = placing.WINDOW, 3
    try:
        host("alpha", cpu=8)
        ada, bob = person("ada"), person("bob")
        services.quota_set(project=ada.personal_project, max_jobs=0, max_gpus=None)
        held = start(document(*(job(f"s{number}") for number in range(6))), user=ada)

        run = start(document(job("one")), user=bob)

        assert set(states(held).values()) == {"pending"}
        assert states(run) == {"one": "creating"}
    finally:
        placing.WINDOW = placing_window


def test_it_counts_cards_and_lets_steps_without_cards_go() -> None:
    host("alpha", cpu=8, gpus=4)
    flavor_declare(flavor_id="two.cards", title="Two cards", cpu=1, memory_mb=100, gpus=2)
    ada, bob = person("ada"), person("bob")
    services.quota_set(project=ada.personal_project, max_jobs=None, max_gpus=3)

    run = start(document(job("a", flavor="two.cards"), job("b", flavor="two.cards"), job("plain")), user=ada)
    other = start(document(job("mine", flavor="two.cards")), user=bob)

    assert sorted(states(run).values()) == ["creating", "creating", "pending"]
    assert waiting(run) == ["placement.quota_gpus"]
    assert DeviceLease.objects.count() == 4
    assert states(other) == {"mine": "creating"}
    assert services.quota_shown(project=ada.personal_project) == {
        "max_jobs": None, "max_gpus": 3, "jobs": 2, "gpus": 2,
    }  # fmt: skip


def test_it_starts_what_waits_when_the_quota_is_raised() -> None:
    host("alpha", cpu=8)
    ada = person("ada")
    project = ada.personal_project
    services.quota_set(project=project, max_jobs=0, max_gpus=0)
    run = start(fan(2), user=ada)
    assert states(run)["first"] == "pending"

    services.quota_set(project=project, max_jobs=None, max_gpus=None)

    assert states(run)["first"] == "creating"


def test_it_is_the_managers_to_set() -> None:
    ada, bob = person("ada"), person("bob")
    project = ada.personal_project
    member_set(project=project, user=bob, role=Role.AUTHOR)
    path = f"/api/projects/{project.pk}/quota/"

    assert Api(bob).put(path, {"max_jobs": 9, "max_gpus": None}).status_code == 403
    assert Api(ada).put(path, {"max_jobs": 9, "max_gpus": None}).json()["max_jobs"] == 9
    assert Api(bob).get(path).json()["max_jobs"] == 9
    assert Api(ada).put(path, {"max_jobs": -1, "max_gpus": None}).status_code == 422
