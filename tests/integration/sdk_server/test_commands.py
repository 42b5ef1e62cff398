"""The commands that talk to a server, as typed."""

from __future__ import annotations

import json
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.sdk_server.conftest import Person

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(600)]

TALKING = """
from pipeloom import workflow as wf
seconds = wf.Placeholder(name="seconds", placeholder_type=wf.PlaceholderType.INT, default=0)
talk = wf.steps.JobStep(
    name="talk",
    algorithm=wf.BaseAlgorithm(command=[
        "sh", "-c", "echo first; sleep ${0#--seconds=}; echo last; exit ${1#--code=}"
    ], parameters=[
        wf.AlgorithmParameters(name="seconds", value=seconds),
        wf.AlgorithmParameters(name="code", value=wf.Placeholder(
            name="code", placeholder_type=wf.PlaceholderType.INT, default=0)),
    ]),
)
wf.Workflow(name="talking", desc="", steps=talk)
"""


@pytest.fixture(scope="module")
def talking(author: Person) -> Person:
    (author.folder / "talking.py").write_text(TALKING)
    author.did("release", "talking.py")
    return author


def test_it_signs_in_keeps_the_token_private_and_forgets_it(somebody: Person, author: Person) -> None:
    """The same person at another terminal."""
    url = author.stack.url
    wrong = somebody.pipeloom("login", url, given="plm_wrong\n")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "auth." in wrong.stderr

    done = somebody.pipeloom("login", f"{url}/", "--json", given=f"{somebody.token}\n")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["user"] == "sdk-author"
    file = somebody.folder / "credentials.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(somebody.did("start", "letters", "--json"))["number"] >= 1
    file.chmod(0o644)
    open_ = somebody.pipeloom("watch", "letters")
    assert (open_.returncode, "chmod 600" in open_.stderr) == (2, True)
    file.chmod(0o600)

    assert somebody.did("logout").startswith(f"Forgot the token for {url}")
    assert not file.exists()
    gone = somebody.pipeloom("watch", "letters")
    assert (gone.returncode, "pipeloom login" in gone.stderr) == (2, True)
    assert somebody.pipeloom("logout").returncode == 2


def test_it_tells_a_run_in_plain_lines_and_as_json(talking: Person) -> None:
    done = talking.pipeloom("start", "talking", "code=3", "--watch")
    assert done.returncode == 1
    states = re.findall(r"^\d\d:\d\d:\d\d talk (\w+)", done.stdout, re.MULTILINE)
    assert states[-2:] == ["running", "failed"] or states[-1] == "failed"
    assert re.search(r"^  \| last$", done.stdout, re.MULTILINE), "the end of its log, with the reason"
    assert "exit code 3" in done.stdout

    told = [json.loads(line) for line in talking.pipeloom("watch", "talking", "--json").stdout.splitlines()]
    assert told[-1]["run"]["state"] == "abnormal"


def test_it_follows_a_log_and_stops_a_run(talking: Person) -> None:
    started = talking.did("start", "talking", "seconds=600")
    name = re.search(r"talking#\d+", started)
    assert name
    with subprocess.Popen(
        [sys.executable, "-m", "pipeloom", "logs", "-f", name[0], "talk"],
        env=talking.environment, cwd=talking.folder, stdout=subprocess.PIPE, text=True,
    ) as following:  # fmt: skip
        assert following.stdout is not None
        assert following.stdout.readline() == "first\n"
        assert "Asked run" in talking.did("stop", name[0])
        assert following.wait(60) == 0
    done = talking.pipeloom("watch", name[0])
    assert (done.returncode, f"Run {name[0].partition('#')[2]} stopped." in done.stdout) == (1, True)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("start", "nothing-of-the-kind"), "There is no workflow called"),
        (("start", "talking", "secnds=1"), "There are: seconds, code."),
        (("start", "talking", "seconds=soon"), "takes a whole number"),
        (("start", "talking", "seconds"), "write NAME=VALUE"),
        (("watch", "talking#9999"), "has no run 9999"),
        (("logs", "talking", "whisper"), "It has: talk."),
        (("release", "nothing.py"), "nothing.py"),
    ],
    ids=lambda each: each[-1] if isinstance(each, tuple) else "",
)
def test_it_says_what_is_wrong(talking: Person, words: tuple[str, ...], told: str) -> None:
    done = talking.pipeloom(*words)

    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_it_says_that_nobody_answers(talking: Person, tmp_path: Path) -> None:
    done = talking.pipeloom(
        "watch",
        "talking",
        PIPELOOM_URL="http://127.0.0.1:9",
        PIPELOOM_TOKEN="plm_x",
        PIPELOOM_CREDENTIALS=str(tmp_path / "none"),
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert "127.0.0.1:9" in done.stderr
