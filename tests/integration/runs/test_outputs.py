"""Files and rows that steps make: where a step finds its inputs, where its outputs go, and when they do not."""

from pathlib import Path
from typing import Any

import pytest
from django.db import Error as DatabaseError
from django.db import OperationalError

from backend.apps.assets.models import Dataset, DatasetVersion, ModelVersion, Sample
from backend.apps.assets.services import engine_register, storage_roots
from backend.apps.runs import services
from backend.apps.runs.models import Attempt, Run, StepRun
from backend.apps.runs.services import finishing
from backend.apps.runs.services.work import run_change
from backend.domain.run.messages import (
    DatasetEffect,
    DatasetVersionEffect,
    ModelEffect,
    ReportFile,
    ReportOutput,
    StepOrder,
)
from backend.shared.storage import Roots
from tests.harness.runs import (
    FakeAgent,
    document,
    host,
    job,
    person,
    report,
    start,
    state,
    states,
    token_of,
)

STORAGE = {"name": "runs", "default": "/default/runs/", "with_execution_id": True, "create_dir": True}


@pytest.fixture
def roots() -> Roots:
    return storage_roots(project=person().personal_project)


def obs(name: str, path: Any) -> dict[str, Any]:
    return {"name": name, "type": "obs", "config": {"obs_path": path}}


def metrics(name: str, *files: Any) -> dict[str, Any]:
    return {"name": name, "type": "metrics", "config": {"metric_files": list(files)}}


def in_storage(path: str) -> dict[str, Any]:
    return {"$storage": {"name": "runs", "path": path}}


def claimed(run: Run, step: str) -> StepOrder:
    order = FakeAgent().claim(token_of(run, step))
    assert order is not None, StepRun.objects.get(run=run, name=step).reason
    return order


def written(path: str | Path, content: str = "x") -> None:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content)


def test_it_keeps_outputs_that_lie_inside_each_other_together(roots: Roots) -> None:
    host()
    train = job(
        "train", outputs=[obs("all", in_storage("train/")), metrics("m", in_storage("train/deep/metrics.json"))]
    )
    use = job("use", ["train"], inputs=[{"name": "data", "data": {"$output": {"step": "train", "output": "all"}}}])
    run = start(document(train, use, storages=[STORAGE]))
    order = claimed(run, "train")
    assert order.metrics[0].path.startswith(order.outputs["all"].path)
    assert order.attempt_dir in order.outputs["all"].path
    written(order.outputs["all"].path + "model.bin", "weights")
    written(order.metrics[0].path, "[]")
    told = ReportOutput(files=[ReportFile(path="model.bin", size=7, sha256="0" * 64)], bytes=7, count=2)
    assert services.attempt_finish(token=order.token, report=report(order.token, outputs={"all": told}))
    logical = f"/default/runs/{run.pk}/train/"
    kept = roots.local(logical)
    assert sorted(path.relative_to(kept).as_posix() for path in kept.rglob("*") if path.is_file()) == [
        "deep/metrics.json",
        "model.bin",
    ]
    after = claimed(run, "use")
    assert (after.inputs["data"].logical, after.inputs["data"].path) == (logical, f"{kept}/")
    assert services.attempt_finish(token=after.token, report=report(after.token))
    assert StepRun.objects.get(run=run, name="train").outputs["all"]["data"] == {"files": 2, "bytes": 7}


def test_it_moves_an_older_result_aside_and_never_mixes_two(roots: Roots) -> None:
    host()
    raw = document(job("a", outputs=[obs("out", "/default/fixed/")]))
    for content in ("old", "new"):
        run = start(raw)
        order = claimed(run, "a")
        written(order.outputs["out"].path + content)
        services.attempt_finish(token=order.token, report=report(order.token))
    assert [path.name for path in roots.local("/default/fixed/").iterdir()] == ["new"]


