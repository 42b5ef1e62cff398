"""`pip install .`: the library, its command, and nothing of the server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.harness.live_stack import REPOSITORY, LiveStack
from tests.integration.sdk_server.conftest import HERE

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
SOURCES = ("setup.py", "pyproject.toml", "README.md", "LICENSE", "requirements", "backend", "workers")
CORE = "pipeloom/_core"
SERVER = ("django", "celery", "redis", "psycopg", "channels", "uvicorn", "plotly")


def uv(*words: str, folder: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "uv", *words], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy: a build leaves folders behind."""
    folder = tmp_path_factory.mktemp("sources")
    leave = shutil.ignore_patterns("__pycache__", "node_modules", "static")
    for name in SOURCES:
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=leave)
        else:
            shutil.copy(source, folder / name)
    return folder


@pytest.fixture(scope="module")
def wheel(sources: Path) -> Path:
    uv("build", "--wheel", "--quiet", "--out-dir", "dist", ".", folder=sources)
    (built,) = (sources / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that has it and nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    uv("venv", "--quiet", "--python", sys.executable, "env", folder=folder)
    uv("pip", "install", "--quiet", "--python", "env/bin/python", str(wheel), folder=folder)
    return folder / "env" / "bin"


def test_it_holds_the_library_and_nothing_of_the_server(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        names = opened.namelist()
        (about,) = (name for name in names if name.endswith("/METADATA"))
        needed = [line for line in opened.read(about).decode().splitlines() if line.startswith("Requires-Dist: ")]

    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"pipeloom"}
    assert {"pipeloom/_compat/modelarts/session.py", f"{CORE}/backend/domain/problems/__init__.py"} <= set(names)
    parts = ("backend/apps", "backend/config", "backend/shared", "workers/agent", "workers/app.py", "workers/tasks.py")
    server = tuple(f"{CORE}/{part}" for part in parts)
    assert [name for name in names if name.startswith(server)] == []
    plain = [line for line in needed if "extra ==" not in line]
    assert not [line for line in plain for name in SERVER if name in line.lower()], plain
    assert [line for line in needed if "Django" in line and 'extra == "server"' in line]


def test_it_checks_a_program_without_the_servers_packages(installed: Path, tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    look = "import importlib.util as u, sys; print([name for name in sys.argv[1:] if u.find_spec(name)])"
    found = subprocess.run(
        [installed / "python", "-c", look, *SERVER], capture_output=True, text=True, env=environment, cwd=tmp_path
    )
    assert found.stdout == "[]\n"

    program = str(HERE / "programs" / "s09_subscribed.py")
    done = subprocess.run(
        [installed / "pipeloom", "check", program], capture_output=True, text=True, env=environment, cwd=tmp_path
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "Nothing is wrong.\n", "")
    helped = subprocess.run([installed / "pipeloom", "--help"], capture_output=True, text=True, env=environment)
    assert all(word in helped.stdout for word in ("login", "release", "start", "watch", "logs", "stop", "check"))
    refused = subprocess.run(
        [installed / "pipeloom", "watch", "x"], capture_output=True, text=True, env=environment, cwd=tmp_path
    )
    assert (refused.returncode, "pipeloom login" in refused.stderr) == (2, True)


def ran(installed: Path, folder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    return subprocess.run(
        [installed / words[0], *words[1:]], capture_output=True, text=True, env=environment, cwd=folder
    )


PROGRAM = """
import pickle
import backend, workers
from pipeloom import workflow as wf

assert (backend.WHOSE, workers.WHOSE) == ("mine", "mine")
place = wf.data.OutputStorage(name="place")
train = wf.steps.JobStep(
    name="train",
    algorithm=wf.BaseAlgorithm(command="python3 train.py", code_dir="/default/code/"),
    outputs=[
        wf.steps.JobOutput(name="out", obs_config=wf.data.OBSOutputConfig(obs_path=place.join("/out"))),
        wf.steps.JobOutput(
            name="m", metrics_config=wf.data.MetricsConfig(metric_files=place.join("/m.json", create_dir=False))
        ),
    ],
)
model = wf.steps.ModelStep(
    name="register",
    inputs=wf.steps.ModelInput(name="m", data=train.outputs["out"].as_input()),
    outputs=wf.steps.ModelOutput(name="kept", model_config=wf.steps.ModelConfig(model_name="kept")),
    depend_steps=train,
)
made = wf.Workflow(name="trains", desc="", steps=[train, model], storages=place)
assert pickle.loads(pickle.dumps(made.check())) == []
made.set_placeholder("place", "/default/results/")
run = made.run()
print(run.state, run["train"].log, run["train"].metrics)
"""


def test_it_runs_a_workflow_beside_a_project_with_packages_of_those_names(installed: Path, tmp_path: Path) -> None:
    """The processes of a run find there all that they need: the launcher, a step's own code, and a kind of ours."""
    for name in ("backend", "workers"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("WHOSE = 'mine'\n")
    code = tmp_path / ".pipeloom-local" / "storage" / "default" / "code"
    code.mkdir(parents=True)
    (code / "train.py").write_text(
        "import pathlib, sys\nimport pipeloom\nprint('hello')\npipeloom.metrics.log(loss=0.5)\n"
        "pathlib.Path(pipeloom.context().outputs['out'], 'weights').write_text('w')\n"
    )
    (tmp_path / "program.py").write_text(PROGRAM)

    done = ran(installed, tmp_path, "pipeloom", "exec", "program.py")

    assert (done.returncode, done.stderr) == (0, "")
    assert "completed hello" in done.stdout
    assert "loss" in done.stdout


def test_it_converts_and_compares_files(installed: Path, tmp_path: Path) -> None:
    made = PROGRAM[PROGRAM.index("place = ") : PROGRAM.index("assert pickle")]
    (tmp_path / "program.py").write_text(f"from pipeloom import workflow as wf\n{made}")

    for form, file in (("json", "w.json"), ("modelarts", "w.wire.json"), ("python", "w.py")):
        done = ran(installed, tmp_path, "pipeloom", "convert", "program.py", "--to", form, "-o", file)
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
    again = ran(installed, tmp_path, "python", "-m", "pipeloom", "diff", "w.json", "w.py")
    assert (again.returncode, again.stdout) == (0, "They mean the same.\n")

    (tmp_path / "broken.py").write_text("from pipeloom import workflow as wf\nwf.steps.JobStep(nome='x')\n")
    wrong = ran(installed, tmp_path, "pipeloom", "check", "broken.py")
    assert (wrong.returncode, "broken.py" in wrong.stderr, "_core" in wrong.stderr) == (2, True, False)


def test_it_loads_every_module_there(installed: Path, tmp_path: Path) -> None:
    look = "import importlib, pkgutil, pipeloom\nfor found in pkgutil.walk_packages(pipeloom.__path__, 'pipeloom.'):\n"
    look += "    if not found.name.startswith('pipeloom._compat.') and found.name != 'pipeloom.__main__':\n"
    look += "        importlib.import_module(found.name)\n"

    done = subprocess.run([installed / "python", "-c", look], capture_output=True, text=True, cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.e2e
def test_it_is_used_as_the_readme_says(live_stack: LiveStack, sources: Path, tmp_path: Path) -> None:
    """Pasted into one shell in a folder with the sources; only the address and the server's home differ."""
    readme = (REPOSITORY / "README.md").read_text()
    part = readme[readme.index("### With a server") : readme.index("## Run it for others")]
    (script,) = re.findall(r"```sh\n(.*?)```", part, re.DOTALL)
    script = script.replace("http://127.0.0.1:8470", live_stack.url).replace(".venv/bin/python manage.py", "manage")
    manage = f'manage() {{ (cd {REPOSITORY} && PIPELOOM_HOME={live_stack.home} {sys.executable} manage.py "$@"); }}\n'
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    environment |= {name: text for name, text in os.environ.items() if name.startswith(("PIP_", "SSL_", "UV_"))}

    done = subprocess.run(
        ["bash", "-c", f"set -e\n{manage}{script}"], cwd=sources, capture_output=True, text=True, env=environment
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Signed in to {live_stack.url} as admin" in done.stdout
    assert re.search(r"Released greetings as version \d+: http", done.stdout)
    assert len(re.findall(r"^\d\d:\d\d:\d\d greet completed", done.stdout, re.MULTILINE)) == 2
    assert "hello --who=you\n" in done.stdout
    assert not (tmp_path / ".config" / "pipeloom" / "credentials.json").exists()
