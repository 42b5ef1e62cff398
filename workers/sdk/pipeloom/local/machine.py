"""What this machine has to give to steps, and what the flavors of other installations mean on it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, Final

from backend.domain.run.placement import Gpu, HostCapacity
from backend.domain.run.resources import ONE_CORE, Resources
from workers.sandbox.container_engine import Found, find

HOST: Final = "local"
_SIMULATED: Final = "PIPELOOM_SIMULATED_GPUS"
_VISIBLE: Final = "CUDA_VISIBLE_DEVICES"
_CPUS = re.compile(r"cpu\.(\d{1,4})(@.*)?")
_CARDS = re.compile(r"gpu\.(\d{1,3})(@.*)?")
_POOL_CARDS: Final = {
    "modelarts.pool.visual.xlarge": 1,
    "modelarts.pool.visual.2xlarge": 2,
    "modelarts.pool.visual.4xlarge": 4,
    "modelarts.pool.visual.8xlarge": 8,
}
_MEMORY_PER_CPU_MB: Final = 4096
_SECONDS: Final = 20


class Room:
    """What is free on this machine, for a run and all runs inside it."""

    def __init__(self, host: HostCapacity) -> None:
        self.host = self.free = host
        self._held: dict[str, tuple[Resources, tuple[str, ...]]] = {}

    @cached_property
    def containers(self) -> Found:
        """Looked for once, and only for a workflow that has a step in a container."""
        return find(os.environ)

    def open_containers(self) -> None:
        there = self.containers.engine is not None
        self.host, self.free = replace(self.host, containers=there), replace(self.free, containers=there)

    def take(self, token: str, needs: Resources, devices: tuple[str, ...]) -> None:
        self._held[token] = (needs, devices)
        left = tuple(each for each in self.free.free_gpus if not needs.gpus or each.uuid not in devices)
        self._changed(-needs.cpu, -needs.memory_mb, left)

    def give_back(self, token: str) -> None:
        """Nothing of what held nothing."""
        if token in self._held:
            needs, devices = self._held.pop(token)
            back = tuple(each for each in self.host.gpus if each.uuid in devices and needs.gpus)
            self._changed(needs.cpu, needs.memory_mb, (*self.free.free_gpus, *back))

    def _changed(self, cpu: float, memory_mb: int, gpus: tuple[Gpu, ...]) -> None:
        free = self.free
        self.free = replace(
            free, free_cpu=free.free_cpu + cpu, free_memory_mb=free.free_memory_mb + memory_mb, free_gpus=gpus
        )


class AnyFlavor(Mapping[str, Resources]):
    """`cpu.N`, `gpu.N` and the pools of N cards are kept to; a name that only its server knows gets one core, and is
    not limited otherwise."""

    def __init__(self, host: HostCapacity) -> None:
        self._host = host

    def __getitem__(self, name: str) -> Resources:
        if found := _CPUS.fullmatch(name):
            cores = min(float(found[1]), self._host.cpu) or 1.0
            return Resources(cpu=cores, memory_mb=min(int(_MEMORY_PER_CPU_MB * cores), self._host.memory_mb))
        found = _CARDS.fullmatch(name)
        cards = int(found[1]) if found else _POOL_CARDS.get(name, 0)
        return Resources(cpu=1.0, gpus=cards) if cards else ONE_CORE

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str)

    def __iter__(self) -> Iterator[str]:
        return iter(("cpu.1",))

    def __len__(self) -> int:
        return 1


def says_its_size(flavor: str) -> bool:
    return bool(_CPUS.fullmatch(flavor) or _CARDS.fullmatch(flavor)) or flavor in _POOL_CARDS


def flavors_in(values: Iterable[Any]) -> list[str]:
    """The flavors among the values of a run."""
    return [str(each["flavor_id"]) for each in values if isinstance(each, Mapping) and "flavor_id" in each]


def this_machine() -> HostCapacity:
    cpu = float(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 1_000_000
    cards = tuple(_cards())
    return HostCapacity(HOST, cpu, memory, cards, cpu, memory, cards)


def _cards() -> list[Gpu]:
    """As the driver's own tool tells them; only those that this program may use itself."""
    simulated = os.environ.get(_SIMULATED)
    if simulated:
        return [Gpu(f"SIM-{index}", "simulated") for index in range(int(simulated))]
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return []
    try:
        asked = [tool, "--query-gpu=uuid,name", "--format=csv,noheader"]
        told = subprocess.run(asked, capture_output=True, text=True, timeout=_SECONDS, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return []
    rows = [line.split(",", 1) for line in told.splitlines() if "," in line]
    cards = [Gpu(uuid.strip(), name.strip()) for uuid, name in rows]
    visible = os.environ.get(_VISIBLE)
    if visible is None:
        return cards
    wanted = [each.strip() for each in visible.split(",")]
    return [card for index, card in enumerate(cards) if str(index) in wanted or card.uuid in wanted]