def test_it_fails_a_step_whose_output_is_gone_and_takes_back_what_it_had_moved(roots: Roots) -> None:
    host()
    run = start(document(job("a", outputs=[obs("one", "/default/one/"), obs("two", "/default/two/")])))
    order = claimed(run, "a")
    written(order.outputs["one"].path + "file")
    assert services.attempt_finish(token=order.token, report=report(order.token))
    assert (state(run), states(run)["a"]) == ("abnormal", "failed")
    assert StepRun.objects.get(run=run).reason["code"] == "order.output_gone"
    assert not roots.local("/default/one/").exists()
    assert Path(order.outputs["one"].path + "file").exists()


def test_it_takes_nothing_from_where_a_link_of_the_step_leads(roots: Roots, tmp_path: Path) -> None:
    host()
    written(tmp_path / "home" / "secrets" / "key", "secret")
    run = start(document(job("a", outputs=[obs("out", "/default/secrets/")])))
    order = claimed(run, "a")
    above = Path(order.outputs["out"].path).parent
    above.parent.mkdir(parents=True, exist_ok=True)
    above.symlink_to(tmp_path / "home")
    assert services.attempt_finish(token=order.token, report=report(order.token))
    assert (states(run)["a"], StepRun.objects.get(run=run).reason["code"]) == ("failed", "storage.link")
    assert (tmp_path / "home" / "secrets" / "key").exists()
    assert not roots.local("/default/secrets/").exists()


@pytest.mark.parametrize("committed", [True, False], ids=["after the commit", "before it"])
def test_it_keeps_a_result_once_when_the_database_breaks_off(
    roots: Roots, monkeypatch: pytest.MonkeyPatch, committed: bool
) -> None:
    """Whether the transaction was committed is not known then; the agent says it again with the same token."""
    host()
    run = start(document(job("a", outputs=[obs("out", "/default/out/")])))
    order = claimed(run, "a")
    written(order.outputs["out"].path + "file")

    def broken(*given: Any) -> Any:
        if committed:
            run_change(*given)
            raise OperationalError("the connection is gone")
        return run_change(given[0], lambda change: (given[1](change), Attempt.objects.raw("SELECT broken")[0]))

    monkeypatch.setattr(finishing, "run_change", broken)
    with pytest.raises(DatabaseError):
        services.attempt_finish(token=order.token, report=report(order.token))
    assert state(run) == ("completed" if committed else "running")
    assert roots.local("/default/out/file").exists()
    monkeypatch.undo()
    assert services.attempt_finish(token=order.token, report=report(order.token))
    assert (state(run), roots.local("/default/out/file").exists()) == ("completed", True)
    assert not services.attempt_finish(token=order.token, report=report(order.token))


@pytest.mark.parametrize("outcome", ["failed", "cancelled", "timeout"])
def test_it_keeps_nothing_of_an_attempt_that_did_not_succeed(roots: Roots, outcome: str) -> None:
    host()
    run = start(document(job("a", outputs=[obs("out", "/default/out/")])))
    order = claimed(run, "a")
    written(order.outputs["out"].path + "file")
    assert services.attempt_finish(token=order.token, report=report(order.token, outcome))
    assert not roots.local("/default/out/").exists()
    assert Attempt.objects.get(run=run).report["outcome"] == outcome


def test_it_says_why_a_step_cannot_begin() -> None:
    host()
    engine = {"engine_name": "none", "engine_version": "1"}
    broken = {
        "engine": job("engine", properties={"algorithm": {"command": ["true"], "engine": engine}}),
        "input": job("input", inputs=[{"name": "data", "data": "/default/nothing/"}]),
        "root": job("root", outputs=[obs("out", "/elsewhere/out/")]),
        "whole": job("whole", outputs=[obs("out", "/default/")]),
        "code": job("code", properties={"algorithm": {"command": ["true"], "code_dir": "/default/no-code/"}}),
    }
    run = start(document(*broken.values()))
    for name in broken:
        assert FakeAgent().claim(token_of(run, name)) is None
        step = StepRun.objects.get(run=run, name=name)
        assert (step.state, bool(step.reason["message"])) == ("create_failed", True)
    assert state(run) == "abnormal"


