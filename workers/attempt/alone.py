"""One attempt without a server: what the agent does for a run in the database, this does for one in a script.

Standard input: one JSON line {order, here}, then one line for each wish ({"do": "stop"} or "kill"); its end means that
the script is gone, and everything is killed. Standard output: JSON lines, the last of which is the report.
"""

from __future__ import annotations

import json
import os
import select
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.domain.metrics import floats
from backend.domain.problems import problem
from backend.domain.run.messages import StepOrder, StepReport
from workers.attempt.boxed import box_end
from workers.attempt.folder import folder_prepare
from workers.attempt.launcher import Launcher
from workers.attempt.reporting import Cancelled, report_of, report_without_process
from workers.attempt.spec import spec_make
from workers.sandbox.container_engine import ContainerEngine, engine_from_json
from workers.steps.failure import StepFailure

_MEBIBYTE = 1 << 20
_SHARE_OF_FREE_DISK = 0.9
_MOST_PROCESSES = 4096


@dataclass(frozen=True, slots=True)
class OwnMachine:
    """The machine of whoever wrote the program: nothing is fenced off from its own author, but nothing is left."""

    home: Path
    grace_seconds: float | None = None
    host: str = "local"
    isolation: str = "none"
    network: str = "open"
    network_possible: bool = False
    processes: int = _MOST_PROCESSES
    processes_by: str = "watched"
    fence_seconds: float | None = None
    log_head: int = 64 * _MEBIBYTE
    log_tail: int = 4 * _MEBIBYTE
    containers: ContainerEngine | None = None

    def disk_limit_mb(self) -> int:
        return int(shutil.disk_usage(self.home).free * _SHARE_OF_FREE_DISK / 1_000_000)

    def hidden(self) -> list[str]:
        return []


class Alone:
    """The state of one attempt; `wishes` and `news` are descriptors."""

    def __init__(self, order: StepOrder, here: OwnMachine, *, wishes: int, news: int, heard: bytes = b"") -> None:
        self._order = order
        self._here = here
        self._wishes, self._news = wishes, news
        self._text = heard
        self._launcher: Launcher | None = None
        self._wish: str | None = None
        self._ended: dict[str, Any] | None = None
        self._floats: dict[str, dict[str, dict[str, float]]] = {}

    def run(self) -> None:
        try:
            report = self._report()
        finally:
            if self._launcher:
                self._launcher.end()
            if self._order.image:
                box_end(self._order.token, self._here, os.environ)
        self._tell("report", report=report.model_dump(mode="json"))

    def _report(self) -> StepReport:
        try:
            folder_prepare(self._order, self._here.host, self._look_at_wishes)
            self._launcher = Launcher(spec_make(self._order, self._here))
        except StepFailure as failure:
            return report_without_process(self._order, "failed", failure.problem)
        except Cancelled:
            return report_without_process(self._order, "cancelled", problem("step.stopped"))
        self._accompany(self._launcher)
        if self._ended is None:
            return report_without_process(self._order, "failed", problem("step.launcher_lost"))
        self._launcher.finish()
        return report_of(self._order, self._ended, floats=self._all_floats(), tick=self._look_at_wishes)

    def _accompany(self, launcher: Launcher) -> None:
        while not launcher.ended:
            waiting = [launcher.descriptor, *([self._wishes] if self._wish != "kill" else [])]
            ready = select.select(waiting, [], [])[0]
            if self._wishes in ready:
                self._listen()
                launcher.tell(self._wish or "stop")
            if launcher.descriptor in ready:
                for event in launcher.hear(0):
                    self._take(event)

    def _take(self, event: dict[str, Any]) -> None:
        if event["event"] == "exited":
            self._ended = event
            return
        if event["event"] == "metrics":
            for each in event["updates"]:
                if each["value"] is not None:
                    self._floats.setdefault(each["output"], {})[each["path"]] = floats(each["value"])
        self._tell(**event)

    def _all_floats(self) -> dict[str, dict[str, float]]:
        """By output; where several files of one output name the same key, the last file wins."""
        return {
            output: {key: value for file in files.values() for key, value in file.items()}
            for output, files in self._floats.items()
        }

    def _look_at_wishes(self) -> None:
        """Between two files: whoever wants to stop need not wait for all of them."""
        if self._wish is None and select.select([self._wishes], [], [], 0)[0]:
            self._listen()
        if self._wish is not None:
            raise Cancelled

    def _listen(self) -> None:
        piece = os.read(self._wishes, 65_536)
        if not piece:
            self._wish = "kill"
        *lines, self._text = (self._text + piece).split(b"\n")
        for line in lines:
            wish = json.loads(line)["do"]
            self._wish = "kill" if "kill" in (wish, self._wish) else wish

    def _tell(self, event: str, **content: Any) -> None:
        line = json.dumps({"event": event, **content}, separators=(",", ":")).encode() + b"\n"
        view = memoryview(line)
        try:
            while view:
                view = view[os.write(self._news, view) :]
        except BrokenPipeError:
            return  # the script is gone, which the other pipe tells as well


def main() -> None:
    heard = b""
    while b"\n" not in heard:
        piece = os.read(0, 65_536)
        if not piece:
            return
        heard += piece
    line, _, more = heard.partition(b"\n")
    given = json.loads(line)
    engine = engine_from_json(given.get("containers"))
    here = OwnMachine(home=Path(given["home"]), grace_seconds=given.get("grace_seconds"), containers=engine)
    Alone(StepOrder.model_validate(given["order"]), here, wishes=0, news=1, heard=more).run()
