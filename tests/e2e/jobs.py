"""Documents for the tests of the editor: jobs that hand files to one another, where they are wanted."""

from collections.abc import Mapping, Sequence
from typing import Any

Place = tuple[int, int]


def job(name: str, *takes: str, after: Sequence[str] = ()) -> dict[str, Any]:
    inputs = [{"name": f"in{number}", "data": output(each)} for number, each in enumerate(takes)]
    path = {"$storage": {"name": "runs", "path": f"{name}/"}}
    return {
        "id": f"i-{name}",
        "name": name,
        "kind": "job",
        "title": name.capitalize(),
        "inputs": inputs,
        "outputs": [{"name": "out", "type": "obs", "config": {"obs_path": path}}],
        "properties": {"algorithm": {"command": "true"}},
        "depends_on": [*takes, *after],
    }


def output(step: str) -> dict[str, Any]:
    return {"$output": {"step": step, "output": "out"}}


def document(name: str, steps: Mapping[Place, dict[str, Any]], **more: Any) -> dict[str, Any]:
    """Steps by where they are."""
    storage = {"name": "runs", "title": "", "description": "", "default": "/default/runs/", "create_dir": True}
    return {
        "schema": 1,
        "name": name,
        "description": "",
        "parameters": [],
        "data": [],
        "storages": [{**storage, "with_execution_id": True}],
        "steps": list(steps.values()),
        "layout": {"nodes": {step["id"]: {"x": x, "y": y} for (x, y), step in steps.items()}},
        **more,
    }


def lattice(name: str, count: int, *, high: int) -> dict[str, Any]:
    """So many jobs in columns, each after its neighbour on the left."""
    steps = {}
    for number in range(count):
        column, row = divmod(number, high)
        left = [f"s{number - high}"] if column else []
        steps[column * 336, row * 200] = job(f"s{number}", *left)
    return document(name, steps)
