"""The private folder of the sockets: short, because a socket path must stay under 108 bytes."""

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from backend.config.embedded.home import Home
from backend.config.embedded.problems import SetupError

LONGEST_SOCKET_NAME = len(".s.PGSQL.5432.lock")
LONGEST_PATH = 107


def _parents() -> Iterator[Path]:
    for name in (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm"):  # noqa: S108
        if name and Path(name).is_dir() and os.access(name, os.W_OK | os.X_OK):
            yield Path(name).resolve()


def runtime_create(home: Home) -> Path:
    """Always the same name for the same home, so that a killed predecessor's folder is found again.

    Call it only while holding the home's lock: what is inside is removed first.
    """
    digest = hashlib.sha256(os.fsencode(home.path)).hexdigest()[:10]
    for parent in _parents():
        folder = parent / f"pipeloom-{os.geteuid()}-{digest}"
        if len(os.fsencode(folder)) + 1 + LONGEST_SOCKET_NAME > LONGEST_PATH:
            continue
        runtime_remove(folder)
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            # Somebody else made that name in a shared folder: never trust it.
            folder = Path(tempfile.mkdtemp(prefix="pipeloom-", dir=parent))
        except OSError:
            continue
        return folder
    raise SetupError(
        "No folder for the private sockets: XDG_RUNTIME_DIR, TMPDIR and /tmp are missing, not writable, or their "
        "names are too long. Set TMPDIR to a short folder that you may write to."
    )


def runtime_remove(folder: Path) -> None:
    """Only our own folder, and never through a link."""
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return
    if stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and folder.name.startswith("pipeloom-"):
        shutil.rmtree(folder, ignore_errors=True)
