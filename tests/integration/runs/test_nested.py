"""Steps that are runs of other workflows: values in, outputs out, and what happens to one is told to the other."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.test import Client

from backend.apps.accounts.services import token_create
from backend.apps.assets.services import storage_roots
from backend.apps.runs import services
from backend.apps.runs.models import Attempt, Run, StepRun
from backend.apps.runs.reconcile import Reconciler
from backend.domain.run.inputs import AttemptLost
from tests.harness.nesting import (
    ORDERS,
    RUNS,
    child_of,
    inner,
    look,
    nested,
    outcome,
    outer,
    released,
    started,
    trained,
    work_off,
)
from tests.harness.runs import FakeAgent, document, host, person, state, states, together


@pytest.fixture(autouse=True)
def world(redis_url: str) -> None:
    ORDERS.clear()
    host()
    released("inner", inner())


def test_it_runs_with_the_values_and_data_that_the_step_gives_and_hands_its_outputs_on() -> None:
    run = started(outer(), {"rounds": 7})
    work_off()

    child = child_of(run)
    assert (state(run), state(child)) == ("completed", "completed")
    assert states(run) == {"make": "completed", "fit": "completed", "use": "completed"}
    assert child.values["epochs"] == 7
    assert child.values["raw"] == {"obs_path": StepRun.objects.get(run=run, name="make").outputs["out"]["logical"]}
    assert ORDERS["train"].parameters == {"epochs": 7}
    fit = StepRun.objects.get(run=run, name="fit")
    made = StepRun.objects.get(run=child, name="train").outputs["out"]
    told = {"run": str(child.pk), "number": 1, "workflow": "inner", "step": "train"}
    assert fit.outputs == {"weights": {**made, "made_by": told}}
    assert fit.floats == {"scores": {"accuracy": 0.9}}
    assert ORDERS["use"].inputs["data"].logical == made["logical"]
    assert child.parent_attempt == Attempt.objects.get(run=run, step="fit").pk


def test_the_two_runs_lead_to_each_other() -> None:
    run = started(outer())
    work_off()

    api = Client(headers={"authorization": f"Bearer {token_create(user=person(), name='test')}"})
    child = child_of(run)
    shown = api.get(f"/api/runs/{child.pk}/").json()["parent"]
    assert shown == {
        "run": str(run.pk),
        "number": 1,
        "workflow": {"id": str(run.workflow_id), "name": "outer"},
        "step": "fit",
    }
    below = api.get(f"/api/runs/{run.pk}/snapshot/").json()["steps"]
    assert below["fit"]["nested"] == {
        "run": str(child.pk),
        "number": 1,
        "workflow": {"id": str(child.workflow_id), "name": "inner"},
        "state": "completed",
    }
    assert below["use"]["nested"] is None
    assert api.get(f"/api/runs/{run.pk}/steps/fit/").json()["step"]["nested"] == below["fit"]["nested"]


def test_stopping_the_outer_run_stops_the_inner_one() -> None:
    run = started(outer())
    agent = FakeAgent(outcome=outcome())
    agent.work()
    Reconciler().run_once()
    child = child_of(run)
    assert states(child) == {"train": "creating"}
    assert states(run)["fit"] == "running"

    services.run_stop(run_id=run.pk, by=person())
    assert states(run)["fit"] == "stopping"
    look()

    assert (state(child), state(run)) == ("stopped", "stopped")
    assert states(run) == {"make": "completed", "fit": "stopped", "use": "init"}


def test_stopping_the_inner_run_stops_the_step_and_a_retry_goes_on() -> None:
    run = started(outer())
    FakeAgent(outcome=outcome()).work()
    Reconciler().run_once()
    first = child_of(run)
    services.run_stop(run_id=first.pk, by=person())
    work_off()
    assert (states(run)["fit"], state(run)) == ("stopped", "stopped")
    assert StepRun.objects.get(run=run, name="fit").reason["code"] == "nested.stopped"

    services.step_retry(run_id=run.pk, step="fit", by=person())
    work_off()

    assert state(run) == "completed"
    assert child_of(run).origin == first


def test_a_failure_inside_is_told_outside_and_a_retry_keeps_what_was_completed() -> None:
    first = trained("first")
    train = trained("train", inputs=[{"name": "data", "data": {"$output": {"step": "first", "output": "out"}}}])
    raw = document(first, {**train, "depends_on": ["first"]}, storages=[RUNS])
    released("two", raw)
    outputs = [{"name": "weights", "type": "obs", "config": {"step": "train", "output": "out"}}]
    run = started(document(nested("fit", "two", outputs=outputs)))
    work_off(failing=("train",))

    reason = StepRun.objects.get(run=run, name="fit").reason
    assert state(run) == "abnormal"
    assert reason["code"] == "nested.failed"
    assert reason["params"]["step"] == "train"
    assert "exit code 1" in reason["message"]

    services.step_retry(run_id=run.pk, step="fit", by=person())
    work_off()

    child = child_of(run)
    assert (state(run), child.number) == ("completed", 2)
    assert [row.reused is not None for row in StepRun.objects.filter(run=child).order_by("position")] == [True, False]


def test_running_again_makes_a_run_inside_again_unless_its_result_is_taken_over() -> None:
    run = started(outer())
    work_off()

    again = services.run_rerun(run=run, by=person())
    work_off()
    assert (state(again), child_of(again).number) == ("completed", 2)

    kept = services.run_rerun(run=run, by=person(), steps=["use"])
    work_off()
    assert state(kept) == "completed"
    assert not Run.objects.filter(parent=kept).exists()
    assert StepRun.objects.get(run=kept, name="fit").reused["number"] == 1


def test_a_result_whose_files_are_gone_inside_is_not_taken_over() -> None:
    run = started(outer())
    work_off()
    place = StepRun.objects.get(run=child_of(run), name="train").outputs["out"]["logical"]
    (storage_roots(project=person().personal_project).local(place) / "file").write_text("something else")

    again = services.run_rerun(run=run, by=person(), steps=["use"])
    work_off()

    assert state(again) == "completed"
    assert child_of(again).number == 2


def test_a_step_that_waits_inside_keeps_the_step_outside_running_and_is_to_be_done() -> None:
    raw = inner()
    raw["parameters"][0] |= {"delay": True}
    released("asks", raw)
    step = nested("fit", "asks", parameters=[{"name": "raw", "value": {"obs_path": "/default/"}}])
    run = started(document(step))
    work_off()
    child = child_of(run)
    assert (states(run)["fit"], states(child)["train"]) == ("running", "wait_inputs")
    api = Client(headers={"authorization": f"Bearer {token_create(user=person(), name='test')}"})
    assert [each["run"] for each in api.get("/api/todo/").json()["items"]] == [str(child.pk)]

    services.step_continue(run_id=child.pk, step="train", by=person(), values={"epochs": 2})
    work_off()

    assert state(run) == "completed"


def test_it_ends_when_it_takes_longer_than_its_step_may() -> None:
    run = started(outer())
    FakeAgent(outcome=outcome()).work()
    Reconciler().run_once()
    attempt = Attempt.objects.get(run=run, step="fit")
    assert attempt.lease_until - attempt.claimed_at == timedelta(minutes=10_080)
    Attempt.objects.filter(pk=attempt.pk).update(lease_until=Now() - timedelta(seconds=1))

    look()

    assert (states(run)["fit"], state(child_of(run))) == ("timeout", "stopped")


def test_a_deleted_inner_run_is_begun_again_a_few_times() -> None:
    run = started(outer())
    FakeAgent(outcome=outcome()).work()
    Reconciler().run_once()
    Run.objects.filter(pk=child_of(run).pk).delete()

    look()

    step = StepRun.objects.get(run=run, name="fit")
    assert (step.state, step.lost, step.attempts) == ("running", 1, 2)
    work_off()
    assert state(run) == "completed"


def test_a_lost_attempt_takes_its_run_along() -> None:
    run = started(outer())
    FakeAgent(outcome=outcome()).work()
    Reconciler().run_once()
    first = child_of(run)
    services.apply(run_id=run.pk, given=AttemptLost(str(first.parent_attempt)))
    look()
    work_off()

    assert (state(first), state(run)) == ("stopped", "completed")
    assert Run.objects.filter(parent=run).count() == 2


def test_two_that_look_at_the_same_moment_begin_one_run() -> None:
    run = started(outer())
    FakeAgent(outcome=outcome()).work()
    [token] = services.nested_waiting()

    begun = together(*[lambda: services.nested_begin(token)] * 3)

    assert sorted(begun) == [False, False, True]
    assert Run.objects.filter(parent=run).count() == 1
    work_off()
    assert state(run) == "completed"
