"""A job that runs in a container image: what its engine is told, so that the program finds what any step finds."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.domain.problems import problem
from backend.domain.run.messages import StepOrder
from workers.sandbox.container_engine import ContainerEngine
from workers.steps import job
from workers.steps.failure import StepFailure

PYTHON = "python3"
"""What starts a boot file; the image says which one that is."""
_WRITABLE = ("work", "tmp", "storages", "outputs")
# About the host's own programs and libraries, which are not there.
_OF_THE_HOST = ("PATH", "LD_LIBRARY_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "NVIDIA_VISIBLE_DEVICES")
_REAL_CARDS = ("GPU-", "MIG-")
_SHARED_MEMORY_MB = 1024


@dataclass(frozen=True, slots=True)
class Contained:
    """Arguments for the engine's `create`, and what it may refuse on machines that cannot limit anything."""

    options: list[str]
    limits: list[str]
    argv: list[str]


def contained(order: StepOrder, engine: ContainerEngine, *, cookie: str, network: str, processes: int) -> Contained:
    """StepFailure where there is nothing to start."""
    environment = {name: value for name, value in job.environment_of(order).items() if name not in _OF_THE_HOST}
    program, *rest = _command(order, environment)
    options = [
        f"--entrypoint={program}",
        f"--workdir={order.work_dir}",
        # The host's own, as for any other step, or none at all.
        f"--network={'none' if network == 'closed' else 'host'}",
        "--cap-drop=ALL",
        "--security-opt=no-new-privileges",
        "--security-opt=label=disable",
        # What is written is drained by us, and no second copy is kept.
        "--log-driver=none",
        "--stop-timeout=0",
        f"--shm-size={order.memory_mb or _SHARED_MEMORY_MB}m",
        *_user(engine),
        *_cards(order, engine),
        *(["--http-proxy=false"] if engine.kind == "podman" else []),
        *(f"--mount={_mount(source, target, writable)}" for source, target, writable in _mounts(order)),
        *(f"--env={name}={value}" for name, value in {**environment, cookie: order.token}.items()),
    ]
    return Contained(options, _limits(order, processes), rest)


def _command(order: StepOrder, environment: dict[str, str]) -> list[str]:
    if order.argv:
        program, *rest = job.filled(order, environment)
        # A path that does not begin at the top is one inside the code folder; names are looked up in the image.
        found = str(Path(order.work_dir, program)) if "/" in program else program
        return [found, *rest, *job.arguments(order)]
    if order.code and order.code.boot_file:
        boot_file = Path(order.work_dir, order.code.boot_file)
        if not boot_file.is_file():
            raise StepFailure(problem("step.code_missing", file=order.code.boot_file))
        return [PYTHON, str(boot_file), *job.arguments(order)]
    raise StepFailure(problem("step.command_missing"))


def _user(engine: ContainerEngine) -> list[str]:
    """Whoever runs the worker, so that it may read and remove what the step leaves."""
    if engine.rootless and engine.kind == "docker":
        return ["--user=0:0"]  # who runs the engine, seen from inside
    return [f"--user={os.getuid()}:{os.getgid()}", *(["--userns=keep-id"] if engine.rootless else [])]


def _cards(order: StepOrder, engine: ContainerEngine) -> list[str]:
    cards = [each for each in order.devices if each.startswith(_REAL_CARDS)]
    if not cards:
        return []
    if engine.kind == "podman":
        return [f"--device=nvidia.com/gpu={each}" for each in cards]
    return [f'--gpus="device={",".join(cards)}"']


def _limits(order: StepOrder, processes: int) -> list[str]:
    memory = [f"--memory={order.memory_mb}m", f"--memory-swap={order.memory_mb}m"] if order.memory_mb else []
    return [*memory, f"--cpus={order.cpu:g}", f"--pids-limit={processes}"]


def _mounts(order: StepOrder) -> Iterator[tuple[str, str, bool]]:
    """Everything at the place that its order names, and nothing else of this machine."""
    own = Path(order.attempt_dir)
    for name in _WRITABLE:
        if (own / name).is_dir():
            yield str(own / name), str(own / name), True
    given = [str(own / "inputs"), *(each.path for each in order.inputs.values()), *order.readable]
    for path in dict.fromkeys(each.rstrip("/") for each in given):
        if Path(path).exists():
            yield str(Path(path).resolve()), path, False
    yield str(own / "order.json"), str(own / "order.json"), False
    # Its own Python finds it, if there is one; nothing else has to.
    package = Path(order.sdk_path, "pipeloom")
    yield str(package.resolve()), str(package), False


def _mount(source: str, target: str, writable: bool) -> str:
    """As a line of comma-separated values, which is how engines read it."""
    text = io.StringIO()
    fields: list[Any] = ["type=bind", f"src={source}", f"dst={target}", *([] if writable else ["readonly"])]
    csv.writer(text, lineterminator="").writerow(fields)
    return text.getvalue()
