"""The first seconds of `make`: which Python, and what is said when there is none that will do."""

import os
import subprocess
import sys
from pathlib import Path

from tests.harness.live_stack import REPOSITORY


def bootstrap(tmp_path: Path, python: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "PYTHON": python, "PIPELOOM_VENV": str(tmp_path / "venv")}
    return subprocess.run(
        [sys.executable, ".ci/bootstrap.py", "server"], cwd=REPOSITORY, env=environment, capture_output=True, text=True
    )


def fake_python(path: Path, script: str) -> str:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_it_asks_for_a_newer_python(tmp_path: Path) -> None:
    """An interpreter that answers every question of age with no."""
    done = bootstrap(tmp_path, fake_python(tmp_path / "python3.8", "exit 3"))

    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr
    assert "make PYTHON=" in done.stderr
    assert "Traceback" not in done.stderr


def test_it_asks_for_the_venv_module(tmp_path: Path) -> None:
    """As Debian's python3 without python3-venv: new enough, but ensurepip is missing."""
    script = f'case "$*" in *ensurepip*) exit 1;; *) exec {sys.executable} "$@";; esac'

    done = bootstrap(tmp_path, fake_python(tmp_path / "python3", script))

    assert done.returncode == 1
    assert "python3-venv" in done.stderr
    assert not (tmp_path / "venv").exists()


def test_it_says_when_there_is_no_python_at_all(tmp_path: Path) -> None:
    done = bootstrap(tmp_path, str(tmp_path / "nothing"))

    assert done.returncode == 1
    assert "Install Python 3.11 or newer" in done.stderr


def test_it_lists_every_target_that_people_are_told_about() -> None:
    told = subprocess.run(["make", "help"], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout

    for target in ("up", "test", "check", "demo", "bench", "contract", "help"):
        assert f"make {target} " in told


def test_it_pins_everything_by_hash_and_names_no_registry() -> None:
    for lock in (REPOSITORY / "requirements").glob("*.txt"):
        text = lock.read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text, lock.name
        assert not any(
            line.startswith(("-i", "--index", "--extra-index", "--find-links")) for line in text.splitlines()
        )
