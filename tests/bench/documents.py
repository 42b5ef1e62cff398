"""Workflows of steps that do nothing, in the shapes that are measured."""

from pathlib import Path
from typing import Any

WRITER = Path(__file__).with_name("writer.py")


def step(name: str, depends_on: list[str], command: list[str]) -> dict[str, Any]:
    return {
        "id": f"s-{name}",
        "name": name,
        "kind": "job",
        "properties": {"algorithm": {"command": command}},
        "depends_on": depends_on,
    }


def document(name: str, steps: list[dict[str, Any]]) -> dict[str, Any]:
    return {"schema": 1, "name": name, "steps": steps}


def chain(length: int) -> dict[str, Any]:
    names = [f"step{number}" for number in range(length)]
    steps = [step(name, names[index - 1 : index] if index else [], ["true"]) for index, name in enumerate(names)]
    return document(f"Chain of {length}", steps)


def fan_out(width: int) -> dict[str, Any]:
    middle = [f"middle{number}" for number in range(width)]
    steps = [step("first", [], ["true"]), *(step(name, ["first"], ["true"]) for name in middle)]
    return document(f"Fan out to {width}", [*steps, step("last", middle, ["true"])])


def clock() -> dict[str, Any]:
    """One step that says when its first instruction ran."""
    return document("Clock", [step("clock", [], ["date", "+%s.%N"])])


def curve(charts: int) -> dict[str, Any]:
    """One step that writes a point after the other into a metrics file, until it is stopped."""
    one = step("write", [], ["python3", "-c", WRITER.read_text()])
    one["properties"]["algorithm"]["parameters"] = [{"name": "charts", "value": charts}]
    place = {"metric_files": ["/default/bench/metrics.json"], "realtime_visualization": True, "visualization": True}
    one["outputs"] = [
        {"name": "out", "type": "obs", "config": {"obs_path": "/default/bench/"}},
        {"name": "metrics", "type": "metrics", "config": place},
    ]
    return document(f"Curves {charts}", [one])


def checked(steps: int) -> dict[str, Any]:
    """For the check alone: layered, with a placeholder in every step."""
    made = []
    for number in range(steps):
        parents = [f"step{parent}" for parent in {number // 2, number - 1} if 0 <= parent < number]
        one = step(f"step{number}", sorted(parents), ["true"])
        one["properties"]["algorithm"]["parameters"] = [{"name": "epochs", "value": {"$parameter": "epochs"}}]
        made.append(one)
    parameters = [{"id": "p1", "name": "epochs", "type": "INT", "default": 1}]
    return {**document(f"Checked {steps}", made), "parameters": parameters}
