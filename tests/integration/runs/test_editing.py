"""A failed step is tried again with other settings: in the same run, by those who may draw, and kept with the run."""

import json
from typing import Any

import pytest
from django.test import Client

from backend.apps.accounts.models import Role
from backend.apps.accounts.services import member_set, token_create
from backend.apps.runs import services, store
from backend.apps.runs.models import Run
from backend.domain.run.machine import replay
from backend.domain.run.messages import StepOrder, StepReport
from backend.domain.run.snapshot import snapshot_as_json
from tests.harness.runs import FakeAgent, document, host, job, person, report, start, state, states, token_of

RATE = {"name": "rate", "value": 0.1}
METRICS = {"name": "m", "type": "metrics", "config": {"metric_files": ["/default/m.json"]}}
PARAMETERS = [
    {"id": "p", "name": "later", "type": "INT", "delay": True},
    {"id": "q", "name": "epochs", "type": "INT", "default": 3},
]


def training(name: str = "fit", **more: Any) -> dict[str, Any]:
    algorithm = {"command": ["true"], "parameters": [RATE]}
    return job(name, properties={"algorithm": algorithm}, outputs=[METRICS], **more)


def as_client(name: str) -> Client:
    return Client(headers={"authorization": f"Bearer {token_create(user=person(name), name='test')}"})


def retry(api: Client, run: Run, **more: Any) -> Any:
    path = f"/api/runs/{run.pk}/steps/fit/actions/"
    return api.post(path, data={"action": "retry", **more}, content_type="application/json")


def failing(order: StepOrder) -> StepReport:
    return report(order.token, "failed" if order.step == "fit" else "succeeded")


@pytest.fixture
def failed() -> Run:
    host()
    run = start(document(training(), job("after", ["fit"]), parameters=PARAMETERS))
    FakeAgent(outcome=failing).work()
    assert state(run) == "abnormal"
    return run


def with_algorithm(**more: Any) -> dict[str, Any]:
    return {"properties": {"algorithm": {"command": ["true"], "parameters": [RATE], **more}}}


def test_it_runs_with_the_other_settings_in_the_same_run_and_keeps_the_story(failed: Run) -> None:
    api, agent = as_client("ada"), FakeAgent()
    edit = with_algorithm(
        parameters=[{"name": "rate", "value": 0.01}, {"name": "epochs", "value": {"$parameter": "epochs"}}],
        environments={"MODE": "slow"},
    )
    outputs = [{**METRICS, "config": {"metric_files": ["/default/other.json"], "realtime_visualization": True}}]
    edit |= {"policy": {"max_execution_minutes": 7}, "outputs": outputs}
    shown = retry(api, failed, step=edit, values={"epochs": 5})
    assert shown.status_code == 200, shown.content

    order = agent.claim(token_of(failed, "fit"))
    assert order is not None
    assert (order.attempt, order.parameters, order.timeout_seconds) == (2, {"rate": 0.01, "epochs": 5}, 420)
    assert order.environment == {"MODE": "slow"}
    assert [(each.logical, each.realtime) for each in order.metrics] == [("/default/other.json", True)]
    services.attempt_finish(token=order.token, report=report(order.token, "failed"))

    # Another process, and another try without a word of changes.
    store.cache_clear()
    services.step_retry(run_id=failed.pk, step="fit", by=person())
    order = agent.claim(token_of(failed, "fit"))
    assert order is not None
    assert (order.attempt, order.parameters["rate"], order.timeout_seconds) == (3, 0.01, 420)
    services.attempt_finish(token=order.token, report=report(order.token))
    agent.work()
    assert state(failed) == "completed"

    edited = api.get(f"/api/runs/{failed.pk}/steps/fit/").json()["step"]["edited"]
    assert [(each["attempt"], each["name"]) for each in edited["changes"]] == [(2, person().shown_name)]
    told = {each["path"]: (each["before"], each["after"]) for each in edited["changes"][0]["changes"]}
    assert told["/policy/max_execution_minutes"] == (None, 7)
    assert told["/values/epochs"] == (3, 5)
    assert told["/outputs/0/config/metric_files/0"] == ("/default/m.json", "/default/other.json")
    assert api.get(f"/api/runs/{failed.pk}/snapshot/").json()["steps"]["fit"]["edited"] == edited
    assert api.get(f"/api/runs/{failed.pk}/steps/after/").json()["step"]["edited"] is None

    run = Run.objects.get(pk=failed.pk)
    told_again = replay(store.plan_of(run), store.events_after(run.pk, 0))
    rows = store.load_rows(run.pk).snapshot
    assert json.loads(json.dumps(snapshot_as_json(told_again))) == json.loads(json.dumps(snapshot_as_json(rows)))


