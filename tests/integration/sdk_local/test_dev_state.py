"""What an author does before a release: parts of a workflow, one step after the other, answers, stopping."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pipeloom import local
from pipeloom import workflow as wf
from pipeloom.local import LocalRun
from pipeloom.workflow.running import ValuesMissingError

C, T = wf.steps.Condition, wf.steps.ConditionTypeEnum
RESULTS = wf.data.OutputStorage(name="results", default="/default/results/")
TRUE = ["/bin/sh", "-c", "true"]


def job(name: str, command: list[str] | None = None, **more: Any) -> wf.steps.JobStep:
    """A job that leaves a folder, with a file where the command writes one."""
    return wf.steps.JobStep(
        name=name,
        algorithm=wf.BaseAlgorithm(command=command or TRUE, parameters=more.pop("parameters", [])),
        outputs=wf.steps.JobOutput(name="made", obs_config=wf.data.OBSOutputConfig(RESULTS.join(name))),
        **more,
    )


def writing(text: str = "made") -> list[str]:
    """A command that writes a file into its one output."""
    program = f'for given in "$@"; do case $given in --made=*) echo {text} > "${{given#--made=}}file";; esac; done'
    return ["/bin/sh", "-c", program, "sh"]


def model(name: str, data: Any, after: Any, model_name: Any = "kept") -> wf.steps.ModelStep:
    return wf.steps.ModelStep(
        name=name,
        inputs=wf.steps.ModelInput(name="made", data=data),
        outputs=wf.steps.ModelOutput(
            name="version", model_config=wf.steps.ModelConfig(model_name=model_name, model_type="Custom")
        ),
        depend_steps=after,
    )


def workflow(*steps: wf.steps.Step, **more: Any) -> wf.Workflow:
    return wf.Workflow(name="work", desc="", steps=list(steps), storages=RESULTS, **more)


def ran(made: wf.Workflow, **kwargs: Any) -> LocalRun:
    run = made.run(**kwargs)
    assert run is not None
    return run


def states(run: LocalRun) -> dict[str, str]:
    return {name: step.state for name, step in run.items()}


def branches(conditions: Any) -> list[wf.steps.Step]:
    choose = wf.steps.ConditionStep(
        name="choose", conditions=conditions, if_then_steps="job_step_1", else_then_steps="job_step_2"
    )
    one, other = (job(f"job_step_{number}", writing(str(number)), depend_steps=choose) for number in (1, 2))
    return [choose, one, other]


@pytest.mark.parametrize("left", [True, False])
def test_x01_it_skips_the_branch_that_was_not_taken(here: Path, left: bool) -> None:
    choose, one, other = branches(C(T.EQ, wf.Placeholder(name="fast", placeholder_type=wf.PlaceholderType.BOOL), True))
    made = workflow(
        choose, one, other,
        model("model_step_1", one.outputs["made"].as_input(), one),
        model("model_step_2", other.outputs["made"].as_input(), other),
    )  # fmt: skip
    made.set_placeholder("fast", left)

    run = ran(made)

    taken, skipped = ("1", "2") if left else ("2", "1")
    assert run.ok
    assert states(run) == {
        "choose": "completed",
        f"job_step_{taken}": "completed",
        f"model_step_{taken}": "completed",
        f"job_step_{skipped}": "skipped",
        f"model_step_{skipped}": "skipped",
    }


def test_x02_it_nests_conditions(here: Path) -> None:
    nested = [C(T.EQ, 1, 1), C(T.OR, C(T.GT, 10, 9), C(T.LT, 10, 9))]

    run = ran(workflow(*branches(nested)))

    assert states(run) == {"choose": "completed", "job_step_1": "completed", "job_step_2": "skipped"}


def test_x03_it_takes_the_output_of_the_branch_that_ran(here: Path) -> None:
    choose, one, other = branches([C(T.EQ, 1, 2)])
    selector = wf.data.DataConsumptionSelector([one.outputs["made"].as_input(), other.outputs["made"].as_input()])

    run = ran(workflow(choose, one, other, model("keep", selector, [one, other])))

    assert run.ok
    assert Path(here, "home", "models", "kept", "0.0.1", "file").read_text() == "2\n"


def test_x05_it_runs_a_part_on_what_others_left_before(here: Path) -> None:
    first = job("first", writing())
    made = workflow(first, model("second", first.outputs["made"].as_input(), first))

    with pytest.raises(wf.ProgramError, match="Step “second” cannot run alone"):
        made.run(steps="second")
    alone = ran(made, steps=[first])
    then = ran(made, steps=["second"])

    assert (states(alone), alone.number) == ({"first": "completed"}, 1)
    assert (then.ok, then.number, then.experiment_id) == (True, 2, alone.experiment_id)
    assert then["first"].outputs == alone["first"].outputs
    assert Path(here, "home", "models", "kept", "0.0.1", "file").is_file()


def test_x05_it_goes_on_with_an_experiment_of_an_earlier_program(here: Path) -> None:
    first = job("first", writing())
    steps = [first, model("second", first.outputs["made"].as_input(), first)]
    ran(workflow(*steps), steps="first", experiment_id="mine")

    again = ran(workflow(*steps), steps="second", experiment_id="mine")

    assert again.ok
    assert [(each.number, each.state) for each in local.experiments("mine")] == [(1, "completed"), (2, "completed")]


def test_x05_it_debugs_step_by_step(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    epochs = wf.Placeholder(name="epochs", placeholder_type=wf.PlaceholderType.INT, description="how often")
    first = job("first", writing())
    second = job("second", writing(), depend_steps=first, parameters=[wf.AlgorithmParameters("epochs", epochs)])
    made = workflow(first, second)

    made.debug()
    run = made.next()
    assert run is not None
    assert states(run) == {"first": "completed", "second": "wait_inputs"}
    capsys.readouterr()
    assert made.next() is not None
    assert 'workflow.set_placeholder("epochs", …)' in capsys.readouterr().out
    with pytest.raises(wf.ProgramError, match="takes a whole number"):
        made.set_placeholder("epochs", "three")
    made.set_placeholder("epochs", 3)
    run = made.next()

    assert run is not None
    assert run.ok
    order = json.loads((run.folder / "attempts" / "second-1" / "order.json").read_text())
    assert order["parameters"] == {"epochs": 3}


def test_x05_it_repeats_a_step_that_failed_in_debugging(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = workflow(
        wf.steps.JobStep(
            name="first",
            algorithm=wf.BaseAlgorithm(code_dir="code", command="test -e good || { echo not good yet; exit 3; }"),
        )
    )
    made.debug()
    failed = made.next()
    assert failed is not None
    assert failed.state == "abnormal"
    assert "| not good yet" in capsys.readouterr().out
    Path("code/good").touch()

    mended = made.next()

    assert mended is not None
    assert mended.ok
    made.next()
    assert "there is no next step" in capsys.readouterr().out


def test_x05_it_lists_all_missing_values_where_nobody_can_be_asked(here: Path) -> None:
    root = wf.data.OutputStorage(name="root", description="Where to")
    made = wf.Workflow(
        name="work", desc="", storages=root,
        steps=wf.steps.JobStep(
            name="first",
            algorithm=wf.BaseAlgorithm(
                command=TRUE,
                parameters=[wf.AlgorithmParameters("rate", wf.Placeholder(name="rate", placeholder_type="FLOAT"))],
            ),
            inputs=wf.steps.JobInput(name="rows", data=wf.data.OBSPlaceholder(name="rows", object_type="directory")),
            outputs=wf.steps.JobOutput(name="made", obs_config=wf.data.OBSOutputConfig(root.join("x"))),
        ),
    )  # fmt: skip

    with pytest.raises(ValuesMissingError) as told:
        made.run()

    assert set(told.value.names) == {"rate", "rows", "root"}
    assert "rate: a number" in str(told.value)
    assert str(told.value).startswith(f"{__file__}:")


def test_x09_it_adds_a_version_of_the_model_at_each_run(here: Path) -> None:
    train = wf.steps.JobStep(
        name="train",
        algorithm=wf.AIGalleryAlgorithm(subscription_id="subscription_id", item_version_id="10.0.0"),
        outputs=[
            wf.steps.JobOutput(name="train_url", obs_config=wf.data.OBSOutputConfig(RESULTS.join("out/"))),
            wf.steps.JobOutput(
                name="figures",
                metrics_config=wf.data.MetricsConfig(
                    RESULTS.join("out/metrics.json", create_dir=False), realtime_visualization=True
                ),
            ),
        ],
    )
    made = workflow(train, model("register", train.outputs["train_url"].as_input(), train, "again"))

    runs = [ran(made), ran(made)]

    assert [run.ok for run in runs] == [True, True]
    assert [(each["name"], each["version"]) for each in local.models()] == [("again", "0.0.1"), ("again", "0.0.2")]
    assert local.models()[0]["lineage"]["metrics"]["train"]["figures"]["accuracy"] == 0.8
    assert len({run["train"].places["train_url"] for run in runs}) == 2
    again = ran(made, steps="register")
    assert (again.ok, again["train"].places) == (True, runs[1]["train"].places)
    assert local.models()[-1]["version"] == "0.0.3"


def test_s20_it_keeps_a_record_of_every_run(here: Path) -> None:
    made = workflow(job("first", ["/bin/sh", "-c", "echo told; exit 1"]))

    run = ran(made, experiment_id="history")

    (record,) = local.experiments("history")
    assert (record.workflow, record.state, record.run) == ("work", "abnormal", run.id)
    events = [json.loads(line) for line in (record.folder / "events.jsonl").read_text().splitlines()]
    assert [events[0]["type"], events[-1]["type"]] == ["run_created", "run_finished"]
    assert run["first"].log == "told\n"


def test_s19_it_shows_why_a_step_failed_with_the_end_of_its_log(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran(workflow(job("first", ["/bin/sh", "-c", "for i in $(seq 50); do echo line $i; done; exit 7"])))

    told = capsys.readouterr().out
    assert "first is failed: " in told
    assert " 7" in told
    assert "| line 50" in told
    assert "| line 30\n" not in told


def test_it_refuses_to_put_away_what_no_run_has_written(here: Path) -> None:
    target = here / "home" / "storage" / "default" / "precious"
    target.mkdir()
    (target / "mine").write_text("mine")
    fixed = wf.steps.JobStep(
        name="first",
        algorithm=wf.BaseAlgorithm(command=writing()),
        outputs=wf.steps.JobOutput(name="made", obs_config=wf.data.OBSOutputConfig("/default/precious/")),
    )

    run = ran(wf.Workflow(name="work", desc="", steps=fixed))

    assert (run["first"].reason or {})["code"] == "storage.exists"
    assert (target / "mine").read_text() == "mine"


def test_it_tells_of_a_storage_that_is_not_there(here: Path) -> None:
    step = wf.steps.JobStep(
        name="first",
        algorithm=wf.BaseAlgorithm(command=TRUE),
        inputs=wf.steps.JobInput(name="rows", data=wf.data.OBSPath("/bucket/rows/")),
    )
    made = wf.Workflow(name="work", desc="", steps=step)

    assert (ran(made)["first"].reason or {})["code"] == "storage.unknown_root"
    (here / "rows").mkdir()
    local.add_storage("bucket", here)
    assert ran(made).ok
