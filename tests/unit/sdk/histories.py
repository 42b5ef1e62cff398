"""Random histories of a real workflow, made by the machine itself: the frames that a client would be sent."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from backend.domain.design.load import parse_document
from backend.domain.run.events import event_as_json
from backend.domain.run.inputs import (
    AssignStep,
    AttemptClaimed,
    AttemptFinished,
    AttemptLost,
    ContinueStep,
    ForceStopped,
    RefuseStep,
    RetryStep,
    StartRun,
    StopRun,
    StopStep,
)
from backend.domain.run.machine import create, decide, fold
from backend.domain.run.part import Part, Reused, Wanted
from backend.domain.run.plan import make_plan
from backend.domain.run.snapshot import snapshot_as_json

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
REUSING = Part(
    Wanted(("good", "bad", "b")),
    frozenset({"a", "b", "choose", "good", "bad"}),
    {"a": Reused("before", 7, "token-of-7", {"out": {"files": 1}}, {"metrics": {"accuracy": 0.7}})},
)
"""A run in which the first step keeps what an earlier run made."""
LOST = {"code": "run.lost", "params": {}, "message": "lost", "hint": ""}


def branching() -> dict[str, Any]:
    """Two jobs side by side, one of which waits for a value; a condition on a metric; two branches."""

    def job(name: str, depends_on: list[str], arguments: list[Any]) -> dict[str, Any]:
        metrics = {"name": "metrics", "type": "metrics", "config": {"metric_files": ["/default/runs/m.json"]}}
        properties = {"algorithm": {"command": ["true", *arguments]}}
        return {
            "id": f"s-{name}",
            "name": name,
            "kind": "job",
            "outputs": [metrics],
            "properties": properties,
            "depends_on": depends_on,
        }

    accuracy = {"$metric": {"step": "a", "output": "metrics", "key": "accuracy"}}
    choice = {
        "conditions": [{"type": "GT", "left": accuracy, "right": 0.5}],
        "if_then_steps": ["good"],
        "else_then_steps": ["bad"],
    }
    return {
        "schema": 1,
        "name": "branching",
        "parameters": [{"id": "p1", "name": "later", "type": "STR", "delay": True}],
        "steps": [
            job("a", [], []),
            job("b", [], [{"$parameter": "later"}]),
            {
                "id": "s-c",
                "name": "choose",
                "kind": "condition",
                "properties": choice,
                "depends_on": ["a"],
            },
            job("good", ["choose"], []),
            job("bad", ["choose", "b"], []),
        ],
    }


class History:
    """`frames` are all frames so far, `snapshot()` is what the server would say now."""

    def __init__(self, seed: int) -> None:
        document, problems = parse_document(branching())
        assert document is not None, problems
        self.random = Random(seed)
        self.plan = make_plan(document, {}, flavors={}, part=REUSING if seed % 5 == 0 else None)
        self.state, created = create(self.plan, run_id="run", now=BEGIN)
        self.frames: list[dict[str, Any]] = []
        self._record(created)
        self._number = 0

    def _record(self, event: Any) -> None:
        self.frames.append({"run": "run", "seq": len(self.frames) + 1, **event_as_json(event)})

    def snapshot(self) -> dict[str, Any]:
        return snapshot_as_json(self.state)

    def go(self, inputs: int) -> None:
        for _ in range(inputs):
            moment = BEGIN + timedelta(seconds=len(self.frames))
            decision = decide(self.plan, self.state, self._anything(), moment)
            for event in decision.events:
                fold(self.plan, self.state, event)
                self._record(event)

    def _anything(self) -> Any:
        step = self.random.choice(list(self.plan.order))
        token = self.random.choice([*self.state.tokens, "stale"])
        self._number += 1
        weighted = [
            (4, StartRun("admin")),
            (4, AssignStep(step, f"token-{self._number}", "host", ("GPU-1",))),
            (4, AttemptClaimed(token, "host")),
            (4, self._finished(token)),
            (2, ContinueStep(step, {"later": "now"}, "admin", "Ada")),
            (1, RetryStep(step, {"later": "again"}, "admin")),
            (0.5, AttemptLost(token, LOST)),
            (0.1, RefuseStep(step, LOST)),
            (0.1, ForceStopped(token, LOST)),
            (0.3, StopStep(step, "admin")),
            (0.1, StopRun("admin")),
        ]
        return self.random.choices([given for _, given in weighted], [weight for weight, _ in weighted])[0]

    def _finished(self, token: str) -> AttemptFinished:
        outcome = self.random.choice(["succeeded"] * 4 + ["failed", "cancelled", "timeout"])
        floats = {"metrics": {"accuracy": self.random.random()}}
        return AttemptFinished(token, outcome, {"out": {"files": 1}}, floats, None, 1)  # type: ignore[arg-type]


def histories(number: int, inputs: int = 120) -> Iterator[History]:
    for seed in range(number):
        history = History(seed)
        history.go(inputs)
        yield history
