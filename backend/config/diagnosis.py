"""What `manage.py doctor` looks at. Every finding that is not good says what to do."""

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pynvml
import redis
from django.conf import settings
from packaging.version import Version

from backend.config.checklist import settings_findings
from backend.config.embedded.address import database_url
from backend.config.embedded.cards import simulated_cards
from backend.config.embedded.home import home_at
from backend.config.embedded.instance import instance_read
from backend.config.embedded.problems import SetupError
from backend.config.embedded.processes import is_alive
from backend.config.findings import BAD, GOOD, NOTE, Finding

# Below these, a known defect breaks a promise of ours (lost messages, endless reads, unbounded bodies).
FLOORS = {
    "Django": "5.2.19",
    "djangorestframework": "3.18",
    "celery": "5.7",
    "kombu": "5.7",
    "channels": "4.3",
    "channels-redis": "4.3",
}
LEAST_FREE_GB = 2.0


def diagnose() -> Iterator[Finding]:
    """One group cannot hide another: whatever breaks inside a check becomes its finding."""
    checks: tuple[Callable[[], Iterator[Finding]], ...] = (
        _python, _versions, settings_findings, _instance, _database, _redis, _disk, _isolation, _gpus, _engines,
        _containers,
    )  # fmt: skip
    for check in checks:
        try:
            yield from check()
        except Exception as error:  # noqa: BLE001 - a doctor who falls over is no help
            yield Finding(BAD, check.__name__.strip("_"), f"this check itself failed: {error!r}. Please report it.")


def _python() -> Iterator[Finding]:
    yield Finding(GOOD, "python", sys.version.split()[0])


def _versions() -> Iterator[Finding]:
    old = [
        f"{name} {importlib.metadata.version(name)} (needs {floor})"
        for name, floor in FLOORS.items()
        if Version(importlib.metadata.version(name)) < Version(floor)
    ]
    if old:
        yield Finding(BAD, "packages", f"too old: {', '.join(old)}. Run `make up` or install requirements/server.txt.")
    else:
        yield Finding(GOOD, "packages", "all at or above their floors")


def _instance() -> Iterator[Finding]:
    instance = instance_read(home_at(settings.PIPELOOM_HOME))
    if instance is None:
        yield Finding(NOTE, "instance", f"nothing runs with the home {settings.PIPELOOM_HOME}; start it with `make up`")
        return
    dead = [record.name for record in (instance.up, *instance.children) if not is_alive(record)]
    if dead:
        yield Finding(BAD, "instance", f"not running: {', '.join(dead)}. Run `make up`; it cleans up and starts again.")
    else:
        yield Finding(GOOD, "instance", f"{instance.state} at {instance.url}")


def _database() -> Iterator[Finding]:
    try:
        with psycopg.connect(database_url(home_at(settings.PIPELOOM_HOME)), connect_timeout=5) as connection:
            version = connection.info.server_version // 10000
            fsync = connection.execute("show fsync").fetchone()
            full = connection.execute("select count(*), current_setting('max_connections')::int from pg_stat_activity")
            used, limit = full.fetchone() or (0, 1)
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0]
        yield Finding(BAD, "postgresql", f"not reachable ({reason}). Start it with `make up`, or correct DATABASE_URL.")
        return
    if version < 15:
        yield Finding(BAD, "postgresql", f"version {version} is too old; Pipeloom needs 15 or newer.")
    elif fsync and fsync[0] != "on":
        yield Finding(BAD, "postgresql", "fsync is off: a power cut would lose committed work. Turn it on.")
    elif used > 0.8 * limit:
        yield Finding(BAD, "postgresql", f"{used} of {limit} connections are in use; raise max_connections.")
    else:
        yield Finding(GOOD, "postgresql", f"version {version}, {used} of {limit} connections")


def _redis() -> Iterator[Finding]:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=5, socket_connect_timeout=5) as client:
            information = client.info()
            policy = client.config_get("maxmemory-policy").get("maxmemory-policy", "")
    except redis.RedisError as error:
        yield Finding(BAD, "redis", f"not reachable ({error}). Start it with `make up`, or correct REDIS_URL.")
        return
    if policy != "noeviction":
        yield Finding(BAD, "redis", f"maxmemory-policy is {policy}: queues may vanish. Set it to noeviction.")
        return
    persistence = "with AOF" if information.get("aof_enabled") else "in memory only (enough: it carries hints)"
    yield Finding(GOOD, "redis", f"version {information['redis_version']}, {persistence}")


