"""Makes an engine: a Python environment of its own, from a hash-locked requirement file.

User code runs in engines, never in the server's environment. An engine's folder carries the hash
of its lock in its name, and a marker that is written last: a half-built one is never used, and a
new lock does not change the engine under a running step.
"""

import argparse
import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

MARKER = "engine.json"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class EngineError(Exception):
    """The engine could not be made; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class BuiltEngine:
    """What the engine table wants to know. `fresh`: made by this very call."""

    name: str
    version: str
    interpreter: str
    lock_hash: str
    fresh: bool


def engines_folder(home: Path) -> Path:
    """In the home, unless PIPELOOM_ENGINES names a folder shared by several homes."""
    shared = os.environ.get("PIPELOOM_ENGINES")
    return Path(shared).resolve() if shared else home / "engines"


def engine_found(home: Path, name: str, version: str, requirements: Path) -> BuiltEngine | None:
    """The finished engine of exactly this lock, at the cost of reading two small files."""
    lock_hash = hashlib.sha256(requirements.read_bytes()).hexdigest()
    folder = _folder(home, name, version, lock_hash)
    interpreter = folder / "bin" / "python"
    try:
        marker = json.loads((folder / MARKER).read_text())
    except (OSError, ValueError):
        return None
    if marker.get("lock_hash") != lock_hash or not os.access(interpreter, os.X_OK):
        return None
    return BuiltEngine(name, version, str(interpreter), lock_hash, fresh=False)


def ensure_engine(home: Path, name: str, version: str, requirements_path: Path) -> BuiltEngine:
    """Find it or build it. Two callers at once build it once."""
    found = engine_found(home, name, version, requirements_path)
    if found:
        return found
    root = engines_folder(home)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(root / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = engine_found(home, name, version, requirements_path)
        return found or _build(home, name, version, requirements_path)


def _folder(home: Path, name: str, version: str, lock_hash: str) -> Path:
    if not NAME.fullmatch(name) or not NAME.fullmatch(version):
        raise EngineError(f"{name} {version}: an engine's name and version consist of letters, digits, '.', '_', '-'.")
    return engines_folder(home) / f"{name}-{version}-{lock_hash[:12]}"


def _build(home: Path, name: str, version: str, requirements: Path) -> BuiltEngine:
    lock_hash = hashlib.sha256(requirements.read_bytes()).hexdigest()
    folder = _folder(home, name, version, lock_hash)
    shutil.rmtree(folder, ignore_errors=True)
    interpreter = folder / "bin" / "python"
    # pip's own temporary files go here, so that they vanish with the folder when pip is killed.
    temporary = folder / ".tmp"
    try:
        # Without pip: fewer files, and no .pth file that would slow down every step's start.
        _run([sys.executable, "-m", "venv", "--without-pip", str(folder)], "making the environment")
        install = [sys.executable, "-m", "pip", "--python", str(interpreter), "install", "--quiet", "--no-input"]
        install += ["--disable-pip-version-check", "--require-hashes", "--no-deps", "--only-binary", ":all:"]
        temporary.mkdir()
        _run([*install, "-r", str(requirements)], f"installing {requirements.name}", temporary)
        shutil.rmtree(temporary, ignore_errors=True)
        (folder / MARKER).write_text(json.dumps({"name": name, "version": version, "lock_hash": lock_hash}))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return BuiltEngine(name, version, str(interpreter), lock_hash, fresh=True)


def _run(argv: list[str], what: str, temporary: Path | None = None) -> None:
    environment = {**os.environ, "TMPDIR": str(temporary)} if temporary else None
    done = subprocess.run(argv, capture_output=True, text=True, check=False, env=environment)
    if done.returncode != 0:
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines()
        raise EngineError(
            f"{what} failed: {' '.join(errors[-2:]) or f'status {done.returncode}'}. Check the network, pip's "
            "configuration and the disk, then run `make up` again."
        )


def main() -> None:
    """As a process of its own, so that it can work beside the rest of the set-up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("name")
    parser.add_argument("version")
    parser.add_argument("requirements", type=Path)
    options = parser.parse_args()
    try:
        built = ensure_engine(options.home, options.name, options.version, options.requirements)
    except EngineError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)
    sys.stdout.write(json.dumps(asdict(built)) + "\n")


if __name__ == "__main__":
    main()
