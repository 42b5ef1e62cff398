"""The home folder: where one installation keeps its data, secrets and logs.

A home is marked by `home.json`. It is created beside its final place and renamed, so a half-made
one is never mistaken for a real one; each file inside is written the same way, so that whatever
was interrupted is finished by the next start without touching what exists.
"""

import json
import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from backend.config.embedded.problems import SetupError

MARKER = "home.json"
FORMAT = 1
SECRETS = ("django_key", "postgres_password", "redis_password")


@dataclass(frozen=True, slots=True)
class Home:
    """Paths inside one home; making a Home object touches nothing."""

    path: Path

    @property
    def marker(self) -> Path:
        return self.path / MARKER

    @property
    def lock(self) -> Path:
        return self.path / "lock"

    @property
    def instance(self) -> Path:
        return self.path / "instance.json"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def secrets(self) -> Path:
        return self.path / "secrets"

    @property
    def storage(self) -> Path:
        return self.path / "storage"

    def secret(self, name: str) -> str | None:
        """None when it was never made (no home yet): callers decide whether that is an error."""
        try:
            return (self.secrets / name).read_text().strip() or None
        except (FileNotFoundError, NotADirectoryError):
            return None


def write_private(path: Path, text: str) -> None:
    """Whole or not at all, and never readable by others, not even for a moment."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w") as handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def home_at(directory: str | os.PathLike[str]) -> Home:
    """The home of that name, as an absolute path without links."""
    return Home(Path(directory).expanduser().resolve())


def home_ensure(home: Home) -> bool:
    """Create or complete the home; True when it is new."""
    _refuse_foreign(home)
    fresh = not home.marker.exists()
    if not home.path.exists():
        _create_beside_then_rename(home)
    _complete(home)
    home.path.chmod(0o700)
    _sweep_temporary(home)
    return fresh


def _refuse_foreign(home: Home) -> None:
    path = home.path
    if not path.exists():
        return
    if not path.is_dir():
        raise SetupError(f"{path} is a file. Choose another home with --home DIR or PIPELOOM_HOME.")
    if path.stat().st_uid != os.geteuid():
        raise SetupError(
            f"{path} belongs to another user (uid {path.stat().st_uid}). Start Pipeloom as that user, "
            "or choose another home with --home DIR or PIPELOOM_HOME."
        )
    if home.marker.exists() or (path / "secrets").is_dir() or (path / "postgres" / "PG_VERSION").is_file():
        return
    strangers = sorted(entry.name for entry in path.iterdir() if not entry.name.startswith("."))
    if strangers:
        raise SetupError(
            f"{path} holds other files ({', '.join(strangers[:3])}) and is not a Pipeloom home. "
            "Choose an empty or a new folder with --home DIR or PIPELOOM_HOME."
        )


def _create_beside_then_rename(home: Home) -> None:
    try:
        home.path.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=home.path.parent, prefix=f".{home.path.name}.new-{os.getpid()}-"))
    except OSError as error:
        raise SetupError(
            f"Cannot create the home {home.path}: {error.strerror}. Choose a folder that you may write to "
            "with --home DIR or PIPELOOM_HOME."
        ) from error
    try:
        _complete(Home(temporary))
        temporary.rename(home.path)
    except OSError:
        # Two starts at once: the other one was first, and its home is as good as ours.
        shutil.rmtree(temporary, ignore_errors=True)
        if not home.marker.exists():
            raise
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def _complete(home: Home) -> None:
    """Idempotent: make what is missing, keep what is there. The marker comes last.

    A `.fresh` file beside a secret says that nobody has been told of it yet: a database that is older
    than its password file must be.
    """
    for folder in (home.secrets, home.logs, home.storage, home.storage / "default"):
        folder.mkdir(mode=0o700, exist_ok=True)
    for name in SECRETS:
        if home.secret(name) is None:
            write_private(home.secrets / f"{name}.fresh", "")
            write_private(home.secrets / name, secrets.token_urlsafe(48))
    if not home.marker.exists():
        write_private(home.marker, json.dumps({"format": FORMAT}))
    elif home_format(home) > FORMAT:
        raise SetupError(
            f"{home.path} was made by a newer Pipeloom (home format {home_format(home)}, this one knows {FORMAT}). "
            "Start it with that version, or choose another home with --home DIR."
        )


def home_format(home: Home) -> int:
    """0 for a marker that cannot be read: completing the home is then harmless."""
    try:
        found = json.loads(home.marker.read_text())["format"]
    except (OSError, ValueError, KeyError, TypeError):
        return 0
    return found if isinstance(found, int) else 0


def _sweep_temporary(home: Home) -> None:
    """Remove what an interrupted start left behind; only names that this package makes."""
    for leftover in home.path.parent.glob(f".{home.path.name}.new-*"):
        maker = leftover.name.split(".new-")[1].split("-")[0]
        if not (maker.isdigit() and Path(f"/proc/{maker}").exists()):
            shutil.rmtree(leftover, ignore_errors=True)
    for leftover in home.path.glob(".postgres.new-*"):
        shutil.rmtree(leftover, ignore_errors=True)
