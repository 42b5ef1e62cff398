"""The pipe to the agent. An agent that waits for its database must not make the step wait for its log."""

from __future__ import annotations

import json
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Outlet:
    """Never blocks until `finish`. Producers of coalesced news ask `idle` first, and so lose nothing by waiting."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        os.set_blocking(descriptor, False)
        self._waiting = bytearray()

    @property
    def idle(self) -> bool:
        return not self._waiting

    def put(self, event: str, **content: Any) -> None:
        line = json.dumps({"event": event, **content}, separators=(",", ":"), allow_nan=False)
        self._waiting += line.encode() + b"\n"
        self.push()

    def push(self) -> None:
        try:
            while self._waiting:
                written = os.write(self.descriptor, memoryview(self._waiting)[:65_536])
                del self._waiting[:written]
        except BlockingIOError:
            return
        except BrokenPipeError:
            self._waiting.clear()  # the agent is gone, which its other pipe tells as well

    def finish(self) -> None:
        os.set_blocking(self.descriptor, True)
        self.push()
