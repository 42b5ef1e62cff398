"""What a soak measures while it goes on, and whether any of it grows."""

from __future__ import annotations

import math
import os
import time
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

WARM_SECONDS = 45.0
"""Of a process's life: what it loads at first is no growth."""
SETTLED_SECONDS = 600.0
"""Of a process's life: by then its caches have what they hold, and the allocator what it needs."""
SHORTEST_LIFE = 6
"""Samples of a life that tells something about a slope."""


@dataclass(frozen=True, slots=True)
class Slope:
    """Per hour, with the half width of its 95 % confidence interval; `over` is what it was measured over."""

    name: str
    unit: str
    mean: float
    per_hour: float
    interval: float
    samples: int

    @property
    def grows(self) -> bool:
        return self.per_hour - self.interval > 0

    def told(self) -> str:
        mark = "grows" if self.grows else ""
        return (
            f"  {self.name:<34} mean {self.mean:>10,.1f} {self.unit:<5} slope {self.per_hour:>+10,.1f}"
            f" ± {self.interval:<9,.1f} {self.unit}/h  n={self.samples:<5} {mark}"
        )


def slope(name: str, unit: str, lives: Iterable[list[tuple[float, float]]]) -> Slope | None:
    """One slope of all lives (seconds, value), each with a level of its own. None: too little was seen.

    Neighbouring samples resemble each other, so the interval counts only as many as are independent of each other."""
    good = [life for life in lives if len(life) >= SHORTEST_LIFE]
    count = sum(len(life) for life in good)
    if count < 2 * SHORTEST_LIFE:
        return None
    xs, ys, starts = [], [], []
    for life in good:
        at, value = (sum(column) / len(life) for column in zip(*life, strict=True))
        starts.append(len(xs))
        xs += [x - at for x, _ in life]
        ys += [y - value for _, y in life]
    spread = sum(x * x for x in xs)
    if spread == 0:
        return None
    rate = sum(x * y for x, y in zip(xs, ys, strict=True)) / spread
    rest = [y - rate * x for x, y in zip(xs, ys, strict=True)]
    variance = sum(each * each for each in rest) / max(1, count - len(good) - 1)
    error = math.sqrt(variance / spread * _inflation(rest, set(starts)))
    mean = sum(value for life in good for _, value in life) / count
    return Slope(name, unit, mean, rate * 3600, 1.96 * error * 3600, count)


def _inflation(rest: list[float], starts: set[int]) -> float:
    """By how much the variance is larger than of independent samples: (1 + r) / (1 - r)."""
    whole = sum(each * each for each in rest)
    if whole == 0:
        return 1.0
    pairs = sum(rest[i - 1] * rest[i] for i in range(1, len(rest)) if i not in starts)
    r = max(0.0, min(0.95, pairs / whole))
    return (1 + r) / (1 - r)


@dataclass
class Figures:
    """`lives` by (kind, process): the kinds are memory and descriptors. `series` by name: rows and bytes."""

    lives: dict[str, dict[str, list[tuple[float, float]]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    series: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))

    def sample(self, at: float, up: int, rows: dict[str, int] | None, sizes: dict[str, int]) -> None:
        for role, process in roles(up):
            try:
                age = at_age(process)
                if age >= WARM_SECONDS:
                    who = f"{role}:{process.pid}:{process.create_time():.2f}"
                    self.lives["memory"][who].append((age, process.memory_info().rss / 1e6))
                    self.lives["descriptors"][who].append((age, float(process.num_fds())))
            except psutil.Error:
                continue
        for name, value in [*(rows or {}).items(), *sizes.items()]:
            self.series[name].append((at, float(value)))

    def slopes(self) -> list[Slope]:
        found: list[Slope | None] = []
        for kind, unit in (("memory", "MB"), ("descriptors", "fds")):
            by_role: dict[str, list[list[tuple[float, float]]]] = defaultdict(list)
            for who, life in self.lives[kind].items():
                by_role[who.split(":")[0]].append(life)
            for role, lives in sorted(by_role.items()):
                found.append(slope(f"{role} {kind}", unit, lives))
                settled = [[(age, value) for age, value in life if age >= SETTLED_SECONDS] for life in lives]
                found.append(slope(f"{role} {kind} after 10 min", unit, settled))
        for name, points in sorted(self.series.items()):
            unit = "MB" if name.endswith("MB") else "rows"
            # The first part fills up to the number of runs that are kept.
            found.append(slope(name, unit, [points[len(points) // 3 :]]))
        return [each for each in found if each is not None]

    def as_json(self) -> Any:
        return {"lives": {kind: dict(lives) for kind, lives in self.lives.items()}, "series": dict(self.series)}

    def take(self, raw: Any) -> None:
        for kind, lives in raw["lives"].items():
            for who, points in lives.items():
                self.lives[kind][who] = [(at, value) for at, value in points]
        for name, points in raw["series"].items():
            self.series[name] = [(at, value) for at, value in points]


def at_age(process: psutil.Process) -> float:
    return time.time() - process.create_time()


def roles(up: int) -> list[tuple[str, psutil.Process]]:
    """The product's lasting processes; launchers and steps come and go."""
    try:
        root = psutil.Process(up)
        found = [("up", root)]
        for child in root.children():
            role = _role(" ".join(child.cmdline()))
            if role:
                found.append((role, child))
            if role == "worker host":
                for celery in child.children():
                    found.append(("celery", celery))
                    found += [
                        ("celery child", each)
                        for each in celery.children()
                        if "launch.py" not in " ".join(each.cmdline())
                    ]
    except psutil.Error:
        return []
    return found


def _role(command: str) -> str | None:
    for word, role in (
        ("backend.config.web", "web"),
        ("manage.py reconcile", "reconciler"),
        ("workers.agent", "worker host"),
        ("bin/postgres", "postgres"),
        ("redis", "redis"),
    ):
        if word in command:
            return role
    return None


def folder_mb(folder: Path) -> int:
    total = 0
    for place, _, files in os.walk(folder):  # folders may go while we look
        for name in files:
            with suppress(OSError):
                total += Path(place, name).lstat().st_size
    return total // 1_000_000
