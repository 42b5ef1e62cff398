"""Durations go on while the machine sleeps: a suspended laptop must notice that its lease has run out."""

from __future__ import annotations

import time


def now() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)
