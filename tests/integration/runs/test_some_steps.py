"""Runs of some steps over real rows and files: what is taken over, what is not any more, and who sees it."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backend.apps.accounts.services import token_create
from backend.apps.assets.services import storage_roots
from backend.apps.runs import services
from backend.apps.runs.models import Run, StepRun
from backend.apps.runs.selectors import attempt_name
from backend.apps.workflows.models import Workflow
from backend.apps.workflows.services import draft_save, workflow_create
from backend.domain.run.messages import ReportFile, ReportOutput, StepOrder, StepReport
from tests.harness.runs import FAILED, FakeAgent, document, host, job, person, report, token_of

EPOCHS = {"id": "p", "name": "epochs", "type": "INT", "default": 3}


def step(name: str, after: str | None = None, **more: Any) -> dict[str, Any]:
    """A job that leaves a folder and metrics, made of what the step before it left."""
    inputs = [{"name": "data", "data": {"$output": {"step": after, "output": "out"}}}] if after else []
    outputs = [
        {"name": "out", "type": "obs", "config": {"obs_path": {"$storage": {"name": "runs", "path": f"{name}/"}}}},
        {"name": "metrics", "type": "metrics", "config": {"metric_files": [f"/default/metrics/{name}.json"]}},
    ]
    made = job(name, [after] if after else [], inputs=inputs, outputs=outputs)
    made["properties"]["algorithm"] |= more
    return made


def workflow_raw(**more: Any) -> dict[str, Any]:
    code = {"code_dir": "/default/code/", "parameters": [{"name": "epochs", "value": {"$parameter": "epochs"}}]}
    return document(
        step("a", **{**code, **more}),
        step("b", "a"),
        step("c", "b"),
        step("d", "c"),
        job("apart"),
        parameters=[EPOCHS],
        storages=[{"name": "runs", "default": "/default/runs/", "with_execution_id": True, "create_dir": True}],
    )


@dataclass
class Bench:
    """A workflow, a client, and an agent whose steps leave a file and a metric."""

    api: Client
    workflow: Workflow
    failing: set[str] = field(default_factory=set)

    def post(self, path: str, body: Any = None, status: int = 201) -> Any:
        answer = self.api.post(f"/api/{path}", data=body or {}, content_type="application/json")
        assert answer.status_code == status, answer.content
        return answer.json()

    def run(self, *steps: str, **more: Any) -> dict[str, Any]:
        made = self.post(f"workflows/{self.workflow.pk}/runs/", {**({"steps": steps} if steps else {}), **more})
        FakeAgent(outcome=self.outcome).work()
        return self.snapshot(made["id"])

    def plan(self, *steps: str, **more: Any) -> dict[str, Any]:
        return self.post(f"workflows/{self.workflow.pk}/plan/", {"steps": steps, **more}, 200)

    def verdicts(self, *steps: str, **more: Any) -> dict[str, str]:
        return {name: each["verdict"] for name, each in self.plan(*steps, **more)["steps"].items()}

    def snapshot(self, run: str) -> dict[str, Any]:
        return self.api.get(f"/api/runs/{run}/snapshot/").json()

    def outcome(self, order: StepOrder) -> StepReport:
        if order.step in self.failing:
            return report(order.token, "failed", reason=FAILED)
        files = {}
        for name, output in order.outputs.items():
            Path(output.path).mkdir(parents=True)
            (Path(output.path) / "made.txt").write_text(order.token)
            told = [ReportFile(path="made.txt", size=len(order.token), sha256="0" * 64)]
            files[name] = ReportOutput(files=told, count=1, bytes=len(order.token))
        return report(order.token, outputs=files, floats={"metrics": {"accuracy": 0.8}} if order.metrics else {})

    def place(self, logical: str) -> Path:
        return storage_roots(project=self.workflow.project).local(logical)

    def change(self, raw: dict[str, Any]) -> None:
        revision = self.workflow.draft.revision
        draft_save(workflow=self.workflow, document={**raw, "name": self.workflow.name}, revision=revision)
        self.workflow.draft.refresh_from_db()


@pytest.fixture
def bench() -> Bench:
    host(cpu=64)
    user = person()
    roots = storage_roots(project=user.personal_project)
    roots.write("/default/code/train.py", [b"print()"], max_bytes=100)
    workflow = workflow_create(project=user.personal_project, user=user, name="Some", document=workflow_raw())
    return Bench(Client(headers={"authorization": f"Bearer {token_create(user=user, name='t')}"}), workflow)


def ran(snapshot: dict[str, Any]) -> dict[str, Any]:
    """Of each step of the run the number of the run whose result it keeps; None for those that ran."""
    return {name: each["reused"] and each["reused"]["number"] for name, each in snapshot["steps"].items()}


def test_it_runs_to_here_on_the_results_of_the_last_run(bench: Bench) -> None:
    first = bench.run()
    assert first["run"]["part"] is None

    assert bench.verdicts("c") == {"a": "reuse", "b": "reuse", "c": "run", "d": "not_part", "apart": "not_part"}
    planned = bench.plan("c")
    assert planned["problems"] == []
    assert planned["steps"]["b"]["reused"] == {"run": first["run"]["id"], "number": 1}
    assert planned["steps"]["b"]["reason"]["params"] == {"number": 1}

    second = bench.run("c")
    assert second["run"]["state"] == "completed"
    assert second["run"]["part"] == {"steps": ["c"], "mode": "to_here", "reuse": True}
    assert ran(second) == {"a": 1, "b": 1, "c": None}
    kept = second["steps"]["b"]
    assert (kept["state"], kept["attempts"], kept["reason"]["code"]) == ("completed", 0, "run.reused")
    assert kept["outputs"] == first["steps"]["b"]["outputs"]
    assert kept["floats"] == {"metrics": {"accuracy": 0.8}}


def test_it_shows_what_a_kept_step_made_as_if_it_had_run_here(bench: Bench) -> None:
    first = bench.run()
    token = first["logs"]["b"]["attempt"]
    second = bench.run("c")["run"]["id"]

    about = f"/api/runs/{second}/steps/b/"
    outputs = bench.api.get(f"{about}outputs/").json()["items"]
    assert [(each["name"], each["files"][0]["path"]) for each in outputs] == [("out", "made.txt")]
    got = bench.api.get(f"{about}outputs/out/", {"path": "made.txt"})
    assert attempt_name(b"".join(got.streaming_content).decode()) == token
    detail = bench.api.get(about).json()
    assert [each["token"] for each in detail["attempt_list"]] == [token]
    assert bench.snapshot(second)["logs"]["b"]["attempt"] == token


def test_it_keeps_metrics_and_logs_readable(bench: Bench) -> None:
    host()
    made = bench.post(f"workflows/{bench.workflow.pk}/runs/")
    run = Run.objects.get(pk=made["id"])
    agent = FakeAgent(outcome=bench.outcome)
    token = token_of(run, "a")
    order = agent.claim(token)
    assert order is not None
    item = {"key": "loss", "title": "", "type": "float", "data": {"value": 0.5}}
    update = services.MetricsUpdate("metrics", "/default/metrics/a.json", [item], None, None)
    services.attempt_metrics(token=token, updates=[update])
    log = Path(order.log_path)
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("hello")
    services.attempt_finish(token=token, report=bench.outcome(order))
    agent.work()

    again = bench.run("b")
    assert [(each["step"], each["attempt"], each["value"]) for each in again["metrics"]] == [
        ("a", attempt_name(token), [item])
    ]
    about = f"/api/runs/{again['run']['id']}/steps/a/"
    assert bench.api.get(f"{about}figures/").json()["items"][0]["attempt"] == attempt_name(token)
    assert b"".join(bench.api.get(f"{about}logs/").streaming_content) == b"hello"


def test_it_runs_a_single_step_and_refuses_it_without_its_inputs(bench: Bench) -> None:
    refused = bench.post(f"workflows/{bench.workflow.pk}/runs/", {"steps": ["a", "c"], "mode": "only"}, 422)
    assert [(each["code"], each["path"]) for each in refused["problems"]] == [
        ("run.needs_result", "/steps/2"),
        ("run.reuse_never_ran", "/steps/1"),
    ]
    assert bench.verdicts("c", mode="only")["c"] == "cannot_run"
    assert not Run.objects.exists()

    for name, number in (("a", 1), ("b", 2), ("c", 3)):
        assert bench.run(name, mode="only")["run"]["number"] == number
    assert ran(bench.run("d", mode="only")) == {"a": 1, "b": 2, "c": 3, "d": None}


def test_it_refuses_steps_that_are_not_there(bench: Bench) -> None:
    refused = bench.post(f"workflows/{bench.workflow.pk}/runs/", {"steps": ["a", "x"]}, 422)
    assert [(each["code"], each["path"]) for each in refused["problems"]] == [("run.unknown_step", "/steps/1")]
    assert bench.post(f"workflows/{bench.workflow.pk}/runs/", {"steps": []}, 422)
    assert bench.post(f"workflows/{bench.workflow.pk}/runs/", {"steps": ["a"], "mode": "all"}, 422)


def _newer(path: Path) -> None:
    later = time.time() + 5
    os.utime(path, (later, later))


def test_it_runs_again_what_was_made_by_other_code(bench: Bench) -> None:
    bench.run()
    (bench.place("/default/code/") / "__pycache__").mkdir()
    assert bench.verdicts("b")["a"] == "reuse", "compiled modules are nobody's change"

    _newer(bench.place("/default/code/train.py"))

    planned = bench.plan("b")["steps"]
    assert (planned["a"]["verdict"], planned["a"]["reason"]["code"]) == ("run", "run.reuse_files_changed")
    assert planned["a"]["reason"]["params"]["place"] == "/default/code/"
    assert ran(bench.run("b")) == {"a": None, "b": None}


def test_it_runs_again_what_is_gone_or_was_overwritten(bench: Bench) -> None:
    first = bench.run()
    made = bench.place(first["steps"]["b"]["outputs"]["out"]["logical"]) / "made.txt"

    _newer(made)
    assert bench.plan("c")["steps"]["b"]["reason"]["code"] == "run.reuse_files_changed"
    made.unlink()
    assert bench.plan("c")["steps"]["b"]["reason"]["code"] == "run.reuse_gone"
    assert ran(bench.run("c")) == {"a": 1, "b": None, "c": None}


def test_it_runs_again_what_is_defined_otherwise(bench: Bench) -> None:
    bench.run()
    assert bench.plan("c", values={"epochs": 4})["steps"]["a"]["reason"]["code"] == "run.reuse_changed"
    raw = workflow_raw()
    raw["steps"][1]["title"] = "Only words"
    bench.change(raw)
    assert bench.verdicts("c") == {"a": "reuse", "b": "reuse", "c": "run", "d": "not_part", "apart": "not_part"}
    raw["steps"][1]["properties"]["algorithm"]["command"] = ["false"]
    bench.change(raw)
    assert bench.verdicts("d") == {"a": "reuse", "b": "run", "c": "run", "d": "run", "apart": "not_part"}
    assert ran(bench.run("d")) == {"a": 1, "b": None, "c": None, "d": None}


def test_it_asks_only_for_values_that_steps_of_the_run_use(bench: Bench) -> None:
    raw = workflow_raw()
    raw["parameters"] = [{"id": "p", "name": "epochs", "type": "INT"}]
    bench.change(raw)
    missing = bench.post(f"workflows/{bench.workflow.pk}/runs/", {"steps": ["b"]}, 422)
    assert [each["path"] for each in missing["problems"]] == ["/values/epochs"]
    bench.run(values={"epochs": 3})

    assert ran(bench.run("apart")) == {"apart": None}
    assert bench.verdicts("b", values={"epochs": 3})["a"] == "reuse"


def test_it_tells_of_each_step_what_is_wrong_with_it_and_never_with_another(bench: Bench) -> None:
    """Pointers lead into the document, whatever was asked for."""
    told = bench.plan("c", mode="only")

    assert [(each["code"], each["path"]) for each in told["problems"]] == [
        ("run.needs_result", "/steps/2"),
        ("run.reuse_never_ran", "/steps/1"),
    ]
    verdicts = {name: (each["verdict"], (each["reason"] or {}).get("code")) for name, each in told["steps"].items()}
    assert verdicts["c"] == ("cannot_run", "run.needs_result")
    assert verdicts["b"] == ("not_part", "run.reuse_never_ran")
    assert verdicts["apart"] == ("not_part", "run.not_part")


def test_it_knows_the_values_that_a_step_ran_with(bench: Bench) -> None:
    """A retry of another step changed them later."""
    bench.failing = {"b"}
    first = bench.run()
    bench.failing = set()
    run, user = UUID(first["run"]["id"]), person()
    services.step_retry(run_id=run, step="b", by=user, values={"epochs": 9})
    FakeAgent(outcome=bench.outcome).work()

    assert bench.snapshot(str(run))["run"]["values"]["epochs"] == 9
    assert bench.verdicts("b", values={"epochs": 3})["a"] == "reuse"
    assert bench.verdicts("b", values={"epochs": 9})["a"] == "run"


def test_it_repeats_a_run_of_some_steps_as_such(bench: Bench) -> None:
    bench.run()
    second = bench.run("c")
    again = bench.post(f"runs/{second['run']['id']}/actions/", {"action": "rerun"})["run"]
    FakeAgent(outcome=bench.outcome).work()

    assert again["part"] == second["run"]["part"]
    assert ran(bench.snapshot(again["id"])) == {"a": 1, "b": 1, "c": None}


def test_it_survives_that_the_earlier_run_is_deleted(bench: Bench) -> None:
    first = bench.run()
    second = bench.run("c")
    services.run_delete(run=Run.objects.get(pk=first["run"]["id"]))

    assert bench.snapshot(second["run"]["id"])["steps"]["b"]["outputs"] == first["steps"]["b"]["outputs"]
    about = f"/api/runs/{second['run']['id']}/steps/b/"
    assert bench.api.get(f"{about}outputs/").status_code == 200
    assert bench.api.get(f"{about}logs/").status_code == 404
    assert bench.plan("c")["steps"]["a"]["reason"]["code"] == "run.reuse_gone"


def test_it_is_retried_and_told_like_any_other_run(bench: Bench) -> None:
    bench.run()
    bench.failing = {"c"}
    second = bench.run("c")
    assert second["run"]["state"] == "abnormal"
    bench.failing = set()
    services.step_retry(run_id=UUID(second["run"]["id"]), step="c", by=person())
    FakeAgent(outcome=bench.outcome).work()

    assert bench.snapshot(second["run"]["id"])["run"]["state"] == "completed"
    events = bench.api.get(f"/api/runs/{second['run']['id']}/events/").json()["events"]
    told = {each["step"]: each["data"] for each in events if each["type"] == "step_reused"}
    assert set(told) == {"a", "b"}
    assert told["b"]["number"] == 1
    assert StepRun.objects.get(run_id=second["run"]["id"], name="b").attempts == 0


def test_it_asks_the_database_no_more_for_more_steps(bench: Bench) -> None:
    bench.run()
    counts = []
    for name in ("b", "d"):
        with CaptureQueriesContext(connection) as asked:
            bench.plan(name)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_x04_it_runs_the_steps_of_a_scene_on_results_that_are_there(bench: Bench) -> None:
    bench.change({**workflow_raw(), "scenes": [{"id": "c1", "name": "the end", "steps": ["c", "d"]}]})
    plan = f"workflows/{bench.workflow.pk}/plan/"
    refused = bench.post(plan, {"scene": "the end"}, 200)
    bench.run()

    planned = bench.post(plan, {"scene": "the end"}, 200)
    run = bench.run(scene="the end")

    assert "run.needs_result" in {each["code"] for each in refused["problems"]}
    verdicts = {name: each["verdict"] for name, each in planned["steps"].items()}
    assert verdicts == {"a": "reuse", "b": "reuse", "c": "run", "d": "run", "apart": "not_part"}
    assert run["run"]["part"]["scene"] == "the end"
    told = {each["code"] for each in bench.post(plan, {"scene": "no such"}, 200)["problems"]}
    assert "run.unknown_scene" in told


def test_it_says_which_part_keeps_a_result_from_being_reused(bench: Bench) -> None:
    bench.run()

    planned = bench.plan("c", values={"epochs": 7})

    assert planned["steps"]["a"]["reason"]["params"]["parts"] == "/properties/algorithm/parameters/0/value"


@pytest.mark.parametrize("wrong", [{"name": 5}, {"version": "1"}, {"version": True}, {"scene": 1}])
def test_it_takes_nothing_for_something_else(bench: Bench, wrong: dict[str, Any]) -> None:
    told = bench.post(f"workflows/{bench.workflow.pk}/runs/", wrong, 422)

    assert [each["path"] for each in told["problems"]] == [f"/{next(iter(wrong))}"]
