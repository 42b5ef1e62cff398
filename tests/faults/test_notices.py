"""The messenger dies again and again, each time at another point: everybody is told everything, once."""

import signal
from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest

from backend.apps.notifications.models import Delivery, Notification
from backend.apps.notifications.services import channel_add, topic_create
from backend.apps.runs.models import News
from tests.faults.plant import Plant
from tests.harness.notices import followed, row, run_of
from tests.harness.receivers import hook_server
from tests.harness.runs import chain, person, state

POINTS = ("news.before_commit", "news.after_commit", "delivery.after_claim")
STEPS = 4


@pytest.mark.timeout(300)
def test_it_loses_and_doubles_nothing_when_the_messenger_dies_at_every_turn(plants: Callable[..., Plant]) -> None:
    """One run is told in several transactions; after each the next process begins where the dead one stood."""
    with hook_server() as hooks:
        plant = plants(environment={"PIPELOOM_WEBHOOK_ALLOW": "127.0.0.0/8"}).start()
        version = followed(chain(STEPS))
        topic = topic_create(project=version.workflow.project, user=person(), name="night shift")
        channel_add(topic=topic, kind="webhook", address=f"http://127.0.0.1:{hooks.port}/")
        for step in (*(f"s{number}" for number in range(STEPS)), ""):
            row(version, "success", step=step, topic=topic)
        for point in POINTS:
            plant.stop("reconciler", signal.SIGKILL)
            plant.reconciler_start(PIPELOOM_FAILPOINTS=f"{point}:kill")
            run = run_of(version)
            plant.until(partial(_fired, plant, point), f"the messenger died at {point}", 60)
            plant.part("reconciler").wait(20)
            # What the dead process had claimed is anybody's when its claim is over; a test does not wait for that.
            Delivery.objects.filter(state="waiting").update(claimed_until=None)
            plant.reconciler_start()
            plant.until_state(run, "completed")
            assert state(run) == "completed"
        everything = (STEPS + 1) * len(POINTS)
        plant.until(lambda: len({each.headers["webhook-id"] for each in hooks.received}) == everything, "all hooks", 60)
        plant.until(lambda: not Delivery.objects.exclude(state="sent").exists(), "every delivery is noted", 30)

    assert News.objects.count() == 0
    assert Notification.objects.filter(user=person()).count() == everything
    assert Counter(Delivery.objects.values_list("kind", flat=True)) == {"inbox": everything, "webhook": everything}
    rows = {str(each.pk) for each in Delivery.objects.filter(kind="webhook")}
    assert {each.headers["webhook-id"] for each in hooks.received} == rows, "whatever came twice says that it did"


def _fired(plant: Plant, point: str) -> bool:
    return any(line.startswith(f"{point} kill ") for line in plant.fired())
