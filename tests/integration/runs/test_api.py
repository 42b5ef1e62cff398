"""The HTTP side of runs, through real requests."""

import threading
from typing import Any

import pytest
from django.test import Client

from backend.apps.accounts.services import token_create
from backend.apps.runs import services
from backend.apps.runs.models import Attempt, Run
from backend.apps.runs.selectors import attempt_name
from backend.apps.runs.services.orders import attempt_folder
from backend.apps.workflows.services import workflow_create
from tests.harness.runs import (
    FakeAgent,
    chain,
    document,
    fan,
    host,
    job,
    person,
    report,
    start,
    state,
    states,
    together,
    token_of,
    version_of,
)


@pytest.fixture
def api() -> Client:
    token = token_create(user=person(), name="test")
    return Client(headers={"authorization": f"Bearer {token}"})


def post(api: Client, path: str, body: Any = None) -> Any:
    return api.post(f"/api/{path}", data=body or {}, content_type="application/json")


def test_it_starts_a_run_from_the_draft_and_shows_it_until_it_is_done(api: Client) -> None:
    host()
    user = person()
    workflow = workflow_create(project=user.personal_project, user=user, name="Numbers", document=chain(2))
    made = post(api, f"workflows/{workflow.pk}/runs/", {"labels": ["b", "a"]})
    assert made.status_code == 201, made.content
    run = made.json()
    assert (run["number"], run["state"], run["labels"], run["version"]["number"]) == (1, "running", ["a", "b"], 1)
    FakeAgent().work()
    shown = api.get(f"/api/runs/{run['id']}/snapshot/").json()
    assert shown["run"]["state"] == "completed"
    assert {name: step["state"] for name, step in shown["steps"].items()} == {"s0": "completed", "s1": "completed"}
    assert shown["steps"]["s1"]["parents"] == ["s0"]
    again = post(api, f"workflows/{workflow.pk}/runs/").json()
    assert (again["number"], again["version"]["number"]) == (2, 1)
    listed = api.get("/api/runs/", {"label": "a"}).json()
    assert [each["id"] for each in listed["items"]] == [run["id"]]
    services.run_stop(run_id=again["id"], by=user)


def test_it_answers_events_in_pages_and_says_when_the_number_is_from_elsewhere(api: Client) -> None:
    host(cpu=64)
    run = start(fan(120))
    FakeAgent().work()
    seen: list[int] = []
    while True:
        page = api.get(f"/api/runs/{run.pk}/events/", {"after": seen[-1] if seen else 0}).json()
        seen += [each["seq"] for each in page["events"]]
        assert len(page["events"]) <= 200
        if not page["more"]:
            break
    assert state(run) == "completed"
    assert seen == list(range(1, run.seq + 1))
    assert api.get(f"/api/runs/{run.pk}/events/", {"after": run.seq + 1}).status_code == 409
    assert api.get(f"/api/runs/{run.pk}/events/", {"after": -1}).status_code == 422


def test_it_lists_hosts_and_tells_a_waiting_step_its_place(api: Client) -> None:
    host(cpu=1)
    first, second = start(chain(1)), start(chain(1))
    shown = api.get(f"/api/runs/{second.pk}/steps/s0/").json()["step"]
    assert shown["state"] == "pending"
    assert shown["queue"]["position"] == 1
    answer = api.get("/api/hosts/").json()
    assert (answer["items"][0]["free_cpu"], answer["items"][0]["attempts"]) == (0, 1)
    assert answer["queue"][0]["run"] == str(second.pk)
    FakeAgent().work()
    assert (state(first), state(second)) == ("completed", "running")


