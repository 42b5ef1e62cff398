"""Programs of ModelArts authors, as they are."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest
from pipeloom import workflow as wf
from pipeloom.execution import ProgramFailed, compatible_packages, execute

from backend.domain.design.load import parse_document
from backend.domain.design.values import check_values
from tests.unit.sdk.building import HOME_WRITTEN, PROGRAMS, built

_FOLDER = os.environ.get("PIPELOOM_SEED_PROGRAMS", "")
SEED = sorted(Path(_FOLDER).glob("s[0-9]*.py")) if _FOLDER else []
CONFLICTS = ("s08_conflict", "s08_create_dataset_labelled")
ASKS_A_SERVER = ("s18_resource_queries",)


@pytest.mark.parametrize("program", HOME_WRITTEN, ids=lambda each: each.stem)
def test_it_builds_and_checks_every_scenario(program: Path) -> None:
    _builds(program)


@pytest.mark.skipif(not SEED, reason="PIPELOOM_SEED_PROGRAMS names no folder with programs")
@pytest.mark.parametrize("program", SEED, ids=lambda each: each.stem)
def test_it_builds_and_checks_the_published_programs_unmodified(program: Path) -> None:
    if program.stem in ASKS_A_SERVER:
        with pytest.raises(ProgramFailed, match=r"HUAWEICLOUD_SDK_AK|os"):
            execute(str(program), check_only=True)
    else:
        _builds(program)


def _builds(program: Path) -> None:
    found = built(program).check()

    codes = {each.problem.code for each in found}
    assert codes == ({"document.placeholder_conflict"} if program.stem in CONFLICTS else set()), found


def test_it_has_every_name_of_the_import_list() -> None:
    names = (PROGRAMS / "names.txt").read_text(encoding="utf-8").split()

    assert len(names) > 80
    for name in names:
        at: Any = wf
        for part in name.split("."):
            at = getattr(at, part)


def test_it_names_both_lines_of_a_conflict() -> None:
    program = PROGRAMS / "s08_conflict.py"

    (found,) = built(program).check()

    lines = program.read_text(encoding="utf-8").splitlines()
    first, second = (
        1 + lines.index(next(line for line in lines if line.startswith(name))) for name in ("place", "call")
    )
    assert (found.line and found.line.number) == second
    assert f"line {first} and another at line {second}" in str(found)
    assert str(found).startswith(f"{program}:{second}: ")


def test_it_takes_what_is_still_to_be_filled_in_for_no_default() -> None:
    recorder = execute(str(PROGRAMS / "s02_release_and_run.py"), check_only=True)

    raw = recorder.workflows[0].document()
    document, _ = parse_document(raw)
    assert document is not None
    asked = {each.params["name"] for each in check_values(document, {})}
    assert asked == {"machine", "table", "results"}
    assert [what for _, what, _ in recorder.asked] == ["release", "release_and_run"]


def test_it_does_not_pretend_to_release() -> None:
    with pytest.raises(wf.ServerRefusedError, match=r"s02_release_and_run\.py:\d+: Where is Pipeloom\?"):
        execute(str(PROGRAMS / "s02_release_and_run.py"), check_only=False)


def test_it_makes_one_parameter_of_two_equal_placeholders() -> None:
    raw = built(PROGRAMS / "s04_to_s06_skipping.py").document()

    assert [each["name"] for each in raw["parameters"]] == ["machine", "without_first", "without_second"]


def test_it_keeps_a_command_for_a_shell_as_program_and_arguments() -> None:
    raw = built(PROGRAMS / "s09_to_s16_jobs.py").document()

    algorithm = next(each for each in raw["steps"] if each["name"] == "own-image")["properties"]["algorithm"]
    assert algorithm["command"] == ["/bin/sh", "-c", "python train.py | tee log.txt"]


def test_it_takes_one_thing_or_a_list() -> None:
    one, many = (
        wf.Workflow(
            name="w",
            steps=given(
                wf.steps.JobStep(
                    name="job",
                    algorithm=wf.BaseAlgorithm(
                        command=["true"], parameters=given(wf.AlgorithmParameters(name="a", value=1))
                    ),
                    inputs=given(wf.steps.JobInput(name="in", data=wf.data.OBSPath("/default/a/"))),
                    outputs=given(
                        wf.steps.JobOutput(name="m", metrics_config=wf.data.MetricsConfig(given("/default/m.json")))
                    ),
                    policy=wf.steps.StepPolicy(
                        skip_conditions=given(wf.steps.Condition(wf.steps.ConditionTypeEnum.EQ, 1, 2))
                    ),
                )
            ),
        ).document()
        for given in (lambda each: each, lambda each: [each])
    )

    assert one == many


def test_it_leaves_nothing_behind_under_the_names_of_others() -> None:
    before = list(sys.path)

    execute(str(PROGRAMS / "s07_dataset.py"), check_only=True)

    assert sys.path == before
    assert not [name for name in sys.modules if name.partition(".")[0] == "modelarts"]


def test_it_gives_back_a_module_that_was_there() -> None:
    sys.modules["modelarts"] = real = type(sys)("modelarts")
    try:
        with compatible_packages():
            assert "modelarts" not in sys.modules
        assert sys.modules["modelarts"] is real
    finally:
        del sys.modules["modelarts"]


def _selector_of(step: wf.steps.JobStep) -> object:
    return step.outputs["nothing"]


MISTAKES = {
    "an output that is not there": lambda: _selector_of(wf.steps.JobStep(name="job")),
    "an output of two steps": lambda: [
        wf.steps.JobStep(name=name, outputs=SHARED_OUTPUT.setdefault("it", wf.steps.JobOutput(name="out")))
        for name in ("a", "b")
    ],
    "no configuration of an output": lambda: wf.Workflow(
        name="w", steps=wf.steps.JobStep(name="job", outputs=wf.steps.JobOutput(name="out"))
    ).document(),
    "a value that is no JSON": lambda: wf.Workflow(
        name="w",
        steps=wf.steps.JobStep(
            name="job", algorithm=wf.Algorithm("a", parameters=wf.AlgorithmParameters(name="a", value=object()))
        ),
    ).document(),
    "a step that is none": lambda: wf.Workflow(name="w", steps=["job"]).document(),
    "a metric of no output": lambda: wf.Workflow(
        name="w",
        steps=wf.steps.ConditionStep(
            name="c", conditions=wf.steps.Condition("EQ", wf.steps.MetricInfo("job", "accuracy"), 1)
        ),
    ).document(),
    "a number that is none": lambda: wf.Workflow(
        name="w", steps=wf.steps.JobStep(name="job", policy=wf.steps.StepPolicy(poll_interval_seconds="soon"))
    ).document(),
    "a gallery that is not there": lambda: wf.add_whitelist_users("content", version_num="1.0.0", user_groups=[]),
}
SHARED_OUTPUT: dict[str, Any] = {}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_it_points_at_the_line_of_a_mistake(mistake: str) -> None:
    with pytest.raises(wf.ProgramError) as told:
        MISTAKES[mistake]()

    assert told.value.line is not None
    assert told.value.line.file == __file__
    assert str(told.value).startswith(f"{__file__}:{told.value.line.number}: ")


def test_it_points_at_the_line_of_what_the_check_finds() -> None:
    step = wf.steps.JobStep(
        name="job",
        algorithm=wf.BaseAlgorithm(command=["true"]),
        inputs=[
            wf.steps.JobInput(name="in", data=wf.data.Dataset(dataset_name="digits")),  # has no version
        ],
    )

    (found,) = wf.Workflow(name="w", steps=step).check()

    assert found.problem.code == "document.dataset_not_released"
    assert found.line is not None
    assert "has no version" in Path(__file__).read_text(encoding="utf-8").splitlines()[found.line.number - 1]