def _disk() -> Iterator[Finding]:
    place = next(
        path for path in (Path(settings.PIPELOOM_HOME), *Path(settings.PIPELOOM_HOME).parents) if path.exists()
    )
    free = shutil.disk_usage(place).free / 1024**3
    if free < LEAST_FREE_GB:
        yield Finding(BAD, "disk", f"{free:.1f} GB free for {place}; make room, or move the home (PIPELOOM_HOME).")
    else:
        yield Finding(GOOD, "disk", f"{free:.0f} GB free for {place}")


def _isolation() -> Iterator[Finding]:
    """By a process of its own: the server never imports the workers' code."""
    argv = [sys.executable, "-m", "workers.sandbox.probe"]
    done = subprocess.run(argv, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=60, check=False)
    try:
        found = json.loads(done.stdout)
    except ValueError:
        last = (done.stderr.strip().splitlines() or ["it printed nothing"])[-1]
        yield Finding(BAD, "isolation", f"the probe failed: {last}")
        return
    failed = "; ".join(f"{each['level']}: {each['why']}" for each in found["tried"] if not each["holds"])
    if found["level"] == "none":
        advice = "allow user namespaces or Landlock"
        yield Finding(NOTE, "isolation", f"user code is not isolated on this machine ({failed}); {advice}")
    else:
        yield Finding(GOOD, "isolation", found["level"] + (f" ({failed})" if failed else ""))
    by = {"watched": "looked at every second", "cgroup": "by a control group", "rlimit": "by the kernel"}
    network = "can be closed" if found["fences"]["network"] else "cannot be closed"
    limited = f"processes of a step are limited {by[found['fences']['processes']]}; its network {network}"
    yield Finding(NOTE if found["fences"]["processes"] == "watched" else GOOD, "limits", limited)


def _gpus() -> Iterator[Finding]:
    try:
        simulated = simulated_cards()
    except SetupError as error:
        yield Finding(BAD, "gpu", str(error))
        return
    if simulated is not None:
        yield Finding(NOTE, "gpu", f"simulated: {simulated}")
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:
        yield Finding(NOTE, "gpu", "none found (no NVIDIA driver); steps run on the CPU")
        return
    try:
        for index in range(pynvml.nvmlDeviceGetCount()):
            device = pynvml.nvmlDeviceGetHandleByIndex(index)
            memory = pynvml.nvmlDeviceGetMemoryInfo(device)
            yield Finding(
                GOOD,
                "gpu",
                f"{pynvml.nvmlDeviceGetName(device)}, {int(memory.free) >> 30} of {int(memory.total) >> 30} GB free",
            )
    finally:
        pynvml.nvmlShutdown()


def _engines() -> Iterator[Finding]:
    try:
        with psycopg.connect(database_url(home_at(settings.PIPELOOM_HOME)), connect_timeout=5) as connection:
            rows = connection.execute("select name, version, interpreter from assets_engine order by 1, 2").fetchall()
    except psycopg.Error:
        return
    for name, version, interpreter in rows:
        if os.access(interpreter, os.X_OK):
            yield Finding(GOOD, "engine", f"{name} {version}")
        else:
            yield Finding(
                BAD, "engine", f"{name} {version}: {interpreter} is missing. Run `make up` to build it again."
            )
    if not rows:
        yield Finding(NOTE, "engine", "none registered yet; `make up` builds the sample's")


def _containers() -> Iterator[Finding]:
    """Of this machine, as its worker would find it."""
    argv = [sys.executable, "-m", "workers.sandbox.container_engine"]
    done = subprocess.run(argv, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=90, check=True)
    found = json.loads(done.stdout)
    if found["engine"]:
        yield Finding(GOOD, "containers", f"{found['engine']} answers ({found['program']})")
    else:
        yield Finding(NOTE, "containers", f"steps in container images cannot run here: {found['why']}")
