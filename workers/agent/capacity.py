"""What this machine has to give: cores, memory and each graphics card."""

from __future__ import annotations

import logging
import os
import shutil
from pathlib import Path
from typing import Any

import pynvml

log = logging.getLogger(__name__)

SIMULATED = "PIPELOOM_SIMULATED_GPUS"
_LEAST_FREE_BYTES = 1 << 30
_LEAST_FREE_SHARE = 0.05
_UNLIMITED = 1 << 50
_MEMORY_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def cpu_slots() -> float:
    """As many as the worker runs steps at once: `--workers N`, else the cores that this process may use."""
    return float(os.environ.get("PIPELOOM_WORKER_SLOTS") or len(os.sched_getaffinity(0)))


def memory_mb() -> int:
    """Of the machine or, in a container, of its limit."""
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return min(total, *(_limit(path) for path in _MEMORY_LIMITS)) // 1_000_000


def disk_short_mb(home: Path) -> int | None:
    """How much is free, where a step could hardly write its results any more; None while there is room."""
    # A worker beside servers of its own has no home before its first step: then the disk counts that it would be on.
    disk = shutil.disk_usage(next(folder for folder in (home, *home.absolute().parents) if folder.exists()))
    short = disk.free < _LEAST_FREE_BYTES and disk.free < _LEAST_FREE_SHARE * disk.total
    return disk.free // 1_000_000 if short else None


def _limit(path: str) -> int:
    try:
        with open(path) as file:
            text = file.read().strip()
    except OSError:
        return _UNLIMITED
    return int(text) if text.isdigit() else _UNLIMITED


def gpus() -> list[dict[str, Any]]:
    """Cards as NVML tells them, or as many pretended ones as a test asks for."""
    simulated = os.environ.get(SIMULATED)
    if simulated:
        return [{"uuid": f"SIM-{index}", "type": "simulated", "memory_mb": 0} for index in range(int(simulated))]
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:
        return []  # no driver, no cards
    try:
        return [_card(index) for index in range(pynvml.nvmlDeviceGetCount())]
    except pynvml.NVMLError as error:
        log.warning("The graphics cards could not be read (%s); this host offers none.", error)
        return []
    finally:
        pynvml.nvmlShutdown()


def _card(index: int) -> dict[str, Any]:
    handle = pynvml.nvmlDeviceGetHandleByIndex(index)
    return {
        "uuid": _text(pynvml.nvmlDeviceGetUUID(handle)),
        "type": _text(pynvml.nvmlDeviceGetName(handle)),
        "memory_mb": pynvml.nvmlDeviceGetMemoryInfo(handle).total // 1_000_000,
    }


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
