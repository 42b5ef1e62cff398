"""A schedule as typed, which the running product fires."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.integration.sdk_server.conftest import Person

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(600)]

GREET = """
from pipeloom import workflow as wf
who = wf.Placeholder(name="who", placeholder_type=wf.PlaceholderType.STR, default="nobody")
greet = wf.steps.JobStep(name="greet", algorithm=wf.BaseAlgorithm(
    command=["sh", "-c", "echo hello ${0#--who=}"], parameters=[wf.AlgorithmParameters(name="who", value=who)]))
wf.Workflow(name="greet by the clock", desc="", steps=greet)
"""
# Its time has come; nobody waits for a real one.
COME = (
    "from django.utils.timezone import now; from backend.apps.schedules.models import Schedule; "
    "Schedule.objects.filter(pk='{id}').update(next_at=now())"
)


def test_it_runs_by_the_clock_what_was_scheduled_on_the_command_line(author: Person) -> None:
    (author.folder / "clock.py").write_text(GREET)
    author.did("release", "clock.py")
    assert author.did("schedules", "greet by the clock") == "There are none.\n"
    wrong = author.pipeloom("schedule", "greet by the clock", "0 0 25 * * ?")
    assert (wrong.returncode, "“25”, cannot be read" in wrong.stderr) == (2, True)
    words = ("schedule", "greet by the clock", "0 0 3 1 1 ?", "--timezone", "Asia/Tokyo", "--set", "who=ada", "--json")
    made = json.loads(author.did(*words))
    assert made["values"] == {"who": "ada"}
    assert made["next_at"].endswith("-12-31T18:00:00Z")

    author.stack.manage("shell", "-c", COME.format(id=made["id"]))

    def fired() -> Any:
        return list(author.client.fires(made["id"]))

    (fire,) = author.stack.until(fired, "the schedule has fired")
    assert (fire["outcome"], fire["run_number"]) == ("started", 1)
    author.did("watch", "greet by the clock")
    assert "hello ada" in author.did("logs", "greet by the clock", "greet")
    listed = author.did("schedules", "greet by the clock")
    assert "0 0 3 1 1 ? Asia/Tokyo" in listed
    assert "started, run 1" in listed

    off = author.client.schedule_change(made["id"], enabled=False)
    assert (off["next_at"], off["last_fire"]["run"]) == (None, fire["run"])
    author.client.schedule_delete(made["id"])
    assert list(author.client.schedules(made["workflow"])) == []
