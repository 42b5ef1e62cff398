"""Lists across runs: labels, how many workflows are how, and the steps of many runs beside each other."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from backend.apps.accounts.services import token_create
from backend.apps.runs.models import Run
from backend.apps.runs.services import run_label
from tests.harness.nesting import ORDERS, inner, outer, released, started, work_off
from tests.harness.runs import host, person


@pytest.fixture(autouse=True)
def world(redis_url: str) -> None:
    ORDERS.clear()
    host()
    released("inner", inner())


def asked(path: str, **query: Any) -> Any:
    header = f"Bearer {token_create(user=person(), name='lists')}"
    answer = Client().get(path, query, headers={"authorization": header})
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_s20_it_puts_the_steps_of_runs_beside_each_other_with_parameters_and_metrics() -> None:
    first = started(outer(), {"rounds": 2})
    work_off()
    second = started(outer(), {"rounds": 5})
    work_off(failing=("make",))
    run_label(run=first, labels=["good"])
    path = f"/api/workflows/{first.workflow_id}/step-runs/"

    page = asked(path, step="fit")
    assert page["compare_columns"] == {"parameters": ["rounds", "runs"], "metrics": ["scores.accuracy"]}
    newest, oldest = page["items"]
    assert (newest["run"]["id"], newest["state"], newest["metrics"]) == (str(second.pk), "init", {})
    assert (oldest["parameters"]["rounds"], oldest["metrics"]) == (2, {"scores.accuracy": 0.9})
    assert oldest["duration"] is not None

    assert [each["step"] for each in asked(path, state="failed")["items"]] == ["make"]
    labelled = asked(path, label="good", order="name")["items"]
    assert [each["step"] for each in labelled] == ["fit", "make", "use"]
    assert {each["run"]["id"] for each in asked(path, runs=str(second.pk))["items"]} == {str(second.pk)}


def test_it_counts_workflows_by_their_newest_run_and_lists_labels() -> None:
    first = started(outer())
    work_off()
    run_label(run=first, labels=["good", "slow"])
    run_label(run=Run.objects.get(parent=first), labels=["good"])

    overview = asked("/api/workflows/overview/")
    assert overview == {"total": 2, "stat": {"completed": 2}, "waiting": 0}
    assert asked("/api/runs/labels/")["items"] == [{"label": "good", "count": 2}, {"label": "slow", "count": 1}]
    assert asked("/api/runs/labels/", workflow=str(first.workflow_id), search="slow", order="-count")["items"] == [
        {"label": "slow", "count": 1}
    ]
    released("idle", inner())
    assert asked("/api/workflows/overview/")["stat"] == {"completed": 2, "never": 1}


def test_it_finds_runs_by_who_began_them_when_and_of_what_scene() -> None:
    raw = {**outer(), "scenes": [{"id": "c1", "name": "making", "steps": ["make"]}]}
    run = started(raw)
    part = {
        "wanted": {"steps": ["make"], "mode": "only", "reuse": True, "scene": "making"},
        "steps": ["make"],
        "reused": {},
    }
    Run.objects.filter(pk=run.pk).update(part=part)
    path = f"/api/workflows/{run.workflow_id}/runs/"
    at = run.created_at.isoformat()

    def numbers(**query: Any) -> list[int]:
        return [each["number"] for each in asked(path, **query)["items"]]

    assert numbers(scene="making") == numbers(created_by=person().username) == numbers(created_after=at) == [1]
    assert numbers(scene="other") == numbers(created_by="nobody") == numbers(created_before=at) == []
    assert numbers(order="number") == [1]
