"""Workflows with another one inside, and what works them off: an agent and the reconciler in turns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from backend.apps.runs import services
from backend.apps.runs.models import Run
from backend.apps.runs.reconcile import Reconciler
from backend.apps.workflows.models import Workflow
from backend.apps.workflows.services import version_freeze, version_release, workflow_create
from backend.domain.run.messages import ReportFile, ReportOutput, StepOrder, StepReport
from tests.harness.runs import FakeAgent, document, job, person, report

RUNS = {"name": "runs", "default": "/default/runs/", "with_execution_id": True, "create_dir": True}


def trained(name: str = "train", **more: Any) -> dict[str, Any]:
    out = {"name": "out", "type": "obs", "config": {"obs_path": {"$storage": {"name": "runs", "path": f"{name}/"}}}}
    metrics = {"name": "metrics", "type": "metrics", "config": {"metric_files": [f"/default/metrics/{name}.json"]}}
    return job(name, outputs=[out, metrics], **more)


def inner(*more: dict[str, Any], **also: Any) -> dict[str, Any]:
    """Trains with `epochs` on the data called `raw`."""
    train = trained(inputs=[{"name": "data", "data": {"$data": "raw"}}])
    train["properties"]["algorithm"]["parameters"] = [{"name": "epochs", "value": {"$parameter": "epochs"}}]
    return document(
        train,
        *more,
        parameters=[{"id": "p", "name": "epochs", "type": "INT"}],
        data=[{"id": "d", "name": "raw", "type": "obs"}],
        storages=[RUNS],
        **also,
    )


def nested(name: str, workflow: str, version: int = 1, after: Any = (), **more: Any) -> dict[str, Any]:
    properties = {"release": {"workflow": workflow, "version": version}, "parameters": more.pop("parameters", [])}
    step = {"id": f"id-{name}", "name": name, "kind": "workflow", "properties": properties, "depends_on": list(after)}
    return {**step, **more}


def outer(**more: Any) -> dict[str, Any]:
    """Makes data, lets the other workflow train on it, and uses what that made."""
    fit = nested(
        "fit",
        "inner",
        after=["make"],
        parameters=[{"name": "epochs", "value": {"$parameter": "rounds"}}],
        inputs=[{"name": "raw", "data": {"$output": {"step": "make", "output": "out"}}}],
        outputs=[
            {"name": "weights", "type": "obs", "config": {"step": "train", "output": "out"}},
            {"name": "scores", "type": "metrics", "config": {"step": "train", "output": "metrics"}},
        ],
    )
    accurate = {"type": "GT", "left": {"$metric": {"step": "fit", "output": "scores", "key": "accuracy"}}, "right": 0.5}
    use = job("use", ["fit"], inputs=[{"name": "data", "data": {"$output": {"step": "fit", "output": "weights"}}}])
    return document(
        trained("make"),
        {**fit, **more},
        {**use, "policy": {"skip_conditions": [{**accurate, "type": "LT"}]}},
        parameters=[{"id": "p", "name": "rounds", "type": "INT", "default": 3}],
        storages=[RUNS],
    )


def released(name: str, raw: dict[str, Any]) -> Workflow:
    workflow = workflow_create(project=person().personal_project, user=person(), name=name, document=raw)
    version_release(workflow=workflow, user=person())
    return workflow


def started(raw: dict[str, Any], values: dict[str, Any] | None = None, name: str = "outer") -> Run:
    found = Workflow.objects.filter(name=name).first()
    workflow = found or workflow_create(project=person().personal_project, user=person(), name=name, document=raw)
    return services.run_create(version=version_freeze(workflow=workflow), values=values or {}, by=person())


ORDERS: dict[str, StepOrder] = {}


def outcome(failing: tuple[str, ...] = ()) -> Any:
    def ended(order: StepOrder) -> StepReport:
        ORDERS[order.step] = order
        for output in order.outputs.values():
            folder = Path(output.path)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "file").write_text(order.step)
        if order.step in failing:
            return report(order.token, "failed")
        file = ReportFile(path="file", size=len(order.step), sha256="0" * 64)
        kept = {name: ReportOutput(files=[file]) for name in order.outputs}
        floats = {each.output: {"accuracy": 0.9} for each in order.metrics}
        return report(order.token, floats=floats, outputs=kept)

    return ended


def look() -> None:
    """What the reconciler finds, again and again until it is nothing; each commit wakes it in the product."""
    while Reconciler().run_once():
        pass


def work_off(failing: tuple[str, ...] = ()) -> None:
    """Agent and reconciler in turns, until neither finds anything."""
    agent, reconciler = FakeAgent(outcome=outcome(failing)), Reconciler()
    while agent.work() + reconciler.run_once():
        pass


def child_of(run: Run, step: str = "fit") -> Run:
    return Run.objects.filter(parent=run, parent_step=step).latest("created_at")
