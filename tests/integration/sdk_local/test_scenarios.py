"""The scenarios of the published programs, run on this machine; each test has the number of its scenario."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from pipeloom import local
from pipeloom import workflow as wf
from pipeloom.local import LocalRun
from pipeloom.notebook.figures import metrics_html

from tests.harness import containers
from tests.integration.sdk_local.programs_of import made_by, programs
from tests.unit.sdk.building import built

IMAGES = wf.data.OBSPath("/default/images/")
ANIMALS = wf.data.Dataset(dataset_name="animals", version_name="V001")
Json = dict[str, Any]


def given_to(run: LocalRun, step: str = "training_job", output: str = "train_url") -> Json:
    """The arguments that the program was started with."""
    told: Json = json.loads(Path(run[step].places[output], "given.json").read_text())
    return told


def ran(workflow: wf.Workflow, **kwargs: Any) -> LocalRun:
    run = workflow.run(**kwargs)
    assert run is not None
    return run


def states(run: LocalRun) -> dict[str, str]:
    return {name: step.state for name, step in run.items()}


@programs("s04_skip_by_parameter")
@pytest.mark.parametrize(("is_skip", "state"), [(True, "skipped"), (False, "completed")])
def test_s04_it_skips_a_step_by_a_parameter(here: Path, program: Path, is_skip: bool, state: str) -> None:
    run = ran(made_by(program, obs_placeholder_name=IMAGES, is_skip=is_skip))

    assert run.state == "completed"
    assert states(run) == {"training_job": state}
    if is_skip:
        assert run["training_job"].reason is not None
        assert run["training_job"].reason["code"] == "run.skip_condition_met"


@programs("s05_skip_by_metric")
@pytest.mark.parametrize(("accuracy", "state"), [("0.8", "completed"), ("0.3", "skipped")])
def test_s05_it_skips_a_step_by_a_metric(here: Path, program: Path, accuracy: str, state: str) -> None:
    local.add_algorithm("subscription_id", code_dir="code", boot_file="job.py", parameters={"accuracy": accuracy})

    run = ran(made_by(program, obs_placeholder_name=IMAGES, placeholder_name="animal-net"))

    assert run.state == "completed"
    assert states(run) == {"training_job": "completed", "model_registration": state}
    assert [each["version"] for each in local.models()] == (["0.0.1"] if state == "completed" else [])
    if state == "skipped":
        operands = (run["model_registration"].reason or {})["operands"]
        assert [each["value"] for each in operands] == [0.3, 0.5]


@programs("s05_skip_by_metric_file")
@pytest.mark.parametrize(("accuracy", "state"), [("0.8", "completed"), ("0.3", "skipped")])
def test_s05_it_skips_a_step_by_a_metric_in_a_folder(here: Path, program: Path, accuracy: str, state: str) -> None:
    local.add_algorithm("subscription_id", code_dir="code", boot_file="job.py", parameters={"accuracy": accuracy})

    run = ran(made_by(program, obs_placeholder_name=IMAGES, placeholder_name="animal-net"))

    assert states(run) == {"training_job": "completed", "model_registration": state}


@programs("s05_skip_by_metric")
def test_s05_it_fails_where_the_metric_is_missing(here: Path, program: Path) -> None:
    local.add_algorithm("subscription_id", command='echo "[]" > "${PIPELOOM_STEP_ORDER%order.json}nothing"; exit 0')

    run = ran(made_by(program, obs_placeholder_name=IMAGES, placeholder_name="animal-net"))

    assert run.state == "abnormal"
    assert (run["model_registration"].reason or {})["code"] == "condition.metric_missing"


@programs("s06_branches_and_selector")
@pytest.mark.parametrize(
    ("a", "b", "kept"), [(True, False, "b"), (False, True, "a"), (False, False, "a"), (True, True, None)]
)
def test_s06_it_takes_the_branch_that_ran(here: Path, program: Path, a: bool, b: bool, kept: str | None) -> None:
    values = {"job_step_a_is_skip": a, "job_step_b_is_skip": b}

    run = ran(made_by(program, obs_placeholder_name=IMAGES, placeholder_name="animal-net", **values))

    assert run.state == "completed"
    assert run["model_registration"].state == ("skipped" if kept is None else "completed")
    if kept is not None:
        (model,) = local.models()
        made = Path(here, "home", "models", "animal-net", model["version"], "given.json")
        assert json.loads(made.read_text()) == given_to(run, f"training_job_{kept}")


@programs("s07_create_dataset_unlabelled")
def test_s07_it_creates_a_dataset_and_takes_the_one_that_is_there(here: Path, program: Path) -> None:
    asked = {"obs_placeholder_name": IMAGES, "dataset_name": "pictures", "dataset_output_path": "/default/pictures/"}

    first = ran(made_by(program, **asked))
    again = ran(made_by(program, **asked))

    made = [next(iter(run["create_dataset"].outputs.values()))["data"] for run in (first, again)]
    assert [each["dataset_name"] for each in made] == ["pictures", "pictures"]
    assert [each["reused"] for each in made] == [False, True]
    samples = (here / "home" / "datasets" / "pictures" / "samples.jsonl").read_text().splitlines()
    assert len(samples) == 10


@programs("s09_job_gallery_algorithm")
def test_s09_it_runs_an_algorithm_of_the_gallery_with_its_defaults(here: Path, program: Path) -> None:
    run = ran(made_by(program, input_dataset=ANIMALS, parameter_name="mine"))

    given = given_to(run)
    assert (given["depth"], given["parameter_name"]) == ("3", "mine")
    assert Path(given["data_url"], "manifest.jsonl").is_file()


@programs("s10_job_saved_algorithm")
def test_s10_it_runs_a_saved_algorithm_with_its_defaults(here: Path, program: Path) -> None:
    run = ran(made_by(program, input_dataset=ANIMALS))

    given = given_to(run)
    assert (given["depth"], given["parameter_name"]) == ("3", "fake_value")


@programs("s11_job_code_and_boot_file")
def test_s11_it_runs_code_of_its_own_in_the_engine_of_that_name(
    here: Path, program: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = ran(made_by(program, input_dataset=ANIMALS, train_flavor={"flavor_id": "modelarts.vm.gpu.v100"}))

    told = capsys.readouterr().out
    assert "The flavor “modelarts.vm.gpu.v100” is not known here" in told
    assert "The engine" not in told

    order = json.loads((run.folder / "attempts" / "training_job-1" / "order.json").read_text())
    assert given_to(run)["parameter_name"] == "fake_value"
    assert order["engine"]["name"] == "fake_engine_name"


@programs("s12_job_command_and_image")
def test_s12_it_runs_a_command_in_the_container_or_says_that_it_cannot(
    here: Path, program: Path, tmp_path: Path
) -> None:
    """Which of the two depends on the machine: an engine is asked for as runs ask for it."""
    before = len(local.experiments())
    workflow = made_by(program, input_dataset=ANIMALS)
    if containers.found().engine is None:
        with pytest.raises(wf.ProgramError, match="this machine has no container engine"):
            workflow.run()
        assert len(local.experiments()) == before
        return
    local.add_image("fake_image_url", containers.image_ready(Path(tempfile.gettempdir())))

    run = ran(workflow)

    log = (run.folder / "attempts" / "training_job-1" / "log").read_text()
    assert states(run) == {"training_job": "completed"}, log
    given = given_to(run)
    assert given["parameter_name"] == "fake_value"
    made = Path(run["training_job"].places["train_url"], "given.json").stat()
    assert made.st_uid == os.getuid()
    order = json.loads((run.folder / "attempts" / "training_job-1" / "order.json").read_text())
    assert not {f"pipeloom-{order['token']}"} & containers.containers_of_ours()
    assert not list(here.glob("home/boxes/*"))


def test_s12_it_refuses_an_image_where_the_engine_is_switched_off(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPELOOM_CONTAINER_ENGINE", "none")
    workflow = built(Path(__file__).parent / "programs" / "s12_job_command_and_image.py")

    with pytest.raises(wf.ProgramError, match="PIPELOOM_CONTAINER_ENGINE switches it off"):
        workflow.run()


@programs("s13_job_with_obs_path")
def test_s13_it_gives_the_job_the_path_of_a_folder(here: Path, program: Path) -> None:
    run = ran(made_by(program, obs_placeholder_name=IMAGES))

    assert given_to(run)["data_url"] == f"{here}/home/storage/default/images/"


@programs("s14_release_dataset_then_job")
def test_s14_it_gives_the_job_exactly_the_version_just_released(here: Path, program: Path) -> None:
    run = ran(made_by(program, input_dataset=wf.data.Dataset(dataset_name="animals")))

    version = Path(given_to(run)["data_url"])
    assert run["release_dataset"].outputs["output_name"]["data"]["version_name"] == version.name == "V002"
    usages = [json.loads(line)["usage"] for line in (version / "manifest.jsonl").read_text().splitlines()]
    assert (usages.count("TRAIN"), usages.count("EVAL")) == (8, 2)


@programs("s15_job_with_metrics")
def test_s15_it_shows_five_types_of_metrics(here: Path, program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = ran(made_by(program, input_dataset=ANIMALS))

    metrics = run["training_job"].metrics
    assert [each["type"] for each in metrics] == ["float", "line chart", "histogram", "table", "one-dimensional-table"]
    assert metrics.value("accuracy") == 0.8
    assert "training_job: accuracy 0.8" in capsys.readouterr().out
    assert "&lt;b&gt;" in metrics_html(metrics, plotly=False)
    assert json.loads((run.folder / "metrics.json").read_text())["training_job"] == metrics


@programs("s16_job_data_selector")
@pytest.mark.parametrize(("data", "ending"), [(ANIMALS, "/V001/"), (IMAGES, "/default/images/")])
def test_s16_it_runs_with_whichever_data_is_chosen(here: Path, program: Path, data: Any, ending: str) -> None:
    run = ran(made_by(program, input_data=data))

    assert given_to(run)["data_url"].endswith(ending)


@programs("s11_job_code_and_boot_file")
def test_s11_it_says_which_python_stands_in_for_an_engine(
    here: Path, program: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "home" / "settings.json").unlink()

    assert ran(made_by(program, input_dataset=ANIMALS)).ok

    assert "The engine “fake_engine_name fake_engine_version” is not known here" in capsys.readouterr().out


def test_s09_it_refuses_an_algorithm_that_nobody_made_known(here: Path) -> None:
    step = wf.steps.JobStep(name="first", algorithm=wf.Algorithm(algorithm_id="nobody"))

    with pytest.raises(wf.ProgramError, match="no algorithm “nobody”"):
        wf.Workflow(name="work", desc="", steps=step).run()


def test_s01_it_refuses_before_anything_runs_what_it_cannot_run_here(here: Path) -> None:
    label = wf.steps.LabelingStep(
        name="labeling",
        properties=wf.steps.LabelTaskProperties(
            task_type=wf.data.LabelTaskTypeEnum.IMAGE_CLASSIFICATION, task_name="mine"
        ),
        inputs=wf.steps.LabelingInput(name="data", data=wf.data.Dataset(dataset_name="animals")),
        outputs=wf.steps.LabelingOutput(name="labelled"),
    )

    with pytest.raises(wf.ProgramError, match="“labeling” is of kind labeling, which cannot be run here yet"):
        wf.Workflow(name="work", desc="", steps=label).run()
