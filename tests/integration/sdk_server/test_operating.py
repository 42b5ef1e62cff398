"""What an operator does with a released workflow, from a script."""

from __future__ import annotations

from typing import Any

import pytest
from pipeloom.client import Client, ProblemError

from tests.integration.sdk_server.conftest import Person

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(600)]

PROGRAM = """
from pipeloom import workflow as wf
code = wf.Placeholder(name="code", placeholder_type=wf.PlaceholderType.INT, default=0)
seconds = wf.Placeholder(name="seconds", placeholder_type=wf.PlaceholderType.INT, default=0)
work = wf.steps.JobStep(name="work", algorithm=wf.BaseAlgorithm(
    command=["sh", "-c", "sleep ${0#--seconds=}; exit ${1#--code=}"],
    parameters=[
        wf.AlgorithmParameters(name="seconds", value=seconds), wf.AlgorithmParameters(name="code", value=code)]))
wf.Workflow(name="operated", desc="", steps=work)
"""


@pytest.fixture(scope="module")
def operated(author: Person) -> Person:
    (author.folder / "operated.py").write_text(PROGRAM)
    author.did("release", "operated.py")
    return author


def ended(client: Client, run: str) -> str:
    return [update.view.state for update in client.follow(run)][-1]


def named(client: Client) -> dict[str, Any]:
    found = client.workflow_named("operated")
    assert found is not None
    return found


def test_s19_it_starts_stops_retries_copies_and_deletes(operated: Person) -> None:
    client = operated.client
    workflow = named(client)["id"]

    long = client.run_start(workflow, {"seconds": 600}, version=1)["id"]
    for update in client.follow(long):
        if update.view.step("work")["state"] == "running":
            client.run_action(long, "stop")
            break
    assert ended(client, long) == "stopped"

    failed = client.run_start(workflow, {"code": 3}, version=1)["id"]
    assert ended(client, failed) == "abnormal"
    client.step_retry(failed, "work", {"code": 0}, {"policy": {"max_execution_minutes": 30}})
    *_, last = client.follow(failed)
    assert last.view.state == "completed"
    told = client.snapshot(failed).step("work")
    assert (told["attempts"], told["edited"]["step"]) == (2, {"policy": {"max_execution_minutes": 30}})
    assert last.view.step("work")["edited"] == told["edited"]

    again = client.run_action(failed, "rerun", values={"code": 0})["run"]["id"]
    assert ended(client, again) == "completed"
    copy = client.api.post(f"workflows/{workflow}/copy/", {"name": "operated copy"})["id"]
    assert client.draft(copy)["document"] == client.draft(workflow)["document"]
    assert list(client.runs_of(copy)) == []
    client.workflow_delete(copy)
    with pytest.raises(ProblemError):
        client.workflow(copy)


def test_s20_it_lists_runs_with_values_and_states_and_labels_and_filters_them(operated: Person) -> None:
    client = operated.client
    workflow = named(client)["id"]
    good = client.run_start(workflow, {"code": 0}, version=1)["id"]
    bad = client.run_start(workflow, {"code": 4}, version=1)["id"]
    assert (ended(client, good), ended(client, bad)) == ("completed", "abnormal")

    client.api.request("PATCH", f"runs/{good}/", json={"name": "the good one", "labels": ["kept"]})

    listed = {row["id"]: row for row in client.runs_of(workflow)}
    assert (listed[good]["state"], listed[good]["values"]["code"], listed[good]["labels"]) == ("completed", 0, ["kept"])
    assert (listed[bad]["state"], listed[bad]["values"]["code"]) == ("abnormal", 4)
    wrong = [row["id"] for row in client.api.pages("runs/", workflow=workflow, state="abnormal")]
    assert bad in wrong
    assert good not in wrong
    labelled = [row["id"] for row in client.api.pages("runs/", workflow=workflow, label="kept")]
    assert labelled == [good]