def test_it_orders_code_engine_and_arguments(roots: Roots) -> None:
    host()
    engine_register(name="python", version="3", interpreter="/usr/bin/python3")
    roots.write("/default/code/train.py", [b"print()"], max_bytes=100)
    algorithm = {
        "code_dir": "/default/code/",
        "boot_file": "/default/code/train.py",
        "engine": {"engine_name": "python", "engine_version": "3"},
        "parameters": [
            {"name": "epochs", "value": {"$parameter": "epochs"}},
            {"name": "unset", "value": {"$parameter": "unset"}},
            {"name": "where", "value": {"$parameter": "where"}},
        ],
        "environments": {"LEVEL": "1"},
    }
    parameters = [
        {"id": "p1", "name": "epochs", "type": "INT", "default": 0},
        {"id": "p2", "name": "unset", "type": "STR", "required": False},
        {"id": "p3", "name": "where", "type": "STR", "format": "obs", "default": "/default/code/"},
    ]
    run = start(document(job("a", properties={"algorithm": algorithm}), parameters=parameters))
    order = claimed(run, "a")
    local = str(roots.local("/default/code/"))
    assert order.code is not None
    assert order.engine is not None
    assert (order.code.dir, order.code.boot_file, order.engine.interpreter) == (local, "train.py", "/usr/bin/python3")
    assert order.parameters == {"epochs": 0, "where": f"{local}/"}
    assert order.environment == {"LEVEL": "1"}
    services.attempt_finish(token=order.token, report=report(order.token))


def pipeline() -> dict[str, Any]:
    make = {
        "id": "1",
        "name": "make",
        "kind": "create_dataset",
        "inputs": [{"name": "source", "data": "/default/images/"}],
        "outputs": [{"name": "made", "type": "dataset", "config": {"obs_path": "/default/made/"}}],
        "properties": {"dataset_name": "digits", "data_type": "IMAGE"},
    }
    release = {
        "id": "2",
        "name": "release",
        "kind": "release_dataset",
        "depends_on": ["make"],
        "inputs": [{"name": "dataset", "data": {"$output": {"step": "make", "output": "made"}}}],
        "outputs": [
            {"name": "version", "type": "dataset", "config": {"label_task_type": "IMAGE_CLASSIFICATION"}},
        ],
    }
    use = {"name": "data_url", "data": {"$output": {"step": "release", "output": "version"}}}
    train = job(
        "train",
        ["release"],
        inputs=[use],
        outputs=[obs("model", in_storage("train/")), metrics("m", in_storage("train/metrics.json"))],
    )
    register = {
        "id": "4",
        "name": "register",
        "kind": "model",
        "depends_on": ["train"],
        "inputs": [{"name": "model", "data": {"$output": {"step": "train", "output": "model"}}}],
        "outputs": [
            {
                "name": "registered",
                "type": "model",
                "config": {"model_type": "Scikit_Learn", "model_name": "digits", "model_version": "1.0.0"},
            }
        ],
    }
    return document(make, release, train, register, storages=[STORAGE])


