"""As whom PostgreSQL runs when we are root."""

import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.config.embedded.children import Child
from backend.config.embedded.home import Home, home_at, home_ensure
from backend.config.embedded.identity import Identity, identity_choose
from backend.config.embedded.postgres import Postgres, binaries_find, cluster_ensure, postgres_child
from backend.config.embedded.problems import SetupError
from tests.integration.setup.machine import until

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root has a choice")


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where everybody may enter, which pytest's own folders forbid."""
    made = Path(tempfile.mkdtemp(prefix="identity-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


def nobody() -> Identity:
    entry = pwd.getpwnam("nobody")
    return Identity("user", entry.pw_uid, entry.pw_gid)


def cluster(folder: Path, identity: Identity) -> Postgres:
    home: Home = home_at(folder / "home")
    home_ensure(home)
    (folder / "run").mkdir(mode=0o700)
    # The wheel may be where only root can go (a virtual environment below /root): then `nobody` cannot run it.
    binaries = binaries_find()
    package = binaries.parents[1]
    place = folder / "packages" / package.name
    shutil.copytree(binaries.parent, place / binaries.parent.name, symlinks=True)
    # Beside the package, where the wheel's programs look for their libraries.
    shutil.copytree(package.with_name(f"{package.name}.libs"), place.with_name(f"{package.name}.libs"))
    return Postgres(home, folder / "run", place / binaries.parent.name / "bin", identity)


def test_it_stays_root_for_the_files_and_looks_like_a_user_to_postgresql(folder: Path) -> None:
    identity = identity_choose(binaries_find() / "postgres")

    if identity.kind != "mapped":
        pytest.skip("user namespaces are not allowed on this machine")
    assert identity.uid != 0
    started = run(cluster(folder, identity))
    assert started == 0


def test_it_runs_as_nobody_where_namespaces_are_forbidden(folder: Path) -> None:
    assert run(cluster(folder, nobody())) == nobody().uid


def run(postgres: Postgres) -> int:
    """Make, start, stop; returns the uid that the kernel saw."""
    assert cluster_ensure(postgres, password="secret", durable=False)
    child = Child(postgres_child(postgres, durable=False))
    child.start()
    try:
        until(lambda: child.is_ready, "PostgreSQL is ready", 30)
        assert child.process is not None
        return Path(f"/proc/{child.process.pid}").stat().st_uid
    finally:
        child.stop()


def test_it_says_which_folder_nobody_may_not_enter(folder: Path) -> None:
    folder.chmod(0o700)

    with pytest.raises(SetupError, match=f"may not enter {folder}"):
        cluster_ensure(cluster(folder, nobody()), password="secret", durable=False)

    assert not (folder / "home" / "postgres").exists()
