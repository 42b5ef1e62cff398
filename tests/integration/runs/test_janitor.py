"""What a worker host tidies up of attempts that are over."""

import os
import time
from pathlib import Path

import pytest
from django.conf import settings

from backend.apps.runs import services
from backend.apps.runs.models import Attempt, Run
from tests.harness.runs import FakeAgent, chain, host, report, start, state, token_of
from workers.agent.config import config_read
from workers.agent.janitor import Janitor
from workers.attempt.folder import HOST_FILE

A_DAY = 86_400.0


@pytest.fixture
def janitor(monkeypatch: pytest.MonkeyPatch) -> Janitor:
    monkeypatch.setenv("PIPELOOM_WORKER_NAME", "alpha")
    return Janitor(config_read(), keep_seconds=A_DAY)


def ended(*, days: float, owner: str = "alpha") -> tuple[Run, Path]:
    """A run whose only attempt has left a log and a folder of work, so many days ago."""
    run = start(chain(1))
    token = token_of(run, "s0")
    assert FakeAgent().claim(token)
    services.attempt_finish(token=token, report=report(token))
    assert state(run) == "completed"
    folder = Path(settings.PIPELOOM_HOME) / "attempts" / token
    (folder / "work").mkdir(parents=True)
    (folder / "log").write_text("epoch 1")
    (folder / HOST_FILE).write_text(owner)
    then = time.time() - days * A_DAY
    os.utime(folder / HOST_FILE, (then, then))
    return run, folder


def test_it_keeps_the_log_of_a_run_and_nothing_else(janitor: Janitor) -> None:
    host()
    (_, old), (_, young) = ended(days=2), ended(days=0)
    janitor.look()
    assert sorted(each.name for each in old.iterdir()) == [HOST_FILE, "log"]
    assert (young / "work").exists()


def test_it_removes_everything_of_a_run_that_was_deleted(janitor: Janitor) -> None:
    host()
    run, folder = ended(days=2)
    (_, kept), (other, elsewhere) = ended(days=2), ended(days=2, owner="beta")
    services.run_delete(run=run)
    services.run_delete(run=other)
    janitor.look()
    assert not folder.exists()
    assert (kept / "log").exists()
    assert (elsewhere / "log").exists(), "another host looks after its own"
    assert Attempt.objects.count() == 1


def test_it_forgets_after_a_day_what_an_output_took_the_place_of(janitor: Janitor) -> None:
    replaced = Path(settings.PIPELOOM_HOME) / "replaced"
    old, young = (replaced / f"{int(time.time() - days * A_DAY)}-0" for days in (2, 0))
    for folder in (old, young):
        (folder / "tree").mkdir(parents=True)
    janitor.look()
    assert (old.exists(), young.exists()) == (False, True)
