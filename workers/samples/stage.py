"""A running Pipeloom for a while: the one that is there, or one that is started and stopped again."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READY = re.compile(r"^Pipeloom is ready: (?P<origin>https?://[^/\s]+)", re.MULTILINE)
STOP_SECONDS = 60


class StageError(Exception):
    """There is no Pipeloom to show; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Stage:
    url: str
    token: str
    token_name: str
    ours: bool
    """Started here, and stopped when it is over."""


@contextmanager
def stage(home: str | None = None) -> Iterator[Stage]:
    """`manage.py up` beside a live instance says where that is and ends; else it is the instance, until we stop it."""
    environment = _environment(home)
    process = subprocess.Popen(
        [sys.executable, "manage.py", "up", "--port", "0"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        url = _await_ready(process)
        name = f"make demo {os.getpid()}"
        token = _manage(environment, "createtoken", "admin", "--name", name).strip()
        yield Stage(url, token, name, ours=process.poll() is None)
    finally:
        _stop(process)


def _environment(home: str | None) -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return {**environment, "PIPELOOM_HOME": home} if home else environment


def _await_ready(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        found = READY.search(line)
        if found:
            # Nobody reads on: what else it says must not fill the pipe and hold it up.
            threading.Thread(target=_drain, args=(process,), daemon=True).start()
            return found["origin"]
    raise StageError("Pipeloom did not start; the lines above say why.")


def _drain(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    for _ in process.stdout:
        pass


def _manage(environment: dict[str, str], *argv: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *argv], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise StageError(f"manage.py {argv[0]} failed: {done.stderr.strip().splitlines()[-1:] or done.returncode}")
    return done.stdout


def _stop(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