def ending(order: StepOrder) -> Any:
    """What the real steps would report, in little."""
    folder = Path(order.attempt_dir)
    if order.kind == "create_dataset":
        line = '{"path": "/default/images/3/a.png", "size": 1, "sha256": "%s", "labels": ["3"]}\n' % ("a" * 64)
        written(folder / "samples.jsonl", line)
        reused = order.context["existing"] is not None
        effect: Any = DatasetEffect(
            output="made", name="digits", data_type="IMAGE", samples="samples.jsonl", reused=reused
        )
        return report(order.token, effects=[effect])
    if order.kind == "release_dataset":
        assert Path(str(order.context["samples"])).read_text().count("\n") == 1
        written(order.outputs["version"].path + "manifest.jsonl")
        dataset = order.inputs["dataset"].data["dataset"]
        effect = DatasetVersionEffect(output="version", dataset=str(dataset), folder=order.outputs["version"].path)
        return report(order.token, effects=[effect])
    if order.kind == "model":
        written(order.outputs["registered"].path + "model.bin")
        effect = ModelEffect(
            output="registered", name="digits", version="1.0.0", model_type="Scikit_Learn", folder="outputs/registered"
        )
        return report(order.token, effects=[effect])
    assert (Path(order.inputs["data_url"].path) / "manifest.jsonl").exists()
    written(order.outputs["model"].path + "model.bin")
    written(order.metrics[0].path, "[]")
    return report(order.token, floats={"m": {"accuracy": 0.97}})


def test_it_makes_a_dataset_a_version_and_a_model_that_knows_where_it_came_from(roots: Roots) -> None:
    host()
    roots.write("/default/images/3/a.png", [b"x"], max_bytes=10)
    agent = FakeAgent(outcome=ending)
    run = start(pipeline())
    agent.work()
    assert state(run) == "completed", {step.name: step.reason for step in StepRun.objects.filter(run=run)}
    model = ModelVersion.objects.seen().get()
    version = DatasetVersion.objects.seen().get()
    assert (model.version, version.name, Sample.objects.seen().count()) == ("1.0.0", "V001", 1)
    assert (model.path / "model.bin").exists()
    assert (version.path / "manifest.jsonl").exists()
    lineage = model.lineage
    assert (lineage["run"], lineage["step"]) == (str(run.pk), "register")
    assert lineage["dataset_versions"][0]["version"] == str(version.pk)
    assert lineage["metrics"] == {"train": {"m": {"accuracy": 0.97}}}
    assert lineage["parameters"]["runs"] == "/default/runs/"
    again = start(pipeline())
    agent.work()
    assert states(again) == {"make": "completed", "release": "completed", "train": "completed", "register": "failed"}
    failed = StepRun.objects.get(run=again, name="register")
    assert failed.reason["code"] == "asset.model_version_exists"
    assert ModelVersion.objects.count() == 1
    assert Dataset.objects.count() == 1
    assert StepRun.objects.get(run=again, name="make").outputs["made"]["data"]["reused"] is True


def test_it_does_not_begin_for_ever_a_step_whose_order_cannot_be_made(roots: Roots) -> None:
    """By a row that is gone: no refusal, but an exception that nobody has thought of."""
    host()
    roots.write("/default/images/3/a.png", [b"x"], max_bytes=10)
    agent = FakeAgent(outcome=ending)
    run = start(pipeline())
    assert agent.one(token_of(run, "make"))
    assert agent.one(token_of(run, "release"))
    DatasetVersion.objects.all().delete()
    assert agent.claim(token_of(run, "train")) is None
    step = StepRun.objects.get(run=run, name="train")
    assert (state(run), step.state, step.reason["code"]) == ("abnormal", "create_failed", "order.not_made")


def test_it_opens_to_a_step_what_it_was_given_and_nothing_of_other_projects(roots: Roots) -> None:
    host()
    roots.write("/default/images/3/a.png", [b"x"], max_bytes=10)
    ours = str(next(iter(roots)).path)
    agent = FakeAgent(outcome=ending)
    run = start(pipeline())
    assert claimed(run, "make").readable == [ours]
    services.attempt_lost(token=token_of(run, "make"), reason="step.agent_failed")
    assert agent.one(token_of(run, "make"))
    assert agent.one(token_of(run, "release"))
    version = DatasetVersion.objects.seen().get()
    assert claimed(run, "train").readable == sorted([ours, str(version.path)])
    nothing = start(document(job("a")))
    assert claimed(nothing, "a").readable == []
