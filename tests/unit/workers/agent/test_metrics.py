"""Metrics that wait for a database that does not answer."""

from typing import Any

from workers.agent.metrics import Metrics


def update(
    value: float | None = None, *, delta: Any = None, problem: Any = None, path: str = "m.json"
) -> dict[str, Any]:
    items = None if value is None else [{"key": "loss", "title": "", "type": "float", "data": {"value": value}}]
    return {"output": "metrics", "path": path, "value": items, "delta": delta, "problem": problem}


def test_it_passes_a_change_on_as_it_came() -> None:
    metrics = Metrics()
    metrics.take([update(1, delta={"ops": []})])
    (waiting,) = metrics.waiting()
    assert waiting.delta == {"ops": []}
    metrics.written()
    assert metrics.waiting() == []


def test_it_joins_changes_that_could_not_be_written_into_one_whole_value() -> None:
    metrics = Metrics()
    metrics.take([update(1), update(5, path="other.json")])
    metrics.take([update(2, delta={"ops": ["builds on 1"]})])
    metrics.take([update(None, problem={"code": "json.torn"})])
    first, other = metrics.waiting()
    assert first.value is not None
    assert first.value[0]["data"]["value"] == 2
    assert (first.delta, first.problem) == (None, {"code": "json.torn"})
    assert other.path == "other.json"


def test_it_knows_the_last_floats_of_every_output_also_when_written_long_ago() -> None:
    metrics = Metrics()
    metrics.take([update(1)])
    metrics.written()
    metrics.take([update(None, problem={"code": "json.torn"})])
    assert metrics.floats() == {"metrics": {"loss": 1}}