@pytest.mark.parametrize(
    ("edit", "code", "path"),
    [
        (with_algorithm(boot_file="x.py"), None, "/step/properties/algorithm"),
        ({"properties": {"algorithm": {"command": "true", "wrong": 1}}}, None, "/step/properties/algorithm"),
        (
            with_algorithm(parameters=[{"name": "n", "value": {"$parameter": "none"}}]),
            None,
            "/step/properties/algorithm",
        ),
        ({"policy": {"max_execution_minutes": -1}}, None, "/step/policy/max_execution_minutes"),
        ({"outputs": []}, "run.edit_outputs", "/step/outputs"),
        ({"outputs": [{**METRICS, "name": "x"}]}, "run.edit_outputs", "/step/outputs"),
        (
            {"properties": {"algorithm": {"command": ["true"]}, "spec": {"resource": {"flavor": {"flavor_id": "no"}}}}},
            "run.flavor_unknown",
            "/step/properties",
        ),
        (
            {"properties": {"algorithm": {"algorithm_id": "nobodys"}}},
            None,
            "/step/properties/algorithm/algorithm_id",
        ),
    ],
)
def test_it_refuses_settings_that_could_not_run_and_says_where(failed: Run, edit: Any, code: str, path: str) -> None:
    refused = retry(as_client("ada"), failed, step=edit)
    assert refused.status_code == 422, refused.content
    problems = refused.json()["problems"]
    assert all(each["path"].startswith(path) for each in problems), problems
    assert code is None or code in {each["code"] for each in problems}
    assert states(failed)["fit"] == "failed"
    shown = as_client("ada").get(f"/api/runs/{failed.pk}/steps/fit/").json()["step"]
    assert (shown["attempts"], shown["edited"]) == (1, None)


def test_it_refuses_parts_of_a_step_that_make_the_graph(failed: Run) -> None:
    for part in ("inputs", "depends_on", "name"):
        assert retry(as_client("ada"), failed, step={part: []}).status_code == 422


def test_it_waits_for_a_value_that_the_step_asks_for_only_now(failed: Run) -> None:
    edit = with_algorithm(parameters=[{"name": "n", "value": {"$parameter": "later"}}])
    assert retry(as_client("ada"), failed, step=edit).json()["step"]["state"] == "wait_inputs"
    services.step_continue(run_id=failed.pk, step="fit", by=person(), values={"later": 4})
    order = FakeAgent().claim(token_of(failed, "fit"))
    assert order is not None
    assert order.parameters == {"n": 4}


def test_operators_retry_and_only_authors_change_what_a_step_does(failed: Run) -> None:
    member_set(project=failed.project, user=person("bob"), role=Role.OPERATOR)
    operator = as_client("bob")
    assert retry(operator, failed, step=with_algorithm(environments={"A": "1"})).status_code == 403
    assert states(failed)["fit"] == "failed"
    assert retry(operator, failed, values={"epochs": 4}).status_code == 200
    changes = operator.get(f"/api/runs/{failed.pk}/steps/fit/").json()["step"]["edited"]["changes"]
    assert changes[0]["changes"] == [{"path": "/values/epochs", "before": 3, "after": 4}]


def test_what_an_edited_step_made_is_not_taken_for_what_the_workflow_would_make(failed: Run) -> None:
    api = as_client("ada")
    assert retry(api, failed, step=with_algorithm(environments={"A": "1"})).status_code == 200
    FakeAgent().work()
    plan = api.post(
        f"/api/workflows/{failed.workflow_id}/plan/",
        data={"version": 1, "steps": ["after"]},
        content_type="application/json",
    ).json()["steps"]["fit"]
    assert (plan["verdict"], plan["reason"]["code"]) == ("run", "run.reuse_changed")
    assert plan["reason"]["params"]["parts"] == "/properties/algorithm/environments"
