"""Which fence holds on this machine: found out by trying to climb it. `python -m workers.sandbox.probe` prints JSON.

Every level runs a real step that looks for a hidden file; the best level where it finds nothing is the one to use.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from workers.sandbox.crowd import WAYS
from workers.sandbox.spec import LEVELS

LAUNCHER = Path(__file__).with_name("launch.py")
LAUNCHER_ARGV = [sys.executable, "-I", "-S", "-E", str(LAUNCHER)]
_SECONDS = 20
_FOUND = 77
_CLIMB = f"""
import os, sys
try:
    os.open({{secret!r}}, os.O_RDONLY)
except OSError:
    open({{own!r}}, "w").close()
    sys.exit(0)
sys.exit({_FOUND})
"""
_FEW = 24
_CROWD = f"""
import os, signal, sys
signal.alarm(10)
started = []
try:
    while len(started) < {_FEW * 2}:
        pid = os.fork()
        if pid == 0:
            signal.pause()
        started.append(pid)
except OSError:
    pass
for pid in started:
    os.kill(pid, signal.SIGKILL)
sys.exit({_FOUND} if {_FEW // 2} <= len(started) <= {_FEW} else len(started))
"""
_CONNECT = f"""
import socket, sys
try:
    socket.create_connection(("127.0.0.1", {{port}}), timeout=5)
except OSError:
    sys.exit({_FOUND})
"""


def probe(levels: tuple[str, ...] = LEVELS) -> dict[str, Any]:
    """`level` is the best that holds; `tried` says of every better one why it does not."""
    tried = []
    for level in levels:
        why = _why_not(level)
        tried.append({"level": level, "holds": why is None, "why": why})
        if why is None:
            return {"level": level, "tried": tried}
    return {"level": LEVELS[-1], "tried": tried}


def fences(level: str) -> dict[str, Any]:
    """What else holds for steps at this level: how the number of their processes is limited, whether their network can
    be closed, and whether they can change the files that say what they are."""
    ways = [way for way in WAYS if way == "watched" or (way != "rlimit" or level == "namespaces")]
    return {
        "processes": next(way for way in ways if way == "watched" or _crowd_is_stopped(level, way)),
        "network": level == "namespaces" and _network_is_closed(level),
        "files": level != "none",
    }


def _crowd_is_stopped(level: str, way: str) -> bool:
    """A step that starts more than it may must be refused, and not at once."""
    with tempfile.TemporaryDirectory(prefix="pipeloom-probe-") as name:
        folder = _folders(name)
        spec = _spec(level, folder, _CROWD)
        spec["token"] = f"probe-{os.getpid()}"
        spec["limits"].update(processes=_FEW, processes_by=way)
        return _launch(spec).get("code") == _FOUND


def _network_is_closed(level: str) -> bool:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        tempfile.TemporaryDirectory(prefix="pipeloom-probe-") as name,
    ):
        spec = _spec(level, _folders(name), _CONNECT.format(port=server.getsockname()[1]))
        spec["isolation"]["network"] = "closed"
        return _launch(spec).get("code") == _FOUND


def _folders(name: str) -> Path:
    folder = Path(name).resolve()
    (folder / "hidden").mkdir()
    (folder / "own").mkdir()
    return folder


def _why_not(level: str) -> str | None:
    if level == "none":
        return None
    with tempfile.TemporaryDirectory(prefix="pipeloom-probe-") as name:
        folder = _folders(name)
        secret = folder / "hidden" / "secret"
        secret.write_text("found")
        return _judge(
            _launch(_spec(level, folder, _CLIMB.format(secret=str(secret), own=str(folder / "own" / "done"))))
        )


def _spec(level: str, folder: Path, program: str) -> dict[str, Any]:
    own = str(folder / "own")
    return {
        "token": "probe",
        "root": own,
        "argv": [sys.executable, "-I", "-S", "-c", program],
        "cwd": own,
        "environment": {},
        "log_path": str(folder / "own" / "log"),
        "isolation": {"level": level, "hide": [str(folder / "hidden")], "read_only": [str(folder)], "keep": [own]},
        "limits": {"seconds": _SECONDS, "grace": 1},
    }


def _launch(spec: dict[str, Any]) -> dict[str, Any]:
    """The launcher's last word."""
    with subprocess.Popen(
        LAUNCHER_ARGV, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise AssertionError("both are pipes")
        process.stdin.write(json.dumps(spec).encode() + b"\n")
        process.stdin.flush()
        lines = process.stdout.read().splitlines()
    last: dict[str, Any] = json.loads(lines[-1]) if lines else {"reason": "not_started", "error": "no answer"}
    return last


def _judge(ended: dict[str, Any]) -> str | None:
    if ended["reason"] == "not_started":
        return str(ended["error"])
    if ended.get("code") == 0:
        return None
    if ended.get("code") == _FOUND:
        return "a hidden file could be read"
    return f"the trial ended with {ended['reason']} {ended.get('code')}"


def main() -> None:
    found = probe()
    sys.stdout.write(json.dumps({**found, "fences": fences(found["level"])}, indent=2) + "\n")


if __name__ == "__main__":
    main()
