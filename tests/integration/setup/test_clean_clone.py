"""The first promise of the README: a clean copy, an ordinary user, an empty environment, `make up`."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.harness.live_stack import READY, REPOSITORY
from tests.integration.setup.machine import traces_of, until

# Without a name in /etc/passwd, as in many containers: the hardest kind of ordinary user.
THROW_AWAY_UID = 54321
PATH = "/usr/bin:/bin"


@pytest.fixture(scope="module")
def copy() -> Iterator[Path]:
    """What git knows of the working tree, in a folder that a nobody can reach, owned by that nobody."""
    folder = Path(tempfile.mkdtemp(prefix="clone-"))
    folder.chmod(0o755)
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY, capture_output=True, check=True,
    )  # fmt: skip
    for name in filter(None, os.fsdecode(listed.stdout).split("\0")):
        if (REPOSITORY / name).is_file():
            (folder / "pipeloom" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(REPOSITORY / name, folder / "pipeloom" / name)
    if os.geteuid() == 0:
        for place, _, names in os.walk(folder):
            for entry in (Path(place), *(Path(place) / name for name in names)):
                os.chown(entry, THROW_AWAY_UID, THROW_AWAY_UID)
    try:
        yield folder / "pipeloom"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def make(copy: Path, *argv: str, output: Path) -> subprocess.Popen[bytes]:
    user = {"user": THROW_AWAY_UID, "group": THROW_AWAY_UID, "extra_groups": []} if os.geteuid() == 0 else {}
    with open(output, "wb") as stream:
        return subprocess.Popen(
            ["make", *argv],
            cwd=copy,
            env={"PATH": PATH, "HOME": str(copy.parent)},
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            start_new_session=True,
            **user,
        )


pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(shutil.which("make", path=PATH) is None, reason="needs GNU make in /usr/bin"),
]


def test_it_comes_up_from_a_clean_copy_for_an_ordinary_user(copy: Path, tmp_path: Path) -> None:
    temporary_before = temporary_entries()
    output = tmp_path / "make.out"
    process = make(copy, "up", "ARGS=--port 0 --workers 1", output=output)
    try:
        until(lambda: READY.search(output.read_text()) or process.poll() is not None, "make up is ready", 600)
        told = output.read_text()
        found = READY.search(told)
        assert found, told

        assert httpx.get(found["url"]).status_code == 200
        assert "installed in" in told
        assert (copy / ".pipeloom" / "engines").is_dir()
        again = tmp_path / "again.out"
        assert make(copy, "server-env", output=again).wait(60) == 0
        assert again.read_text() == "", "what is installed is not installed again"
    finally:
        if process.poll() is None:
            # As the terminal does on Ctrl-C: to the whole foreground group, make included.
            os.killpg(process.pid, signal.SIGINT)
        process.wait(90)

    assert_nothing_is_left(copy, temporary_before)


def test_it_shows_the_sample_from_a_clean_copy(copy: Path, tmp_path: Path) -> None:
    """`make demo`: a real model, trained on real data, watched over a socket, registered with its lineage."""
    temporary_before = temporary_entries()
    output = tmp_path / "demo.out"

    status = make(copy, "demo", "ARGS=--yes", output=output).wait(600)

    told = output.read_text()
    assert status == 0, told
    assert "Model handwritten-digits" in told
    assert_nothing_is_left(copy, temporary_before)


def assert_nothing_is_left(copy: Path, temporary_before: set[str]) -> None:
    """No process, and in the folder for temporary files nothing but the copy itself."""
    assert traces_of(copy).processes == frozenset()
    if os.geteuid() == 0:
        assert temporary_entries() - {copy.parent.name} <= temporary_before


def temporary_entries() -> set[str]:
    """Of the throw-away user alone: other tests come and go there meanwhile."""
    return {entry.name for entry in Path(tempfile.gettempdir()).iterdir() if _owner(entry) == THROW_AWAY_UID}


def _owner(path: Path) -> int | None:
    try:
        return path.lstat().st_uid
    except FileNotFoundError:
        return None
