"""The commands that need no server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pipeloom.command import FOUND, GOOD, IMPOSSIBLE, main

from backend.domain.design.canonical import document_hash
from backend.domain.interop.wire_import import looks_like_wire
from tests.unit.domain.design.golden import valid
from tests.unit.sdk.building import PROGRAMS, built

REPOSITORY = Path(__file__).parents[3]
Captured = pytest.CaptureFixture[str]

KUBEFLOW = """\
pipelineInfo: {name: digits}
root: {dag: {tasks: {train: {componentRef: {name: comp-train}, taskInfo: {name: train}}}}}
components: {comp-train: {executorLabel: exec-train}}
deploymentSpec:
  executors: {exec-train: {container: {image: "team/python:3.11", command: [python, train.py]}}}
"""


def written(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def test_it_runs_as_a_module_of_its_own(tmp_path: Path) -> None:
    program = written(
        tmp_path,
        "program.py",
        "import sys\nfrom modelarts import workflow as wf\nprint(sys.argv[1:])\n"
        "wf.Workflow(name='w', steps=wf.steps.JobStep(name='a', algorithm=wf.BaseAlgorithm(command='true')))\n",
    )

    done = subprocess.run(
        [sys.executable, "-m", "pipeloom", "exec", "--check-only", program, "--epochs", "3"],
        env={**os.environ, "PYTHONPATH": f"{REPOSITORY}{os.pathsep}{REPOSITORY / 'workers' / 'sdk'}"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (GOOD, "")
    assert done.stdout.splitlines() == ["['--epochs', '3']", "w: 1 step, 0 problems"]


def test_it_says_which_releases_were_only_checked(capsys: Captured) -> None:
    program = str(PROGRAMS / "s02_release_and_run.py")

    assert main(["exec", "--check-only", program]) == GOOD
    assert "release_and_run() of all at once was only checked" in capsys.readouterr().out
    assert main(["exec", program]) == IMPOSSIBLE
    assert f"{program}:19: Where is Pipeloom? Use `pipeloom login" in capsys.readouterr().err


def test_it_finds_what_is_wrong_with_a_program(capsys: Captured) -> None:
    program = str(PROGRAMS / "s08_conflict.py")

    assert main(["exec", "--check-only", program]) == FOUND
    assert main(["check", program]) == FOUND
    assert capsys.readouterr().out.count("“twice” means one thing at line") == 2


def test_it_finds_what_is_wrong_with_a_file(tmp_path: Path, capsys: Captured) -> None:
    good = written(tmp_path, "good.json", json.dumps(valid("digits")))
    bad = written(tmp_path, "bad.json", json.dumps({**valid("digits"), "name": "?"}))

    assert main(["check", good]) == GOOD
    assert main(["check", bad]) == FOUND
    assert f"{bad}: /name: " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("none.json", None, "cannot be read"),
        ("none.py", None, "none.py"),
        ("list.json", "[]", "holds no workflow"),
        ("broken.json", "{", "broken.json"),
        ("empty.py", "", "makes no workflows"),
        ("broken.py", "(", "broken.py"),
        ("missing.py", "import modelarts.hub", "modelarts.hub"),
        ("failing.py", "1 / 0", "ZeroDivisionError"),
    ],
)
def test_it_says_so_when_there_is_nothing_to_look_at(
    name: str, text: str | None, told: str, tmp_path: Path, capsys: Captured
) -> None:
    file = str(tmp_path / name) if text is None else written(tmp_path, name, text)

    assert main(["check", file]) == IMPOSSIBLE
    assert told in capsys.readouterr().err


def test_it_shows_the_traceback_of_the_program_and_no_more(tmp_path: Path, capsys: Captured) -> None:
    program = written(tmp_path, "program.py", "def deep():\n    raise ValueError('mine')\ndeep()\n")

    assert main(["exec", program]) == IMPOSSIBLE

    told = capsys.readouterr().err
    assert "ValueError: mine" in told
    assert told.count('  File "') == 2
    assert "pipeloom/execution.py" not in told


def test_it_converts_every_form_into_every_other(tmp_path: Path) -> None:
    source = str(PROGRAMS / "s01_whole_way.py")
    names = {"json": "made.json", "python": "made.py", "modelarts": "wire.json"}
    for form, name in names.items():
        assert main(["convert", source, "--to", form, "-o", str(tmp_path / name)]) == GOOD

    raw = json.loads((tmp_path / "made.json").read_text(encoding="utf-8"))
    assert document_hash(built(tmp_path / "made.py").document()) == document_hash(raw)
    assert looks_like_wire(json.loads((tmp_path / "wire.json").read_text(encoding="utf-8")))
    assert main(["diff", source, str(tmp_path / "made.py")]) == GOOD
    assert main(["check", str(tmp_path / "wire.json")]) == GOOD


def test_it_reads_a_pipeline_of_kubeflow_as_it_is_written(tmp_path: Path, capsys: Captured) -> None:
    pipeline = written(tmp_path, "pipeline.yaml", KUBEFLOW)

    assert main(["convert", pipeline, "--to", "json", "-o", str(tmp_path / "made.json")]) == GOOD
    assert [step["name"] for step in json.loads((tmp_path / "made.json").read_text(encoding="utf-8"))["steps"]] == [
        "train"
    ]
    capsys.readouterr()

    assert main(["check", written(tmp_path, "torn.yaml", "root: [")]) == IMPOSSIBLE
    assert "torn.yaml: (the whole): This is not YAML that is read here: " in capsys.readouterr().err


def test_it_says_what_changed(tmp_path: Path, capsys: Captured) -> None:
    raw = valid("digits")
    before = written(tmp_path, "before.json", json.dumps(raw))
    step = {**raw["steps"][-1], "title": "Another"}
    after = written(tmp_path, "after.json", json.dumps({**raw, "steps": [*raw["steps"][:-1], step]}))

    assert main(["diff", before, before]) == GOOD
    assert main(["diff", before, after]) == FOUND
    assert f"changed steps {step['name']}/title: " in capsys.readouterr().out
