"""One attempt's process, as the run sees it: started, told to stop, and read line by line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

from backend.domain.problems import problem
from backend.domain.run.messages import StepOrder
from workers import attempt
from workers.sandbox.container_engine import ContainerEngine, engine_to_json

_ATTEMPT: Final = Path(attempt.__path__[0], "__main__.py")
_CHUNK: Final = 1 << 20


class AttemptProcess:
    """In a session of its own: Ctrl-C at the terminal reaches the run, and the run decides what it means. When the
    program dies, the end of its pipe tells the attempt to end everything."""

    def __init__(
        self, order: StepOrder, home: Path, grace_seconds: float, containers: ContainerEngine | None = None
    ) -> None:
        self.token = order.token
        self.step = order.step
        self._text = b""
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(_ATTEMPT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        told = {
            "order": order.model_dump(mode="json"),
            "home": str(home),
            "grace_seconds": grace_seconds,
            "containers": engine_to_json(containers),
        }
        self._say(told)

    @property
    def descriptor(self) -> int:
        return _piped(self._process.stdout).fileno()

    def wish(self, what: str) -> None:
        """stop or kill."""
        self._say({"do": what})

    def hear(self) -> Iterator[dict[str, Any]]:
        """What it has said; an event of its own when it has gone without its last word."""
        piece = os.read(self.descriptor, _CHUNK)
        if not piece:
            yield {"event": "gone", "reason": problem("step.launcher_lost").as_json()}
            return
        *lines, self._text = (self._text + piece).split(b"\n")
        for line in lines:
            yield json.loads(line)

    def close(self) -> None:
        """Its last word is said, or nobody wants to hear it any more: it ends what it has started by itself."""
        _piped(self._process.stdin).close()
        self._process.wait()
        _piped(self._process.stdout).close()

    def _say(self, what: dict[str, Any]) -> None:
        pipe = _piped(self._process.stdin)
        try:
            pipe.write(json.dumps(what).encode() + b"\n")
            pipe.flush()
        except (BrokenPipeError, ValueError):
            return  # it is gone, which its other pipe tells


def _piped(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe
