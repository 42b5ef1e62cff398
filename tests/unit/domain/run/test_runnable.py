"""What can be drawn and released and cannot be run yet is refused before the run begins."""

from __future__ import annotations

from typing import Any

import pytest

from backend.domain.design.load import parse_document
from backend.domain.run.plan import make_plan
from backend.domain.run.preview import Verdict, preview
from backend.domain.run.resources import Resources
from tests.unit.domain.design.golden import resolves, valid
from tests.unit.domain.run.building import condition, job, parameter, placeholder
from tests.unit.domain.run.building import document as document_of

# Every step of the golden document with one of each construct that does not run here yet, and what is told of it.
REFUSED = {
    "from_task": "a label task",
    "label": "labeling",
    "import": "dataset_import",
    "release_labels": "the version format CSV",
    "gallery": "an output that is a model",
    "serve": "service",
    "foreign": "service",
    "spark": "mrs_job",
    "table": "a dataset that is a table",
    "keep": "a container image",
    "keep_subscribed": "two inputs for one model",
}


def plan_of(raw: dict[str, Any], **values: Any) -> Any:
    document, problems = parse_document(raw)
    assert document is not None, problems
    return make_plan(document, values, flavors={"cpu-1": Resources()})


def test_it_refuses_exactly_what_cannot_run() -> None:
    raw = valid("every_construct")
    plan = plan_of(raw)

    told = {name: step.not_here for name, step in plan.steps.items() if step.not_here is not None}

    assert {name: found.params.get("part", found.params.get("kind")) for name, found in told.items()} == REFUSED
    index = {step["name"]: at for at, step in enumerate(raw["steps"])}
    assert all(resolves(raw, f"/steps/{index[name]}{found.path}") for name, found in told.items())


@pytest.mark.parametrize("name", ["digits", "branches", "fan", "minimal"])
def test_it_lets_everything_else_run(name: str) -> None:
    assert [step.not_here for step in plan_of(valid(name)).steps.values() if step.not_here] == []


def test_it_foresees_the_refusal_but_not_of_a_step_that_is_skipped() -> None:
    unable = job("later", skip=[condition("EQ", parameter("flag"), True)])
    unable["outputs"] = [{"name": "made", "type": "model", "config": {"model_type": "Custom", "model_name": "net"}}]
    raw = document_of(unable, parameters=[placeholder("flag", "BOOL", default=False)])

    assert preview(plan_of(raw))["later"].verdict is Verdict.CANNOT
    assert preview(plan_of(raw, flag=True))["later"].verdict is Verdict.SKIP
