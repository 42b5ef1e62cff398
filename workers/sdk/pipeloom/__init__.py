"""Pipeloom for your own code: metrics and context inside a step, client outside.

Nothing is imported here before it is asked for: `pipeloom.metrics` and `pipeloom.context` need the standard library
only and must load in any Python that a step may run in, while `pipeloom.client` needs httpx and websockets.
"""

import importlib
from types import ModuleType

_PARTS = ("client", "context", "metrics", "workflow")


def __getattr__(name: str) -> ModuleType:
    """`import pipeloom` is enough for `pipeloom.context()` and `pipeloom.metrics.log(…)`."""
    if name in _PARTS:
        return importlib.import_module(f"pipeloom.{name}")
    raise AttributeError(f"module 'pipeloom' has no attribute {name!r}")
