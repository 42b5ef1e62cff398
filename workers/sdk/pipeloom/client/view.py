"""A run as a client sees it: a snapshot, and the frames since, folded in. Pure; the browser's reducer does the same.

Facts carry `seq`, dense from 1: one that is already folded in is a duplicate, one too far ahead a gap. A metrics file
carries `rev`, dense per attempt: a change that builds on a rev which is not here is a gap of that file alone. A gap
changes nothing; whoever holds the view fetches what is missing (`needs`) and goes on.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, NamedTuple

from backend.domain.metrics import apply_delta

Frame = Mapping[str, Any]
TERMINAL = frozenset({"completed", "stopped", "abnormal"})
UNTOUCHED: Mapping[str, Any] = {
    "state": "init",
    "reason": None,
    "attempts": 0,
    "lost": 0,
    "token": None,
    "host": None,
    "devices": [],
    "outputs": {},
    "floats": {},
    "branch": None,
    "chosen": {},
    "awaits": [],
    "stop_requested": False,
    "reused": None,
    "answered": None,
    "edited": None,
    "waiting_at": None,
    "ready_at": None,
    "dispatched_at": None,
    "started_at": None,
    "finished_at": None,
}


class Fold(Enum):
    """What a frame did to the view."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    GAP = "gap"
    IGNORED = "ignored"


class FileKey(NamedTuple):
    """A metrics file of one attempt."""

    step: str
    attempt: str
    output: str
    path: str


class MetricsState(NamedTuple):
    rev: int
    items: list[dict[str, Any]]
    problem: Any


