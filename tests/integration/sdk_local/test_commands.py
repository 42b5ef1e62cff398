"""`pipeloom run` and `experiments`, programs that run under `exec`, and the README's words as pasted."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pipeloom import local
from pipeloom.command import FOUND, GOOD, IMPOSSIBLE, main

REPOSITORY = Path(__file__).resolve().parents[3]
Captured = pytest.CaptureFixture[str]
PROGRAM = """
from pipeloom import workflow as wf
code = wf.Placeholder(name="code", placeholder_type=wf.PlaceholderType.INT)
shell = wf.BaseAlgorithm(command=["/bin/sh", "-c", "exit ${1#--code=}", "sh"],
                         parameters=wf.AlgorithmParameters(name="code", value=code))
first = wf.steps.JobStep(name="first", algorithm=shell)
workflow = wf.Workflow(name="exits", desc="", steps=[first])
RUN
"""


def program(folder: Path, run: str = "") -> str:
    path = folder / "program.py"
    path.write_text(PROGRAM.replace("RUN", run))
    return str(path)


def test_it_runs_the_workflow_of_a_program_or_a_file(here: Path, capsys: Captured) -> None:
    path = program(here)
    assert main(["convert", path, "-o", "made.json"]) == GOOD

    assert main(["run", path, "code=0", "--experiment", "mine"]) == GOOD
    assert main(["run", "made.json", "code=3", "--experiment", "mine"]) == FOUND
    capsys.readouterr()
    assert main(["experiments", "mine", "--json"]) == GOOD
    told = json.loads(capsys.readouterr().out)
    assert [(each["number"], each["state"], each["workflow"]) for each in told] == [
        (1, "completed", "exits"),
        (2, "abnormal", "exits"),
    ]
    assert main(["experiments"]) == GOOD
    assert "abnormal   mine 2  exits" in capsys.readouterr().out


def test_s20_it_puts_the_runs_of_an_experiment_beside_each_other(here: Path, capsys: Captured) -> None:
    measure = 'import sys; from pipeloom import metrics; metrics.log(score=float(sys.argv[1].partition("=")[2]) / 2)'
    (here / "program.py").write_text(
        "from pipeloom import workflow as wf\n"
        "P, T = wf.Placeholder, wf.PlaceholderType\n"
        "depth = P(name='depth', placeholder_type=T.INT)\n"
        "same = P(name='same', placeholder_type=T.INT, default=1)\n"
        "given = [wf.AlgorithmParameters(name='depth', value=depth), wf.AlgorithmParameters(name='same', value=same)]\n"
        f"command = ['{sys.executable}', '-c', {measure!r}]\n"
        "out = wf.steps.JobOutput(name='m', metrics_config=wf.data.MetricsConfig(metric_files='/default/m.json'))\n"
        "job = wf.BaseAlgorithm(command=command, parameters=given)\n"
        "step = wf.steps.JobStep(name='fit', algorithm=job, outputs=out)\n"
        "workflow = wf.Workflow(name='tried', desc='', steps=step)\n"
    )
    for depth in (3, 4):
        assert main(["run", "program.py", f"depth={depth}", "--experiment", "tried", "--plain"]) == GOOD
    assert capsys.readouterr().out.count("score 1.5") == 1
    assert main(["experiments", "tried"]) == GOOD
    head, *rows = [line.split() for line in capsys.readouterr().out.splitlines()]

    assert head == ["run", "state", "took", "depth", "fit.m.score"]
    assert [(row[0], row[1], row[4], row[5]) for row in rows] == [
        ("1", "completed", "3", "1.5"),
        ("2", "completed", "4", "2"),
    ]
    assert [each.metrics for each in local.compare("tried")] == [{"fit.m.score": 1.5}, {"fit.m.score": 2.0}]
    assert main(["experiments", "never"]) == GOOD
    assert "No run of “never” was made" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "A value is missing"),
        (["code=many"], "“many” is not a whole number."),
        (["kode=1"], "no value called “kode”"),
        (["code"], "is not NAME=VALUE"),
        (["code=1", "--steps", "other"], "no step called “other”"),
        (["code=1", "--experiment", "../x"], "cannot be the id of an experiment"),
    ],
)
def test_it_says_what_keeps_a_run_from_beginning(here: Path, words: list[str], told: str, capsys: Captured) -> None:
    assert main(["run", program(here), *words]) == IMPOSSIBLE
    assert told in capsys.readouterr().err


def test_it_ends_as_the_run_in_the_program_did(here: Path, capsys: Captured) -> None:
    path = program(here, "workflow.set_placeholder('code', 4)\nprint('STATE', workflow.run().state)")

    assert main(["exec", path]) == FOUND
    assert "STATE abnormal" in capsys.readouterr().out


def test_it_checks_a_program_only_up_to_its_run(here: Path, capsys: Captured) -> None:
    path = program(here, "workflow.set_placeholder('code', 4)\nprint('STATE', workflow.run().state)")

    assert main(["exec", "--check-only", path]) == GOOD

    told = capsys.readouterr().out
    assert "run() of exits was only checked" in told
    assert "STATE" not in told


def test_it_runs_the_program_of_the_readme_as_pasted(tmp_path: Path) -> None:
    text = (REPOSITORY / "README.md").read_text()
    files = dict(re.findall(r"```python\n# (\S+\.py)\n(.*?)```", text, re.DOTALL))
    for name in ("code/train.py", "first.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(files[name])
    (commands,) = [each for each in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) if "first.py" in each]
    path = f"PYTHONPATH={REPOSITORY}{os.pathsep}{REPOSITORY / 'workers' / 'sdk'}"
    script = commands.replace("PYTHONPATH=.:workers/sdk", path).replace(".venv/bin/python", sys.executable)

    done = subprocess.run(
        ["/bin/sh", "-e", "-c", script], cwd=tmp_path, capture_output=True, text=True, stdin=subprocess.DEVNULL,
        env={name: value for name, value in os.environ.items() if name != "PIPELOOM_LOCAL_HOME"}, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
    assert "completed 0.875 0.0.1" in done.stdout
    assert len(re.findall(r"completed +first-\S+ 1  first", done.stdout)) == 2


BLOCKED = """
import sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {NAMES}:
            raise ModuleNotFoundError(name, name=name)

sys.meta_path.insert(0, Refuse())
"""


def test_it_runs_without_the_servers_packages(here: Path) -> None:
    """In the program and in the processes of its steps alike."""
    names = {
        "django",
        "rest_framework",
        "celery",
        "kombu",
        "redis",
        "psycopg",
        "channels",
        "plotly",
        "psutil",
        "pynvml",
    }
    (here / "blocked").mkdir()
    (here / "blocked" / "sitecustomize.py").write_text(BLOCKED.replace("{NAMES}", repr(names)))
    path = program(here, "workflow.set_placeholder('code', 0)\nprint('STATE', workflow.run().state)\nimport django")
    folders = [str(here / "blocked"), str(REPOSITORY), str(REPOSITORY / "workers" / "sdk")]

    done = subprocess.run(
        [sys.executable, path], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(folders)},
    )  # fmt: skip

    assert "STATE completed" in done.stdout, done.stderr
    assert "No module named" in done.stderr or "ModuleNotFoundError: django" in done.stderr, "the fence stands"