def test_it_serves_a_log_by_byte_range(api: Client) -> None:
    host()
    run = start(chain(1))
    agent = FakeAgent()
    order = agent.claim(token_of(run, "s0"))
    assert order is not None
    assert api.get(f"/api/runs/{run.pk}/steps/s0/logs/").status_code == 404
    folder = attempt_folder(order.token)
    folder.mkdir(parents=True)
    (folder / "log").write_bytes(b"0123456789")
    services.attempt_log_grew(token=order.token, size=10)
    part = api.get(f"/api/runs/{run.pk}/steps/s0/logs/", headers={"range": "bytes=4-"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, b"456789")
    shown = api.get(f"/api/runs/{run.pk}/snapshot/").json()["logs"]
    assert shown == {"s0": {"attempt": attempt_name(order.token), "size": 10}}
    again = api.get(f"/api/runs/{run.pk}/steps/s0/logs/?attempt={shown['s0']['attempt']}")
    assert b"".join(again.streaming_content) == b"0123456789"
    assert api.get(f"/api/runs/{run.pk}/steps/s0/logs/?attempt={order.token}").status_code == 404


def test_it_shows_nobody_the_token_of_an_attempt(api: Client) -> None:
    """Who has it can claim, finish and speak for the attempt."""
    host()
    run = start(chain(2))
    agent = FakeAgent()
    first = agent.claim(token_of(run, "s0"))
    assert first is not None
    services.attempt_log_grew(token=first.token, size=10)
    services.attempt_metrics(token=first.token, updates=[services.MetricsUpdate("m", "/default/m.json", [], [])])
    seen = [_everything(api, run)]
    services.attempt_finish(token=first.token, report=report(first.token))
    seen.append(_everything(api, run))
    tokens = [str(each) for each in Attempt.objects.filter(run=run).values_list("pk", flat=True)]

    assert len(tokens) == 2
    assert all(attempt_name(token) in seen[1] for token in tokens)
    assert not [token for token in tokens if token in "".join(seen)]


def _everything(api: Client, run: Run) -> str:
    """All that a viewer is answered about a run."""
    paths = [f"runs/{run.pk}/{each}" for each in ("", "snapshot/", "events/?after=0")]
    paths += [f"runs/{run.pk}/steps/{step}/{each}" for step in ("s0", "s1") for each in ("", "metrics/", "figures/")]
    return "".join(api.get(f"/api/{path}").content.decode() for path in [*paths, "hosts/", "todo/", "runs/"])


def test_it_refuses_values_with_their_place_before_there_is_a_run(api: Client) -> None:
    parameter = {"id": "p", "name": "epochs", "type": "INT"}
    version = version_of(document(job("a"), parameters=[parameter]))
    answer = post(api, f"workflows/{version.workflow_id}/runs/", {"version": 1, "values": {"epochs": "many"}})
    assert answer.status_code == 422
    assert [each["path"] for each in answer.json()["problems"]] == ["/values/epochs"]
    assert api.get("/api/runs/").json()["items"] == []


def test_it_keeps_other_peoples_runs_unseen(api: Client) -> None:
    host(cpu=1)
    other = person("eve")
    theirs = start(chain(1), user=other)
    for path in ("", "snapshot/", "events/", "steps/s0/", "steps/s0/logs/", "steps/s0/metrics/", "steps/s0/figures/"):
        assert api.get(f"/api/runs/{theirs.pk}/{path}").status_code == 404, path
    assert post(api, f"runs/{theirs.pk}/actions/", {"action": "stop"}).status_code == 404
    assert post(api, f"runs/{theirs.pk}/steps/s0/actions/", {"action": "stop"}).status_code == 404
    mine = start(chain(1))
    queue = api.get("/api/hosts/").json()["queue"]
    assert [each["run"] for each in queue] == [str(mine.pk)]
    assert api.get("/api/runs/").json()["items"][0]["id"] == str(mine.pk)
    assert states(theirs) == {"s0": "creating"}


def test_it_answers_a_long_poll_as_soon_as_there_is_news(api: Client) -> None:
    host()
    run = start(chain(1))
    seq = api.get(f"/api/runs/{run.pk}/snapshot/").json()["seq"]
    empty = api.get(f"/api/runs/{run.pk}/events/", {"after": seq, "wait": 0.2}).json()
    assert (empty["events"], empty["seq"], empty["more"]) == ([], seq, False)
    asked = threading.Event()

    def ask() -> Any:
        asked.set()
        return api.get(f"/api/runs/{run.pk}/events/", {"after": seq, "wait": 25}).json()

    def act() -> Any:
        asked.wait(20)
        return FakeAgent().work()

    answer, done = together(ask, act)
    assert done == 1
    assert answer["events"][0]["type"] == "step_started"
    rest = api.get(f"/api/runs/{run.pk}/events/", {"after": answer["seq"], "wait": 25}).json()
    assert rest["events"] or answer["events"][-1]["type"] == "run_finished"


def test_it_answers_a_long_poll_when_metrics_change(api: Client) -> None:
    host()
    run = start(chain(1))
    token = token_of(run, "s0")
    FakeAgent().claim(token)
    seq = api.get(f"/api/runs/{run.pk}/snapshot/").json()["seq"]
    items = [{"key": "loss", "title": "loss", "type": "float", "data": {"value": 0.5}}]

    def write() -> None:
        for _ in range(50):
            services.attempt_metrics(token=token, updates=[services.MetricsUpdate("m", "/default/m.json", items)])

    answer, _ = together(lambda: api.get(f"/api/runs/{run.pk}/events/", {"after": seq, "wait": 25}).json(), write)
    assert answer["events"] == []
    assert answer["metrics"][0]["value"] == items
    figures = api.get(f"/api/runs/{run.pk}/steps/s0/figures/").json()["items"]
    assert (figures[0]["key"], figures[0]["rev"]) == ("loss", 50)
    assert api.get(f"/api/runs/{run.pk}/steps/s0/metrics/").json()["items"][0]["rev"] == 50
    services.run_stop(run_id=run.pk, by=person())
    services.attempt_finish(token=token, report=report(token, "cancelled"))


def test_it_acts_on_runs_and_steps(api: Client) -> None:
    host()
    run = start(chain(1))
    FakeAgent(outcome=lambda order: report(order.token, "failed")).work()
    detail = post(api, f"runs/{run.pk}/steps/s0/actions/", {"action": "retry"}).json()
    assert (detail["step"]["state"], [each["number"] for each in detail["attempt_list"]]) == ("creating", [2, 1])
    assert post(api, f"runs/{run.pk}/actions/", {"action": "stop"}).json()["run"]["state"] == "stopped"
    again = post(api, f"runs/{run.pk}/actions/", {"action": "rerun"})
    assert (again.status_code, again.json()["run"]["origin_run"]) == (201, str(run.pk))
    assert post(api, f"runs/{run.pk}/actions/", {"action": "explode"}).status_code == 422
    assert post(api, f"runs/{run.pk}/actions/", {"action": "stop"}).status_code == 409
    assert api.delete(f"/api/runs/{run.pk}/").status_code == 204
    assert api.get(f"/api/runs/{run.pk}/").status_code == 404
    patched = api.patch(f"/api/runs/{again.json()['run']['id']}/", {"labels": ["x"]}, content_type="application/json")
    assert patched.json()["labels"] == ["x"]
    FakeAgent().work()


def test_it_foretells_a_run_and_lists_what_waits_for_a_person(api: Client) -> None:
    host()
    parameter = {"id": "p", "name": "later", "type": "INT", "delay": True}
    algorithm = {"command": ["true"], "parameters": [{"name": "n", "value": {"$parameter": "later"}}]}
    raw = document(job("a", properties={"algorithm": algorithm}), parameters=[parameter])
    version = version_of(raw)
    plan = post(api, f"workflows/{version.workflow_id}/plan/", {"version": 1}).json()
    assert (plan["problems"], plan["steps"]["a"]["verdict"]) == ([], "waits_for_input")
    run = post(api, f"workflows/{version.workflow_id}/runs/", {"version": 1}).json()
    todo = api.get("/api/todo/").json()["items"]
    assert [(each["run"], each["step"], each["awaits"]) for each in todo] == [(run["id"], "a", ["later"])]
    post(api, f"runs/{run['id']}/steps/a/actions/", {"action": "continue", "values": {"later": 1}})
    assert api.get("/api/todo/").json()["items"] == []
    FakeAgent().work()
