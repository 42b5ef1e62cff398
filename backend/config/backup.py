"""Everything that cannot be made again, in one folder: the database as one moment saw it, and the files it speaks of.

The files are copied twice, before and after the dump. What a row of the dump speaks of was on the disk at that moment:
so it was there for the first pass, or it came later and is there for the second. Folders of models and dataset versions
never change once they are named by a row; files of the storages may be newer than the rows, never missing.
"""

import json
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from backend.config.embedded.home import Home, write_private
from backend.config.embedded.postgres import binaries_find
from backend.config.embedded.problems import SetupError
from backend.config.version import VERSION

FORMAT = 1
MARKER, DUMP, FILES = "backup.json", "database.dump", "home"
TREES = ("storage", "datasets", "models", "samples")
OF_ATTEMPTS = ("order.json", "report.json", "log", "host")
"""What people still look at of an attempt; its working folders are not kept."""
SECRETS = ("django_key",)
"""The passwords of the embedded servers belong to one home and are made anew in another."""
_LIBPQ = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}


@dataclass(slots=True)
class Copied:
    files: int = 0
    bytes: int = 0


def backup_make(home: Home, target: Path, *, database: str, outside: list[str]) -> dict[str, Any]:
    """Whole or not at all: the folder gets its name when everything is in it. Returns what its marker says."""
    if target.exists():
        raise SetupError(f"{target} exists already. Choose a new folder: a backup never mixes with what is there.")
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}.partial-"))
    try:
        first = files_copy(home.path, partial / FILES)
        _dump(database, partial / DUMP)
        second = files_copy(home.path, partial / FILES)
        for name in SECRETS:
            secret = home.secret(name)
            if secret:
                (partial / FILES / "secrets").mkdir(mode=0o700, exist_ok=True)
                write_private(partial / FILES / "secrets" / name, secret)
        about = {
            "format": FORMAT,
            "version": VERSION,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "home": str(home.path),
            "files": first.files + second.files,
            "bytes": first.bytes + second.bytes,
            "outside": outside,
        }
        write_private(partial / MARKER, json.dumps(about, indent=1))
        partial.rename(target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return about


def backup_read(folder: Path) -> dict[str, Any]:
    """What a finished backup says of itself; anything else is refused."""
    try:
        about = json.loads((folder / MARKER).read_text())
    except (OSError, ValueError) as error:
        raise SetupError(f"{folder} is no backup of Pipeloom, or one that was never finished ({error}).") from error
    if not isinstance(about, dict) or about.get("format") != FORMAT or not (folder / DUMP).is_file():
        raise SetupError(f"{folder} was made by another Pipeloom ({about}). Restore it with that one, then upgrade.")
    return about


def files_copy(source: Path, target: Path) -> Copied:
    """Bring the copy up to date: new files and changed ones. Gone meanwhile is gone."""
    done = Copied()
    target.mkdir(mode=0o700, exist_ok=True)
    for tree in TREES:
        for path in _files(source / tree):
            _copy(path, target / path.relative_to(source), done)
    for attempt in _folders(source / "attempts"):
        for name in OF_ATTEMPTS:
            if (attempt / name).is_file() and not (attempt / name).is_symlink():
                _copy(attempt / name, target / "attempts" / attempt.name / name, done)
    return done


def _folders(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (each for each in folder.iterdir() if each.is_dir() and not each.is_symlink())


def _files(folder: Path) -> Iterator[Path]:
    """Links too, as links; nothing behind them."""
    for place, folders, files in os.walk(folder, followlinks=False):
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        yield from (Path(place) / name for name in [*files, *links])
        if not files and not folders:
            yield Path(place)


def _copy(source: Path, target: Path, done: Copied) -> None:
    try:
        found = source.lstat()
        if stat.S_ISDIR(found.st_mode):
            target.mkdir(mode=0o700, parents=True, exist_ok=True)
            return
        if not (stat.S_ISREG(found.st_mode) or stat.S_ISLNK(found.st_mode)) or _same(found, target):
            return
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name}.copying")
        shutil.copy2(source, beside, follow_symlinks=False)
        beside.replace(target)
    except FileNotFoundError:
        return
    done.files += 1
    done.bytes += found.st_size


def _same(found: os.stat_result, target: Path) -> bool:
    try:
        there = target.lstat()
    except FileNotFoundError:
        return False
    return (there.st_size, there.st_mtime_ns) == (found.st_size, found.st_mtime_ns)


def _dump(database: str, target: Path) -> None:
    program_run("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", f"--file={target}"], database)
    target.chmod(0o600)


def program_run(program: str, argv: list[str], database: str) -> None:
    """One of PostgreSQL's own programs. The password goes by the environment, where only this user can read it."""
    chosen = shutil.which(program, path=str(binaries_find())) or program
    done = subprocess.run([chosen, *argv], env=libpq_environment(database), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        last = " / ".join(done.stderr.strip().splitlines()[-3:])
        raise SetupError(f"{program} failed: {last or f'status {done.returncode}'}")


def libpq_environment(database: str) -> Mapping[str, str]:
    given = conninfo_to_dict(database)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, **{name: str(given[key]) for key, name in _LIBPQ.items() if given.get(key)}}
