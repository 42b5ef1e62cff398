"""Where a stranger runs a command: an empty environment, hardly any programs, perhaps as nobody in particular."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.harness.live_stack import REPOSITORY, SHARED_ENGINES

PROGRAMS = [
    "[",
    "basename",
    "cat",
    "chmod",
    "cp",
    "cut",
    "date",
    "dirname",
    "echo",
    "env",
    "expr",
    "head",
    "id",
    "ln",
    "ls",
    "make",
    "mkdir",
    "mktemp",
    "mv",
    "printf",
    "pwd",
    "readlink",
    "rm",
    "rmdir",
    "sh",
    "sleep",
    "sort",
    "tail",
    "test",
    "touch",
    "tr",
    "true",
    "uname",
    "wc",
]
FORBIDDEN = ("node", "redis-server", "valkey-server", "postgres", "psql", "pip", "git", "docker")
FIRST_UID = 52_000


@dataclass(frozen=True, slots=True)
class Traces:
    """What a command may leave behind on a machine."""

    processes: frozenset[str]
    listeners: frozenset[int]
    files: frozenset[str]


@dataclass(frozen=True, slots=True)
class Place:
    """`uid` is None for our own: then only processes that know this home, and files in a folder of our own, count."""

    tree: Path
    home: Path
    temporary: Path
    environment: dict[str, str]
    uid: int | None

    def start(self, *argv: str) -> subprocess.Popen[str]:
        who = {} if self.uid is None else {"user": self.uid, "group": self.uid, "extra_groups": []}
        return subprocess.Popen(
            argv,
            cwd=self.tree,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            **who,  # type: ignore[call-overload]
        )

    def traces(self) -> Traces:
        processes, listeners = set(), set()
        for process in psutil.process_iter():
            try:
                if self._ours(process):
                    processes.add(f"{process.pid} {' '.join(process.cmdline())}")
                    connections = process.net_connections("inet")
                    listeners |= {one.laddr.port for one in connections if one.status == psutil.CONN_LISTEN}
            except (psutil.NoSuchProcess, psutil.ZombieProcess, psutil.AccessDenied):
                continue  # gone meanwhile, or somebody else's
        return Traces(frozenset(processes), frozenset(listeners), frozenset(self._files()))

    def _ours(self, process: psutil.Process) -> bool:
        if self.uid is not None:
            return process.uids().real == self.uid
        return str(self.home) in process.environ().values()

    def _files(self) -> Iterator[str]:
        for path in self.temporary.iterdir():
            if self.uid is None or path.lstat().st_uid == self.uid:
                yield path.name


def programs(folder: Path, python: str) -> Path:
    """A PATH with links to a few programs and nothing else."""
    folder.mkdir()
    for name in PROGRAMS:
        found = shutil.which(name)
        if found:
            (folder / name).symlink_to(found)
    (folder / "python3").symlink_to(python)
    assert not [name for name in FORBIDDEN if (folder / name).exists()]
    return folder


@contextmanager
def working_tree() -> Iterator[Place]:
    """The tree we are in with its environment, and a home and temporary folder of its own."""
    with tempfile.TemporaryDirectory(prefix="pl-") as folder:
        base = Path(folder)
        home, temporary = base / "home", base / "tmp"
        temporary.mkdir()
        environment = {
            "PATH": str(programs(base / "bin", os.path.realpath(sys.executable))),
            "TMPDIR": str(temporary),
            "PIPELOOM_HOME": str(home),
            "PIPELOOM_ENGINES": str(SHARED_ENGINES),
        }
        yield Place(REPOSITORY, home, temporary, environment, uid=None)


@contextmanager
def clean_clone() -> Iterator[Place]:
    """A fresh clone of HEAD, for root run as a uid that owns nothing else on this machine."""
    with tempfile.TemporaryDirectory(prefix="pl-clone-") as folder:
        base = Path(folder)
        tree = base / "pipeloom"
        subprocess.run(["git", "clone", "--quiet", f"file://{REPOSITORY}", str(tree)], check=True)
        environment = {"PATH": str(programs(base / "bin", _public_python()))}
        uid = _unused_uid() if os.geteuid() == 0 else None
        if uid is None:
            # Shared with whatever else this user runs: count by the home, and keep temporary files apart.
            temporary = base / "tmp"
            temporary.mkdir()
            environment |= {"TMPDIR": str(temporary), "PIPELOOM_HOME": str(base / "home")}
            yield Place(tree, base / "home", temporary, environment, uid)
            return
        base.chmod(0o755)
        for path in [tree, *tree.rglob("*")]:
            os.chown(path, uid, uid, follow_symlinks=False)
        yield Place(tree, tree / ".pipeloom", Path(tempfile.gettempdir()), environment, uid)


def _public_python() -> str:
    """One that everybody may run: root's own may be hidden in root's home."""
    for name in ("/usr/bin/python3", "/usr/local/bin/python3", os.path.realpath(sys.executable)):
        usable = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))"
        if Path(name).exists() and subprocess.run([name, "-c", usable]).returncode == 0:
            return name
    raise AssertionError("no Python 3.11 or newer with venv")


def _unused_uid() -> int:
    taken = {process.uids().real for process in psutil.process_iter()}
    return next(uid for uid in range(FIRST_UID, FIRST_UID + 10_000) if uid not in taken)