class RunView:
    """`run` and `steps` hold JSON, by the names of the snapshot; `metrics` the last state of each file."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        self.seq = 0
        self.run: dict[str, Any] = {"id": run_id, "state": "init", "stop_requested": False, "values": {}}
        self.steps: dict[str, dict[str, Any]] = {}
        self.metrics: dict[FileKey, MetricsState] = {}
        self.logs: dict[str, dict[str, Any]] = {}

    @classmethod
    def of(cls, snapshot: Mapping[str, Any]) -> RunView:
        """The view that a snapshot of the API shows."""
        taken = copy.deepcopy(dict(snapshot))
        view = cls(str(taken["run"]["id"]))
        view.seq = taken["seq"]
        view.run = taken["run"]
        view.steps = {name: {**UNTOUCHED, **step} for name, step in taken["steps"].items()}
        view.logs = taken.get("logs", {})
        for entry in taken.get("metrics", []):
            view.put_metrics(entry)
        return view

    @property
    def state(self) -> str:
        return str(self.run["state"])

    @property
    def finished(self) -> bool:
        return self.state in TERMINAL

    def step(self, name: str) -> dict[str, Any]:
        return self.steps.setdefault(name, dict(UNTOUCHED))

    def metrics_of(self, step: str) -> list[dict[str, Any]]:
        """All metrics of the newest attempt of a step that wrote any."""
        keys = [key for key in self.metrics if key.step == step]
        return [item for key in keys if key.attempt == keys[-1].attempt for item in self.metrics[key].items]

    def apply(self, frame: Frame) -> Fold:
        """Fold one frame in. GAP: nothing changed, something before it is missing."""
        if "seq" in frame and frame["type"] in FACTS:
            return self._fact(frame)
        if frame["type"] == "metrics":
            return self._metrics(frame)
        if frame["type"] == "log_grew":
            return self._log(frame)
        if frame["type"] == "resync" or (frame["type"] == "ping" and (frame.get("seq") or 0) > self.seq):
            return Fold.GAP
        return Fold.IGNORED

    def put_metrics(self, entry: Mapping[str, Any]) -> None:
        """A metrics file as a whole, from a snapshot or fetched to heal a gap; an older one is not taken."""
        key = _key(entry)
        held = self.metrics.get(key)
        if held is None or entry["rev"] >= held.rev:
            self.metrics[key] = MetricsState(entry["rev"], list(entry.get("value") or []), entry.get("problem"))

    def _fact(self, frame: Frame) -> Fold:
        if frame["seq"] <= self.seq:
            return Fold.DUPLICATE
        if frame["seq"] != self.seq + 1:
            return Fold.GAP
        if frame.get("step") is None:
            self.run.update(FACTS[frame["type"]](self.run, frame))
        else:
            self._step_fact(frame)
        self.seq = frame["seq"]
        return Fold.APPLIED

    def _step_fact(self, frame: Frame) -> None:
        step = self.step(frame["step"])
        self.steps[frame["step"]] = {**step, **FACTS[frame["type"]](step, frame)}
        if frame["type"] in ("step_retried", "step_continued"):
            self.run["values"] = {**self.run["values"], **frame["data"].get("values", {})}
        if frame["type"] == "step_retried":
            self.run.update(state="running", stop_requested=False, finished_at=None)

    def _metrics(self, frame: Frame) -> Fold:
        key = _key(frame)
        held = self.metrics.get(key)
        rev = held.rev if held else 0
        if held is not None and frame["rev"] <= rev:
            return Fold.DUPLICATE
        items = held.items if held else []
        if frame.get("value") is not None:
            items = list(frame["value"])
        elif frame["rev"] != rev + 1:
            return Fold.GAP
        elif frame.get("delta") is not None:
            try:
                items = apply_delta(items, frame["delta"])
            except ValueError:
                return Fold.GAP
        self.metrics[key] = MetricsState(frame["rev"], items, frame.get("problem"))
        return Fold.APPLIED

    def _log(self, frame: Frame) -> Fold:
        held = self.logs.get(frame["step"])
        if held and held["attempt"] == frame["attempt"] and held["size"] >= frame["size"]:
            return Fold.DUPLICATE
        self.logs[frame["step"]] = {"attempt": frame["attempt"], "size": frame["size"]}
        return Fold.APPLIED


def _key(entry: Mapping[str, Any]) -> FileKey:
    return FileKey(entry["step"], str(entry["attempt"]), entry["output"], entry["path"])


Changes = dict[str, Any]


def _run_created(_run: Changes, frame: Frame) -> Changes:
    return {"state": "init", "values": frame["data"]["values"], "created_at": frame["at"]}


def _run_started(_run: Changes, frame: Frame) -> Changes:
    return {"state": "running", "started_at": frame["at"]}


def _run_stop_requested(_run: Changes, _frame: Frame) -> Changes:
    return {"stop_requested": True}


def _run_finished(_run: Changes, frame: Frame) -> Changes:
    return {"state": frame["data"]["state"], "finished_at": frame["at"]}


def _ready(_step: Changes, frame: Frame) -> Changes:
    return {"state": "pending", "chosen": frame["data"].get("chosen", {}), "ready_at": frame["at"]}


def _waiting(_step: Changes, frame: Frame) -> Changes:
    data = frame["data"]
    asked = {name: data[name] for name in ("awaits", "reason")}
    return {"state": "wait_inputs", "answered": None, "waiting_at": frame["at"], **asked}


def _continued(_step: Changes, frame: Frame) -> Changes:
    data = frame["data"]
    answered = {"by": data["by"], "name": data["name"]} if data.get("name") else None
    return {"state": "init", "awaits": [], "reason": None, "answered": answered}


def _dispatched(_step: Changes, frame: Frame) -> Changes:
    data = frame["data"]
    taken = {"token": data["token"], "host": data["host"] or None, "devices": data["devices"]}
    return {"state": "creating", "attempts": data["attempt"], "dispatched_at": frame["at"], "reason": None, **taken}


def _started(_step: Changes, frame: Frame) -> Changes:
    return {"state": "running", "started_at": frame["at"]}


def _stop_requested(_step: Changes, frame: Frame) -> Changes:
    return {"state": "stopping", "stop_requested": True, "reason": frame["data"]["reason"]}


def _lost(_step: Changes, frame: Frame) -> Changes:
    gone: Changes = {"token": None, "host": None, "devices": [], "dispatched_at": None, "started_at": None}
    return {"state": "pending", "lost": frame["data"]["lost"], "reason": frame["data"]["reason"], **gone}


def _promoted(_step: Changes, frame: Frame) -> Changes:
    return {"outputs": frame["data"]["outputs"], "floats": frame["data"]["floats"]}


def _finished(_step: Changes, frame: Frame) -> Changes:
    data = frame["data"]
    left = {"token": None, "awaits": [], "reason": data.get("reason"), "branch": data.get("branch")}
    return {"state": data["state"], "finished_at": frame["at"], **left}


def _skipped(_step: Changes, frame: Frame) -> Changes:
    return {"state": "skipped", "reason": frame["data"]["reason"], "finished_at": frame["at"]}


def _reused(_step: Changes, frame: Frame) -> Changes:
    data = frame["data"]
    taken = {name: data[name] for name in ("outputs", "floats", "reason")}
    source = {name: data[name] for name in ("run", "number", "attempt")}
    left = {"awaits": [], "chosen": data.get("chosen", {}), "finished_at": frame["at"]}
    return {"state": "completed", "reused": source, **taken, **left}


def _retried(step: Changes, frame: Frame) -> Changes:
    edited = frame["data"].get("edited", step.get("edited"))
    return {**copy.deepcopy(dict(UNTOUCHED)), "attempts": step["attempts"], "edited": edited}


def _nothing(_holder: Changes, _frame: Frame) -> Changes:
    return {}


FACTS: Mapping[str, Callable[[Changes, Frame], Changes]] = {
    "run_created": _run_created,
    "run_started": _run_started,
    "run_stop_requested": _run_stop_requested,
    "run_finished": _run_finished,
    "step_ready": _ready,
    "step_waiting": _waiting,
    "step_continued": _continued,
    "step_dispatched": _dispatched,
    "step_started": _started,
    "step_stop_requested": _stop_requested,
    "attempt_lost": _lost,
    "outputs_promoted": _promoted,
    "step_finished": _finished,
    "step_skipped": _skipped,
    "step_reused": _reused,
    "step_retried": _retried,
    "condition_evaluated": _nothing,
}
