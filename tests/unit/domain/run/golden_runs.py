"""Recorded runs: what goes in, each event, and the state at the end. The browser folds the same files.

`python -m tests.unit.domain.run.golden_runs` writes them anew. A file that changes without a change of the rules that
was meant is a mistake; a released one is never changed, because runs like it are stored.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from backend.domain.run import inputs
from backend.domain.run.events import event_as_json
from backend.domain.run.inputs import (
    AssignStep,
    AttemptClaimed,
    AttemptFinished,
    AttemptLost,
    ContinueStep,
    Input,
    RefuseStep,
    RetryStep,
    StartRun,
    StopRun,
    StopStep,
)
from backend.domain.run.part import Part, Reused, Wanted, part_as_json
from backend.domain.run.snapshot import snapshot_as_json
from tests.unit.domain.run.building import (
    FLAVORS,
    Json,
    any_of,
    branch,
    condition,
    document,
    job,
    metric,
    output,
    parameter,
    placeholder,
    plan_of,
)
from tests.unit.domain.run.driving import HOST, Driver, finished

FOLDER = Path(__file__).parents[3] / "golden" / "runs"
REASON = {"code": "step.failed", "params": {}, "message": "It failed.", "hint": ""}


def chain(run: Driver) -> None:
    run.run_all("a", "b", "c")


def fan(run: Driver) -> None:
    run.finish("root")
    for name in ("left", "middle", "right"):
        run.begin(name)
    run.run_all("right", "left", "middle", "join")


def skip_by_parameter(run: Driver) -> None:
    run.finish("c")


def skip_by_metric(run: Driver) -> None:
    run.finish("train", accuracy=0.31, loss=2.5)


def nested_condition(run: Driver) -> None:
    run.finish("train", accuracy=0.8)
    run.run_all("good", "report")


def selector(run: Driver) -> None:
    run.run_all("b", "model")


def delayed(run: Driver) -> None:
    run.finish("other")
    run.give(ContinueStep("asks", {}, "ann"))
    run.must(ContinueStep("asks", {"later": 5}, "ann", "Ann"))
    run.finish("asks")


def stop(run: Driver) -> None:
    token = run.begin("runs")
    run.assign("sent")
    run.must(StopRun("ann"))
    run.give(StopRun("ann"))
    run.must(finished(token, "cancelled"))


def retry(run: Driver) -> None:
    run.finish("a", "failed")
    run.must(RetryStep("a", {"flag": False}, "ann"))
    token = run.begin("a")
    run.must(StopStep("a", "bob"))
    run.must(finished(token))
    run.must(RetryStep("a", {}, "bob"))
    run.run_all("a", "b")


def edited(run: Driver) -> None:
    """Each change holds for the attempts after it, whatever becomes of them."""
    run.finish("a", "failed")
    properties = {**job("a", uses=["flag"])["properties"], "spec": {"resource": {"flavor": "gpu1"}}}
    edit = {"properties": properties, "policy": {"max_execution_minutes": 5}}
    run.must(RetryStep("a", {"flag": False}, "ann", "Ann", edit))
    run.must(AttemptLost(run.begin("a"), REASON))
    run.finish("a", "timeout")
    run.must(RetryStep("a", {}, "bob", "Bob"))
    run.must(RefuseStep("a", REASON, run.assign("a")))
    run.must(RetryStep("a", {}, "bob", "Bob", {"properties": job("a", uses=["later"])["properties"]}))
    run.must(ContinueStep("a", {"later": 2}, "ann", "Ann"))
    run.run_all("a", "b")


def nested(run: Driver) -> None:
    """A run of another workflow has an attempt on no host, and ends as that run ends."""

    def begin(token: str) -> None:
        run.must(AssignStep("inner", token, ""))
        run.must(AttemptClaimed(token, ""))

    run.finish("a")
    begin("inner-1")
    run.must(AttemptFinished("inner-1", "failed", reason=REASON))
    run.must(RetryStep("inner", {}, "ann", "Ann"))
    begin("inner-2")
    run.must(AttemptLost("inner-2"))
    begin("inner-3")
    made = {"out": {"type": "obs", "logical": "/default/deep/", "made_by": {"workflow": "other", "step": "last"}}}
    run.must(AttemptFinished("inner-3", "succeeded", made, {"metrics": {"accuracy": 0.9}}))
    run.finish("b")


def lost_twice(run: Driver) -> None:
    stale = run.begin("a")
    run.must(AttemptLost(stale, REASON))
    run.must(AttemptLost(run.assign("a")))
    run.give(finished(stale))
    run.finish("a")


def lost_for_good(run: Driver) -> None:
    for _ in range(3):
        run.must(AttemptLost(run.begin("a"), REASON))


def abnormal_branch(run: Driver) -> None:
    run.begin("slow")
    run.finish("breaks", "failed")
    run.finish("late", "timeout")
    run.must(RefuseStep("refused", REASON))
    run.run_all("slow", "after_slow")


def duplicates(run: Driver) -> None:
    run.give(StartRun())
    token = run.assign("a")
    for _ in range(2):
        run.give(AttemptClaimed(token, HOST))
    for outcome in ("succeeded", "failed"):
        run.give(finished(token, outcome))
    run.give(AttemptLost(token))


def reused(run: Driver) -> None:
    run.must(ContinueStep("asks", {"later": 5}, "ann"))
    run.finish("asks")
    run.finish("end", accuracy=0.7)


def left(step: str, chosen: Mapping[str, int] | None = None) -> Reused:
    """What run 4 made."""
    outputs = {"out": {"type": "obs", "logical": f"/default/4/{step}/", "data": {"files": 2}}}
    return Reused("run-0", 4, f"{step}-token", outputs, {"metrics": {"accuracy": 0.8}}, chosen or {})


PARTS: dict[str, Part] = {
    "reused": Part(
        Wanted(("end",)),
        frozenset({"train", "choose", "good", "bad", "asks", "pick", "end"}),
        {"train": left("train"), "good": left("good"), "pick": left("pick", {"data_url": 0})},
    )
}
"""Runs of some steps only; every other recorded run is of the whole workflow."""

YES = condition("EQ", 1, 1)
FLAG = placeholder("flag", "BOOL", default=False)
LATER = placeholder("later", "INT", delay=True)
LIMIT = placeholder("limit", "FLOAT", default=0.5)

Scenario = tuple[Json, Mapping[str, Any], Callable[[Driver], None]]
SCENARIOS: dict[str, Scenario] = {
    "chain": (document(job("a"), job("b", ["a"]), job("c", ["b"])), {}, chain),
    "fan_out_and_in": (
        document(
            job("root"),
            *(job(name, ["root"]) for name in ("left", "middle", "right")),
            job("join", ["left", "middle", "right"]),
        ),
        {},
        fan,
    ),
    "skip_by_parameter": (
        document(
            job("a", skip=[condition("EQ", parameter("flag"), True)]), job("b", ["a"]), job("c"), parameters=[FLAG]
        ),
        {"flag": True},
        skip_by_parameter,
    ),
    "skip_by_metric": (
        document(
            job("train"),
            job("model", ["train"], skip=[condition("LT", metric("train"), parameter("limit"))]),
            parameters=[LIMIT],
        ),
        {},
        skip_by_metric,
    ),
    "nested_condition": (
        document(
            job("train"),
            branch(
                "choose",
                [YES, condition("OR", condition("GT", metric("train"), 0.9), condition("GT", metric("train"), 0.5))],
                then=["good"],
                other=["inner"],
                after=["train"],
            ),
            job("good", ["choose"]),
            branch("inner", [YES], then=["worse"], other=["worst"], after=["choose"]),
            job("worse", ["inner"]),
            job("worst", ["inner"]),
            job("report", ["good", "worse", "worst"]),
        ),
        {},
        nested_condition,
    ),
    "selector": (
        document(job("a", skip=[YES]), job("b"), job("model", ["a", "b"], takes=any_of("a", "b"))),
        {},
        selector,
    ),
    "delayed": (document(job("asks", uses=["later"]), job("other"), parameters=[LATER]), {}, delayed),
    "stop": (
        document(
            job("runs"),
            job("sent"),
            job("queued"),
            job("asks", uses=["later"]),
            job("next", ["runs"]),
            parameters=[LATER],
        ),
        {},
        stop,
    ),
    "retry": (document(job("a"), job("b", ["a"]), parameters=[FLAG]), {"flag": True}, retry),
    "edited": (
        document(job("a"), job("b", ["a"]), parameters=[FLAG, placeholder("later", "INT", delay=True)]),
        {"flag": True},
        edited,
    ),
    "nested": (
        document(
            job("a"),
            {
                **job("inner", ["a"]),
                "kind": "workflow",
                "properties": {"release": {"workflow": "other", "version": 1}},
                "outputs": [
                    {"name": "out", "type": "obs", "config": {"step": "last", "output": "folder"}},
                    {"name": "metrics", "type": "metrics", "config": {"step": "last", "output": "curves"}},
                ],
            },
            job("b", ["inner"], takes=output("inner"), skip=[condition("LT", metric("inner"), 0.5)]),
        ),
        {},
        nested,
    ),
    "lost_twice": (document(job("a")), {}, lost_twice),
    "lost_for_good": (document(job("a"), job("b", ["a"])), {}, lost_for_good),
    "abnormal_branch": (
        document(
            job("breaks"),
            job("after_break", ["breaks"]),
            job("late", minutes=1),
            job("refused"),
            job("slow"),
            job("after_slow", ["slow"]),
        ),
        {},
        abnormal_branch,
    ),
    "duplicates": (document(job("a")), {}, duplicates),
    "reused": (
        document(
            job("train"),
            branch("choose", [condition("GT", metric("train"), 0.5)], then=["good"], other=["bad"], after=["train"]),
            job("good", ["choose"]),
            job("bad", ["choose"]),
            job("asks", ["good"], uses=["later"]),
            job("pick", ["good", "bad"], takes=any_of("good", "bad")),
            job("end", ["pick", "asks"], takes=output("pick")),
            job("behind", ["end"]),
            job("apart"),
            parameters=[LATER],
        ),
        {},
        reused,
    ),
}


class Recorder(Driver):
    """A driver that notes when each input came; a second passes between two inputs."""

    def give(self, given: Input) -> Any:
        self.tick()
        self.noted = [*getattr(self, "noted", []), {"at": self.now.isoformat(), "input": input_as_json(given)}]
        return super().give(given)


def recorded(name: str) -> Json:
    raw, values, scenario = SCENARIOS[name]
    run = Recorder(plan_of(raw, values, PARTS.get(name)))
    run.start()
    scenario(run)
    return {
        "name": name,
        "document": raw,
        "values": dict(values),
        "flavors": {flavor: asdict(size) for flavor, size in FLAVORS.items()},
        **({"part": part_as_json(PARTS[name])} if name in PARTS else {}),
        "inputs": run.noted,
        "events": [event_as_json(event) for event in run.events],
        "snapshot": snapshot_as_json(run.snapshot),
    }


def input_as_json(given: Input) -> Json:
    return {"type": type(given).__name__, **{each.name: getattr(given, each.name) for each in fields(given)}}


def input_from_json(raw: Json) -> Input:
    data = {name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()}
    made: Input = getattr(inputs, data.pop("type"))(**data)
    return made


def as_text(golden: Json) -> str:
    return json.dumps(golden, indent=1, sort_keys=False) + "\n"


def write_all() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in SCENARIOS:
        (FOLDER / f"{name}.json").write_text(as_text(recorded(name)), encoding="utf-8")


if __name__ == "__main__":
    write_all()
