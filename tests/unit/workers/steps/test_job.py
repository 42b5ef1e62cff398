"""A job's command line and environment."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.workers.orders import engine, order
from workers.steps.failure import StepFailure
from workers.steps.job import argument, arguments, prepare


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (True, "True"),
        (False, "False"),
        (3, "3"),
        (0.1, "0.1"),
        (1e-07, "1e-07"),
        (2.0, "2.0"),
        ("", ""),
        ("a b", "a b"),
        ([1, "ä"], '[1,"ä"]'),
        ({"b": [True, None]}, '{"b":[true,null]}'),
    ],
)
def test_it_writes_values_as_scripts_expect_them(value: Any, written: str) -> None:
    assert argument(value) == written


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_it_writes_floats_so_that_they_read_back_the_same(value: float) -> None:
    assert float(argument(value)) == value


def test_it_gives_parameters_then_inputs_then_outputs_and_leaves_out_what_is_not_set(tmp_path: Path) -> None:
    made = order(
        tmp_path,
        parameters={"epochs": 3, "unset": None, "name": ""},
        inputs={"data_url": {"type": "dataset", "path": "/data/v1/"}},
        outputs={"train_url": {"type": "obs", "path": "/out/train/"}},
    )
    assert arguments(made) == ["--epochs=3", "--name=", "--data_url=/data/v1/", "--train_url=/out/train/"]


def test_it_starts_a_boot_file_with_its_engine_and_never_with_the_servers_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "secret")
    monkeypatch.setenv("PIPELOOM_SECRET_KEY", "secret")
    made = order(tmp_path, code={"dir": "/code", "boot_file": "train.py"}, engine=engine(), devices=["GPU-1", "GPU-2"])
    Path(made.work_dir, "train.py").touch()
    prepared = prepare(made)
    assert prepared.argv == [sys.executable, str(Path(made.work_dir, "train.py"))]
    assert "secret" not in str(prepared.environment)
    assert prepared.environment["CUDA_VISIBLE_DEVICES"] == "GPU-1,GPU-2"
    assert prepared.environment["MA_JOB_DIR"] == made.work_dir
    assert prepared.environment["PYTHONPATH"] == "/sdk"
    assert prepared.environment["PATH"].startswith(str(Path(sys.executable).parent))


def test_it_hides_all_cards_from_a_step_that_was_given_none(tmp_path: Path) -> None:
    assert prepare(order(tmp_path, argv=["true"])).environment["CUDA_VISIBLE_DEVICES"] == ""


def test_it_replaces_only_its_own_variables_in_a_command_and_uses_no_shell(tmp_path: Path) -> None:
    made = order(
        tmp_path,
        argv=["echo", "${MA_JOB_DIR}/x", "$MA_JOB_DIR", "$HOME", "${PATH}", "$(id)", "; rm -rf /", "$MA_JOB_DIRS"],
    )
    _, *rest = prepare(made).argv
    folder = made.work_dir
    assert rest == [f"{folder}/x", folder, "$HOME", "${PATH}", "$(id)", "; rm -rf /", "$MA_JOB_DIRS"]


def test_it_lets_a_workflow_add_variables_but_not_take_over_ours(tmp_path: Path) -> None:
    given = {"MODE": "fast", "PIPELOOM_STEP_ORDER": "/etc", "CUDA_VISIBLE_DEVICES": "7", "MA_JOB_DIR": "/"}
    environment = prepare(order(tmp_path, argv=["true"], environment=given)).environment
    assert environment["MODE"] == "fast"
    assert not set(given.values()) - {"fast"} & set(environment.values())


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"argv": ["no-such-program"]}, "step.program_missing"),
        ({"argv": ["./missing.sh"]}, "step.program_missing"),
        ({"code": {"dir": "/code", "boot_file": "train.py"}, "engine": engine()}, "step.code_missing"),
        ({}, "step.command_missing"),
    ],
)
def test_it_says_what_is_missing_before_anything_starts(tmp_path: Path, more: dict[str, Any], code: str) -> None:
    with pytest.raises(StepFailure) as failure:
        prepare(order(tmp_path, **more))
    assert failure.value.problem.code == code


def test_it_finds_programs_that_come_with_the_code(tmp_path: Path) -> None:
    made = order(tmp_path, argv=["./run.sh"])
    script = Path(made.work_dir, "run.sh")
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)
    assert Path(prepare(made).argv[0]).samefile(script)


def test_it_gives_a_command_for_a_shell_its_arguments_at_the_end(tmp_path: Path) -> None:
    """As if they had been typed there; without any, the command is what it is."""
    command = ["/bin/sh", "-c", "cd code && echo trained"]
    made = order(tmp_path, argv=command, parameters={"name": "two words; $HOME"})

    prepared = prepare(made)

    assert prepared.argv == ["/bin/sh", "-c", 'cd code && echo trained "$@"', "sh", "--name=two words; $HOME"]
    told = subprocess.run(["/bin/sh", "-c", 'echo trained "$@"', *prepared.argv[3:]], capture_output=True, text=True)
    assert told.stdout == "trained --name=two words; $HOME\n"
    assert prepare(order(tmp_path, argv=command)).argv == command
