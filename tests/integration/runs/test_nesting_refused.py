"""What keeps a workflow from running as a step of another: said before the run, or at the step that it would be."""

from __future__ import annotations

from typing import Any

import pytest

from backend.apps.runs.models import Run, StepRun
from backend.apps.workflows.models import Workflow
from backend.apps.workflows.services import version_freeze, version_release, workflow_create, workflow_delete
from backend.shared.errors import ProductError
from tests.harness.nesting import inner, nested, outer, released, started, work_off
from tests.harness.runs import document, host, job, person, state


@pytest.fixture(autouse=True)
def world(redis_url: str) -> None:
    host()
    released("inner", inner())


def codes(error: pytest.ExceptionInfo[ProductError]) -> list[tuple[str, str]]:
    return [(each.code, each.path) for each in error.value.problems]


def refused(raw: dict[str, Any], name: str = "outer") -> list[tuple[str, str]]:
    with pytest.raises(ProductError) as error:
        started(raw, name=name)
    return codes(error)


def test_what_does_not_fit_is_refused_before_the_run() -> None:
    wrong = nested(
        "fit",
        "inner",
        parameters=[{"name": "epochs", "value": "many"}, {"name": "epoch", "value": 1}],
        inputs=[{"name": "raw", "data": {"dataset_name": "d"}}, {"name": "no", "data": {"obs_path": "/default/"}}],
        outputs=[
            {"name": "a", "type": "model", "config": {"step": "train", "output": "out"}},
            {"name": "b", "type": "obs", "config": {"step": "trian", "output": "out"}},
            {"name": "c", "type": "obs", "config": {"step": "train", "output": "nothing"}},
        ],
    )
    assert refused(document(wrong)) == [
        ("nested.unknown_value", "/steps/0/properties/parameters/1/name"),
        ("nested.wrong_type", "/steps/0/inputs/0/data"),
        ("nested.unknown_value", "/steps/0/inputs/1/name"),
        ("value.wrong_type", "/steps/0/properties/parameters/0/value"),
        ("nested.output_type", "/steps/0/outputs/0/config/output"),
        ("nested.unknown_step", "/steps/0/outputs/1/config/step"),
        ("nested.unknown_output", "/steps/0/outputs/2/config/output"),
    ]
    assert refused(document(nested("fit", "inner")), "b") == [
        ("nested.missing_value", "/steps/0/properties"),
        ("nested.missing_value", "/steps/0/properties"),
    ]
    assert refused(document(nested("fit", "inner", 2)), "c") == [
        ("nested.unknown_release", "/steps/0/properties/release")
    ]
    assert refused(document(nested("fit", "nobody")), "d") == [
        ("nested.unknown_release", "/steps/0/properties/release")
    ]


def test_a_workflow_cannot_run_itself_not_even_through_others() -> None:
    own = released("own", document(job("a")))
    through = released("through", document(nested("run", "own")))
    assert through.pk
    own.draft.document = document(nested("again", "through"))
    own.draft.save()

    with pytest.raises(ProductError) as error:
        version_release(workflow=own, user=person())

    assert codes(error) == [("nested.cycle", "/steps/0/properties/release")]
    assert "through → own" in error.value.problems[0].message


def test_more_than_five_inside_each_other_are_refused() -> None:
    released("level1", document(job("a")))
    for level in range(2, 6):
        released(f"level{level}", document(nested("deeper", f"level{level - 1}")))
    run = started(document(nested("deeper", "level4")))
    work_off()
    assert state(run) == "completed"
    assert Run.objects.exclude(parent=None).count() == 4

    assert refused(document(nested("deeper", "level5")), "six") == [("nested.too_deep", "/steps/0/properties/release")]


def test_nobody_runs_what_he_may_not_see() -> None:
    stranger = person("eve")
    mine = workflow_create(
        project=stranger.personal_project, user=stranger, name="mine", document=document(nested("fit", "inner"))
    )

    with pytest.raises(ProductError) as error:
        version_freeze(workflow=mine, user=stranger)

    assert codes(error) == [("nested.unknown_release", "/steps/0/properties/release")]


def test_a_workflow_that_was_deleted_meanwhile_is_told_at_the_step() -> None:
    run = started(outer())
    workflow_delete(workflow=Workflow.objects.get(name="inner"))
    work_off()

    step = StepRun.objects.get(run=run, name="fit")
    assert (step.state, step.reason["code"]) == ("create_failed", "nested.not_begun")
    assert "no release 1 of a workflow “inner”" in step.reason["message"]
    assert state(run) == "abnormal"
