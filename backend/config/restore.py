"""A backup into a new home. Nothing of an existing home or database is ever overwritten.

The server is started just for this, the dump goes in, and then the rows are told that their world has ended: whatever
ran at the moment of the backup is lost, by the same rule as the death of a machine, and begins again.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from backend.config.backup import DUMP, FILES, backup_read, files_copy, program_run
from backend.config.embedded.address import database_url
from backend.config.embedded.console import Console
from backend.config.embedded.home import Home, home_ensure, write_private
from backend.config.embedded.instance import Instance
from backend.config.embedded.lock import lock_take
from backend.config.embedded.problems import SetupError
from backend.config.embedded.processes import boot_id, process_record
from backend.config.embedded.product import ROOT, environment
from backend.config.embedded.runtime import runtime_create
from backend.config.embedded.servers import servers_specs
from backend.config.embedded.supervisor import Supervisor

LISTS = ("manifest.jsonl", "train.jsonl", "eval.jsonl")


def backup_restore(folder: Path, home: Home, console: Console) -> None:
    """From the folder that `manage.py backup` has made to a home that `manage.py up` can start."""
    about = backup_read(folder)
    if home.path.exists() and any(home.path.iterdir()):
        raise SetupError(f"{home.path} is not empty. Restore into a new home: --home DIR, or PIPELOOM_HOME.")
    os.environ["PIPELOOM_HOME"] = str(home.path)
    home_ensure(home)
    lock = lock_take(home)
    if lock is None:
        raise SetupError(f"Somebody else has just started something in {home.path}. Choose another home.")
    try:
        with console.step(f"copying {about['files']} files"):
            _files_restore(folder / FILES, home, str(about["home"]))
        with _database(home, console) as url:
            with console.step("reading the database in"):
                argv = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", "--dbname"]
                program_run("pg_restore", [*argv, _name(url), str(folder / DUMP)], url)
            with console.step("ending what ran at the moment of the backup"):
                told = _settle()
        console.note(told)
    except BaseException:
        # It was empty when we came: half a restore must not look like an installation.
        shutil.rmtree(home.path, ignore_errors=True)
        raise
    finally:
        lock.close()
    for each in about["outside"]:
        console.warn(f"the storage folder {each} lies outside the home and is not part of the backup")


def _name(url: str) -> str:
    return str(conninfo_to_dict(url).get("dbname") or "pipeloom")


def _files_restore(source: Path, home: Home, old_home: str) -> None:
    files_copy(source, home.path)
    for secret in (source / "secrets").glob("*"):
        write_private(home.secrets / secret.name, secret.read_text())
    if old_home != str(home.path):
        for name in LISTS:
            for path in (home.path / "datasets").rglob(name):
                _move_sources(path, old_home, str(home.path))


def _move_sources(path: Path, old: str, new: str) -> None:
    """The lists of a dataset version name its files by their places, which are now below another home."""
    beside = path.with_name(f".{path.name}.new")
    with open(path, encoding="utf-8") as lines, open(beside, "w", encoding="utf-8") as moved:
        for line in lines:
            found = json.loads(line)
            if isinstance(found, dict) and str(found.get("source", "")).startswith(f"{old}/"):
                found["source"] = new + found["source"][len(old) :]
                line = json.dumps(found, ensure_ascii=False) + "\n"  # noqa: PLW2901
            moved.write(line)
    shutil.copystat(path, beside)
    beside.replace(path)


@contextmanager
def _database(home: Home, console: Console) -> Iterator[str]:
    """The embedded server for the time of the restore, or the one that DATABASE_URL names."""
    if os.environ.get("DATABASE_URL"):
        yield os.environ["DATABASE_URL"]
        return
    me = process_record("restore", os.getpid())
    instance = Instance(state="starting", boot_id=boot_id(), up=me, runtime=str(runtime_create(home)))
    supervisor = Supervisor(home, console, instance)
    supervisor.listen_for_signals()
    try:
        specs = [spec for spec in servers_specs(home, Path(instance.runtime), console) if spec.name == "postgres"]
        supervisor.start(specs)
        supervisor.await_ready([spec.name for spec in specs])
        yield database_url(home)
    finally:
        supervisor.stop()


def _settle() -> str:
    argv = [sys.executable, "manage.py", "settle"]
    done = subprocess.run(argv, cwd=ROOT, env=environment("command"), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SetupError(f"The restored database could not be settled: {done.stderr.strip()[-2000:]}")
    return done.stdout.strip()
