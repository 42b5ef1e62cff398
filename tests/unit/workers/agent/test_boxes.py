"""Steps in containers: what an engine is told, and what becomes of it. With an engine for real, else up to it."""

from __future__ import annotations

import csv
import json
import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pipeloom
import pytest

from backend.domain.run.messages import StepOrder
from tests.harness import containers
from tests.unit.workers.orders import order
from workers.attempt.alone import OwnMachine
from workers.attempt.boxed import box_end, box_failure
from workers.attempt.contained import Contained, contained
from workers.attempt.ending import judge
from workers.attempt.folder import folder_prepare
from workers.attempt.launcher import Launcher
from workers.attempt.spec import spec_make
from workers.sandbox.container_engine import ContainerEngine, find
from workers.steps.failure import StepFailure

DOCKER = ContainerEngine("/usr/bin/docker", "docker", "29.1", rootless=False)
IMAGE = {"name": "team/image:1", "reference": "registry.example.org/team/image:1"}


def told(given: StepOrder, engine: ContainerEngine = DOCKER, network: str = "open") -> Contained:
    return contained(given, engine, cookie="COOKIE", network=network, processes=64)


def mounts(made: Contained) -> dict[str, tuple[str, bool]]:
    """Target → source, and whether it may be written."""
    found = {}
    for each in made.options:
        if each.startswith("--mount="):
            (fields,) = csv.reader([each.removeprefix("--mount=")])
            named = dict(field.partition("=")[::2] for field in fields)
            found[named["dst"]] = (named["src"], "readonly" not in named)
    return found


def test_it_shows_a_step_its_own_folders_and_its_inputs_and_nothing_else(tmp_path: Path) -> None:
    data = tmp_path / "data, old:1"
    data.mkdir()
    made = order(tmp_path, argv=["true"], image=IMAGE, inputs={"data_url": {"type": "obs", "path": f"{data}/"}})

    found = mounts(told(made))

    root = made.attempt_dir
    writable = {target for target, (_, may) in found.items() if may}
    assert writable == {f"{root}/work", f"{root}/tmp"}
    assert found[str(data)] == (str(data), False)
    assert set(found) == writable | {str(data), f"{root}/order.json", "/sdk/pipeloom"}


def test_it_gives_a_container_no_rights_and_the_limits_of_its_flavor(tmp_path: Path) -> None:
    made = told(order(tmp_path, argv=["true"], image=IMAGE, memory_mb=2_048, cpu=1.5), network="closed")

    assert {"--cap-drop=ALL", "--security-opt=no-new-privileges", "--network=none"} <= set(made.options)
    assert f"--user={os.getuid()}:{os.getgid()}" in made.options
    assert made.limits == ["--memory=2048m", "--memory-swap=2048m", "--cpus=1.5", "--pids-limit=64"]


@pytest.mark.parametrize(
    ("engine", "expected"),
    [
        (DOCKER, ['--gpus="device=GPU-a,GPU-b"']),
        (replace(DOCKER, kind="podman"), ["--device=nvidia.com/gpu=GPU-a", "--device=nvidia.com/gpu=GPU-b"]),
    ],
)
def test_it_hands_on_the_cards_of_the_step(tmp_path: Path, engine: ContainerEngine, expected: list[str]) -> None:
    made = told(order(tmp_path, argv=["true"], image=IMAGE, devices=["GPU-a", "GPU-b"]), engine)

    assert set(expected) <= set(made.options)
    assert "--env=CUDA_VISIBLE_DEVICES=GPU-a,GPU-b" in made.options


@pytest.mark.parametrize(
    ("engine", "expected"),
    [
        (replace(DOCKER, rootless=True), {"--user=0:0"}),
        (replace(DOCKER, kind="podman", rootless=True), {f"--user={os.getuid()}:{os.getgid()}", "--userns=keep-id"}),
    ],
)
def test_it_leaves_files_to_the_worker_where_users_are_numbered_anew(
    tmp_path: Path, engine: ContainerEngine, expected: set[str]
) -> None:
    made = told(order(tmp_path, argv=["true"], image=IMAGE), engine)

    assert {each for each in made.options if each.startswith("--user")} == expected


def test_it_says_nothing_of_the_hosts_own_programs(tmp_path: Path) -> None:
    made = told(order(tmp_path, argv=["./run", "$MA_JOB_DIR"], image=IMAGE, environment={"MINE": "a b\nc"}))

    assert f"--entrypoint={tmp_path}/attempt/work/run" in made.options
    assert made.argv == [f"{tmp_path}/attempt/work"]
    assert not [each for each in made.options if each.startswith(("--env=PATH=", "--env=LD_LIBRARY_PATH="))]
    assert "--env=MINE=a b\nc" in made.options


def test_it_finds_no_engine_where_none_answers(tmp_path: Path) -> None:
    mute = tmp_path / "docker"
    mute.write_text("#!/bin/sh\necho 'Cannot connect to the Docker daemon' >&2\nexit 1\n")
    mute.chmod(0o755)

    assert "does not answer: Cannot connect" in find({"PATH": f"{tmp_path}:/bin:/usr/bin"}).why
    assert "neither docker nor podman" in find({"PATH": str(tmp_path / "empty")}).why
    assert "names nothing-here" in find({"PATH": "/bin", "PIPELOOM_CONTAINER_ENGINE": "nothing-here"}).why
    assert "switches it off" in find({"PIPELOOM_CONTAINER_ENGINE": "none"}).why


