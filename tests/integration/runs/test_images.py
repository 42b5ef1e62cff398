"""Jobs that name a container image: where they go, what they are told, and what is said where it cannot be."""

from __future__ import annotations

from typing import Any

import pytest

from backend.apps.accounts.models import User
from backend.apps.assets.services import algorithm_register, image_register
from backend.apps.runs.models import Attempt
from backend.apps.runs.services.planning import Place, run_plan
from backend.domain.run.messages import StepOrder, StepReport
from backend.shared.errors import ProductError
from tests.harness.runs import FakeAgent, document, host, job, person, report, start, version_of

pytestmark = pytest.mark.django_db(transaction=True)
BOXED = {"command": ["true"], "engine": {"image_url": "team/resnet:2"}}
DIGEST = "sha256:" + "0a" * 32


@pytest.fixture
def ada() -> User:
    user = person()
    image_register(
        project=user.personal_project, user=user, name="team/resnet:2", reference="hub/resnet:9", digest=DIGEST
    )
    return user


def boxed(algorithm: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return document(job("train", properties={"algorithm": algorithm or BOXED}, **more))


def refused(raw: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(ProductError) as caught:
        start(raw)
    return [(each.code, each.path) for each in caught.value.problems]


def order_of(raw: dict[str, Any]) -> StepOrder:
    found: list[StepOrder] = []

    def outcome(order: StepOrder) -> StepReport:
        found.append(order)
        return report(order.token)

    start(raw)
    FakeAgent("beta", outcome=outcome).work()
    return found[0]


def test_it_sends_the_step_to_the_host_with_an_engine_and_tells_it_what_to_pull(ada: User) -> None:
    host("alpha", cpu=8)
    host("beta", cpu=2, containers="docker 29")

    order = order_of(boxed())

    assert order.image is not None
    assert (order.image.name, order.image.reference) == ("team/resnet:2", f"hub/resnet@{DIGEST}")
    assert order.engine is None
    assert Attempt.objects.get(pk=order.token).host == "beta"


def test_it_knows_it_of_an_algorithm_that_is_named_by_its_id(ada: User) -> None:
    host("alpha", cpu=8)
    algorithm_register(project=ada.personal_project, user=ada, algorithm_id="saved", definition=BOXED)

    assert refused(boxed({"algorithm_id": "saved"})) == [
        ("run.no_container_engine", "/steps/0/properties/algorithm"),
    ]
    host("beta", cpu=2, containers="podman 5")
    order = order_of(boxed({"algorithm_id": "saved"}))
    assert Attempt.objects.get(pk=order.token).host == "beta"
    assert order.image is not None


def test_it_says_before_the_run_that_no_host_has_an_engine(ada: User) -> None:
    host("alpha")
    raw = boxed()

    assert refused(raw) == [("run.no_container_engine", "/steps/0/properties/algorithm/engine/image_url")]
    version = version_of(raw, ada)
    place = Place(version.workflow_id, ada.personal_project, ada)
    shown = run_plan(place=place, document=raw, values={})["steps"]["train"]
    assert (shown["verdict"], shown["reason"]["code"]) == ("cannot_run", "run.no_container_engine")


def test_it_names_what_there_is_where_an_image_is_not(ada: User) -> None:
    host("alpha", containers="docker 29")
    image_register(project=ada.personal_project, user=ada, name="aaa:1")

    with pytest.raises(ProductError) as caught:
        start(boxed({"command": ["true"], "engine": {"image_url": "team/resnet:1"}}))

    (found,) = caught.value.problems
    assert (found.code, found.path) == ("asset.image_unknown", "/steps/0/properties/algorithm/engine/image_url")
    assert found.params["known"] == "team/resnet:2, aaa:1", "the likeliest first"


def test_it_does_not_mind_a_step_that_is_surely_skipped(ada: User) -> None:
    host("alpha")
    skip = [{"type": "EQ", "left": True, "right": True}]
    unknown = {"command": ["true"], "engine": {"image_url": "nobody/has:it"}}
    raw = document(
        job("a", properties={"algorithm": BOXED}, policy={"skip_conditions": skip}),
        job("b", properties={"algorithm": unknown}, policy={"skip_conditions": skip}),
    )

    run = start(raw)

    run.refresh_from_db()
    assert run.state == "completed"
