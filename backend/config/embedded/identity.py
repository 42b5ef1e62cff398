"""As whom PostgreSQL runs: it refuses to be root, and needs a user that has a name."""

import os
import pwd
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from backend.config.embedded.problems import SetupError

SPAWN = Path(__file__).with_name("spawn.py")
PREFERRED_UID = 1000


@dataclass(frozen=True, slots=True)
class Identity:
    """`same` user, `mapped` in a user namespace of its own, or another `user` (as root only)."""

    kind: str
    uid: int
    gid: int

    def options(self) -> list[str]:
        if self.kind == "mapped":
            return ["--map-user", str(self.uid)]
        if self.kind == "user":
            return ["--user", str(self.uid), "--group", str(self.gid)]
        return []


def spawn_argv(argv: list[str], *, identity: Identity | None = None, death_signal: int = signal.SIGKILL) -> list[str]:
    """`argv`, started so that it dies with this process."""
    own = [
        sys.executable,
        "-I",
        "-S",
        str(SPAWN),
        "--parent",
        str(os.getpid()),
        "--death-signal",
        str(int(death_signal)),
    ]
    return [*own, *(identity.options() if identity else []), "--", *argv]


def identity_choose(program: Path) -> Identity:
    """The first way in which `program --version` runs."""
    same = Identity("same", os.geteuid(), os.getegid())
    if os.geteuid() != 0 and _has_name(os.geteuid()):
        return same
    candidates = [Identity("mapped", uid, uid) for uid in _named_uids()]
    if os.geteuid() == 0:
        candidates += [Identity("user", entry.pw_uid, entry.pw_gid) for entry in _nobody()]
    for identity in candidates:
        if _runs(program, identity):
            return identity
    if os.geteuid() == 0:
        raise SetupError(
            "PostgreSQL does not run as root, user namespaces are not allowed here, and the user `nobody` cannot "
            f"run {program}. Start Pipeloom as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own."
        )
    raise SetupError(
        f"PostgreSQL needs a user with a name, and uid {os.geteuid()} has no entry in /etc/passwd. Add one, "
        "or set DATABASE_URL to a PostgreSQL of your own."
    )


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _named_uids() -> list[int]:
    named = [entry.pw_uid for entry in pwd.getpwall() if entry.pw_uid != 0]
    return ([PREFERRED_UID] if PREFERRED_UID in named else []) + named[:1]


def _nobody() -> list[pwd.struct_passwd]:
    return [entry for entry in pwd.getpwall() if entry.pw_name == "nobody" and entry.pw_uid != 0]


def _runs(program: Path, identity: Identity) -> bool:
    argv = spawn_argv([str(program), "--version"], identity=identity)
    try:
        return subprocess.run(argv, capture_output=True, timeout=20, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