def test_it_refuses_a_step_in_a_container_on_a_host_without_an_engine(tmp_path: Path) -> None:
    with pytest.raises(StepFailure) as refused:
        spec_make(order(tmp_path, argv=["true"], image=IMAGE), OwnMachine(home=tmp_path))

    assert refused.value.problem.code == "step.no_container_engine"


# ---------------------------------------------------------------------------------------------- with a real engine

engine_needed = pytest.mark.skipif(
    containers.found().engine is None, reason=f"no container engine: {containers.found().why}"
)


def went(
    tmp_path: Path,
    argv: list[str],
    reference: str | None = None,
    stop: str = "",
    engine: ContainerEngine | None = None,
    **more: Any,
) -> dict[str, Any]:
    """The launcher's last word of a step that ran, with its reason and its log."""
    reference = reference or containers.image_ready(Path(tempfile.gettempdir()))
    sdk = Path(pipeloom.__file__).parents[1]
    given = order(tmp_path, argv=argv, image={"name": "a", "reference": reference}, sdk_path=str(sdk), **more)
    here = OwnMachine(home=tmp_path, grace_seconds=20.0, containers=engine or containers.found().engine)
    folder_prepare(given, here.host, lambda: None)
    launcher = Launcher(spec_make(given, here))
    ended: dict[str, Any] = {}
    measured: list[Any] = []
    log = Path(given.log_path)
    while not launcher.ended:
        for event in launcher.hear(1.0):
            ended = event if event["event"] == "exited" else ended
            measured += event["updates"] if event["event"] == "metrics" else []
        if stop and stop in log.read_text():
            launcher.tell("stop")
            stop = ""
    launcher.end()
    assert box_end(given.token, here, os.environ) is None
    assert f"pipeloom-{given.token}" not in containers.containers_of_ours()
    outcome, reason = judge(given, ended)
    return {**ended, "measured": measured, "outcome": outcome, "said": reason, "log": log.read_text(), "order": given}


@engine_needed
def test_it_runs_a_program_as_the_worker_with_what_any_step_finds(tmp_path: Path) -> None:
    program = (
        "import json, os, sys, pathlib; from pipeloom import metrics; metrics.log(accuracy=0.5);"
        "pathlib.Path('made').write_text('x');"
        "print(json.dumps([os.getuid(), os.getcwd(), sys.argv[1:], os.environ['MA_JOB_DIR'],"
        " os.path.exists(os.environ['PIPELOOM_STEP_ORDER'])]))"
    )

    measured = tmp_path / "attempt" / "storages" / "default" / "metrics.json"
    metrics = [{"output": "m", "path": str(measured), "realtime": True}]
    ended = went(tmp_path, ["python3", "-c", program], parameters={"rate": 0.5}, memory_mb=512, metrics=metrics)

    work = ended["order"].work_dir
    assert ended["outcome"] == "succeeded", ended["log"]
    assert json.loads(ended["log"].splitlines()[-1]) == [os.getuid(), work, ["--rate=0.5"], work, True]
    assert Path(work, "made").stat().st_uid == measured.stat().st_uid == os.getuid()
    assert "accuracy" in json.dumps(ended["measured"])


@engine_needed
def test_it_tells_how_a_program_in_a_container_ended(tmp_path: Path) -> None:
    failed = went(tmp_path / "a", ["python3", "-c", "raise SystemExit(3)"])
    missing = went(tmp_path / "b", ["no-such-program"])
    unknown = went(tmp_path / "c", ["true"], "localhost/pipeloom-test-is-not-there:1")

    assert (failed["code"], failed["said"].code) == (3, "step.exit_code")
    assert missing["said"].code == "step.container_not_started"
    assert "no-such-program" in missing["said"].message
    assert unknown["said"].code == "step.image_not_pulled"
    assert "Pulling the image localhost/pipeloom-test-is-not-there:1" in unknown["log"]


DEAF = "import signal; signal.signal(signal.SIGINT, signal.SIG_DFL); "
WAITS = "import time; print('begun', flush=True); time.sleep(600)"


@engine_needed
@pytest.mark.parametrize("program", [WAITS, DEAF + WAITS], ids=["handles it", "is deaf to it"])
def test_it_stops_a_container_at_once_whether_or_not_its_program_listens(tmp_path: Path, program: str) -> None:
    ended = went(tmp_path, ["python3", "-c", program], stop="begun")

    assert (ended["reason"], ended["outcome"]) == ("stopped", "cancelled")
    assert ended["usage"]["seconds"] < 20.0, "it was not left to the end of its grace"


@engine_needed
def test_it_ends_a_container_that_outlives_its_time(tmp_path: Path) -> None:
    ended = went(tmp_path, ["sleep", "600"], timeout_seconds=3)

    assert ended["outcome"] == "timeout"
    assert box_failure(ended["order"]) is None


@engine_needed
def test_it_runs_without_limits_where_the_engine_refuses_them_and_says_so(tmp_path: Path) -> None:
    """As engines do that may not use control groups."""
    real = containers.found().engine
    assert real is not None
    picky = tmp_path / "picky"
    refusal = "echo 'Error: the memory controller of control groups (cgroup) is not there' >&2; exit 125"
    picky.write_text(f'#!/bin/sh\ncase "$*" in *--memory=*) {refusal};; esac\nexec {real.program} "$@"\n')
    picky.chmod(0o755)

    ended = went(tmp_path, ["id", "-u"], engine=replace(real, program=str(picky)), memory_mb=512)

    assert ended["outcome"] == "succeeded", ended["log"]
    assert ended["log"].splitlines()[-1] == str(os.getuid())
    assert "the step runs without them" in ended["log"]
