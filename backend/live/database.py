"""Reads of the live edge, off the event loop: a few threads, so that a thousand sockets share a few connections."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, ParamSpec, TypeVar

from django.db import connections

THREADS = 4
Given = ParamSpec("Given")
Result = TypeVar("Result")
_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="live")


async def in_database(read: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> Result:
    """Run a read in one of the threads and give its connection back."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_threads, partial(_read, read, args, kwargs))


def _read(read: Callable[..., Result], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Result:
    try:
        return read(*args, **kwargs)
    finally:
        # With a pool this hands the connection back; without one (tests, commands) it closes it.
        connections.close_all()
