"""The product's own processes: web, reconciler, worker."""

import os
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from backend.config.embedded.children import ChildSpec
from backend.config.embedded.home import Home

ROOT = Path(__file__).resolve().parents[3]
# A little longer than the worker's own patience with running steps (PIPELOOM_WORKER_STOP_SECONDS).
WORKER_STOP_SECONDS = 10


@dataclass(frozen=True, slots=True)
class ProductOptions:
    listener: int
    port: int
    slots: int
    runtime: Path


def environment(role: str, **extra: str) -> dict[str, str]:
    """Addresses and secrets are not in here: every process reads them from the home."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "backend.config.settings",
        "PIPELOOM_ROLE": role,
        "PYTHONUNBUFFERED": "1",
        # Into files that people read.
        "PIPELOOM_LOG_FORMAT": os.environ.get("PIPELOOM_LOG_FORMAT", "text"),
        **extra,
    }


def product_children(home: Home, options: ProductOptions) -> list[ChildSpec]:
    children = [_web(home, options), _reconciler(home)]
    if options.slots > 0:
        children.append(_worker(home, options))
    return children


def _web(home: Home, options: ProductOptions) -> ChildSpec:
    return ChildSpec(
        name="web",
        argv=[sys.executable, "-m", "backend.config.web", "--fd", str(options.listener)],
        log=home.logs / "web.log",
        environment=environment("web"),
        directory=str(ROOT),
        pass_fds=(options.listener,),
        ready=lambda _pid: healthy(options.port),
    )


def _reconciler(home: Home) -> ChildSpec:
    return ChildSpec(
        name="reconciler",
        argv=[sys.executable, "manage.py", "reconcile"],
        log=home.logs / "reconciler.log",
        environment=environment("reconciler"),
        directory=str(ROOT),
    )


def _worker(home: Home, options: ProductOptions) -> ChildSpec:
    flag = options.runtime / "worker.ready"
    return ChildSpec(
        name="worker",
        argv=[sys.executable, "manage.py", "worker", "--concurrency", str(options.slots)],
        log=home.logs / "worker.log",
        environment=environment(
            "worker", PIPELOOM_READY_FILE=str(flag), PIPELOOM_WORKER_STOP_SECONDS=str(WORKER_STOP_SECONDS)
        ),
        directory=str(ROOT),
        ready=lambda pid: _says(flag, pid),
        stop_seconds=WORKER_STOP_SECONDS + 10,
    )


def healthy(port: int) -> bool:
    """The real question, asked the way a browser would: any proxy settings of the person are left out."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _says(flag: Path, pid: int) -> bool:
    """The worker writes its own pid, so a file left by its predecessor says nothing."""
    try:
        return flag.read_text().strip() == str(pid)
    except OSError:
        return False
