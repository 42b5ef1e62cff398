"""Makes valid documents of any shape: Hypothesis strategies."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Raw = dict[str, Any]

_titles = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=20)
_numbers = st.integers(-(2**53), 2**53)
_floats = st.floats(-1e15, 1e15, allow_nan=False)
_literals = st.none() | st.booleans() | _numbers | _floats | _titles

_PARAMETERS: list[tuple[Raw, st.SearchStrategy[Any]]] = [
    ({"type": "INT"}, _numbers),
    ({"type": "FLOAT"}, _floats | _numbers),
    ({"type": "STR"}, _titles),
    ({"type": "BOOL"}, st.booleans()),
    ({"type": "ENUM", "enum": ["a", 1, True]}, st.sampled_from(["a", 1, True])),
    ({"type": "JSON"}, st.dictionaries(_titles, _literals, max_size=3)),
    ({"type": "LIST", "format": "int"}, st.lists(_numbers, max_size=3)),
    ({"type": "LIST", "format": "str"}, st.lists(_titles, max_size=3)),
    ({"type": "STR", "format": "obs"}, st.sampled_from(["/default/a/", "/default/b"])),
]


@st.composite
def _parameter(draw: st.DrawFn, index: int) -> Raw:
    shape, values = draw(st.sampled_from(_PARAMETERS))
    made: Raw = {"id": f"p{index}", "name": f"value_{index}", **shape}
    if draw(st.booleans()):
        made["default"] = draw(values)
    if draw(st.booleans()):
        made["required"] = draw(st.booleans())
    if made.get("required", True) and draw(st.booleans()):
        made["delay"] = draw(st.booleans())
    return made


@st.composite
def _job(draw: st.DrawFn, index: int, before: list[Raw], parameters: list[Raw]) -> Raw:
    argument = _literals | st.just({"$literal": {"$parameter": "no reference"}})
    if parameters:
        argument |= st.sampled_from(parameters).map(lambda parameter: {"$parameter": parameter["name"]})
    parents = draw(st.lists(st.sampled_from(before), max_size=3, unique_by=lambda step: step["name"])) if before else []
    outputs = [{"$output": {"step": parent["name"], "output": "out"}} for parent in parents]
    inputs = (
        st.sampled_from(outputs) | st.just({"$any_of": outputs}) if outputs else st.just({"obs_path": "/default/x/"})
    )
    step: Raw = {
        "id": f"s{index}",
        "name": f"step-{index}",
        "kind": "job",
        "title": draw(_titles),
        "inputs": [{"name": f"in_{at}", "data": draw(inputs)} for at in range(draw(st.integers(0, 2)))],
        "outputs": [
            {"name": "out", "type": "obs", "config": {"obs_path": {"$storage": {"name": "runs", "path": f"{index}/"}}}},
            {"name": "metrics", "type": "metrics", "config": {"metric_files": [f"/default/{index}.json"]}},
        ],
        "properties": {
            "algorithm": {
                "command": draw(st.lists(_titles, min_size=1, max_size=3)),
                "parameters": [{"name": f"a{at}", "value": draw(argument)} for at in range(draw(st.integers(0, 3)))],
            }
        },
        "depends_on": [parent["name"] for parent in parents],
    }
    if draw(st.booleans()):
        step["outputs"][0]["config"]["metric_file"] = draw(st.sampled_from(["metrics.json", "deep/er/m.json"]))
    return _with_policy(draw, step, parents)


@st.composite
def _nested(draw: st.DrawFn, index: int, before: list[Raw], parameters: list[Raw]) -> Raw:
    """A step that is a run of another workflow, with the outputs that every other step has."""
    value = _literals | st.just({"$storage": {"name": "runs", "path": "deep/"}})
    if parameters:
        value |= st.sampled_from(parameters).map(lambda parameter: {"$parameter": parameter["name"]})
    parents = draw(st.lists(st.sampled_from(before), max_size=2, unique_by=lambda step: step["name"])) if before else []
    outputs = [{"$output": {"step": parent["name"], "output": "out"}} for parent in parents]
    step: Raw = {
        "id": f"s{index}",
        "name": f"step-{index}",
        "kind": "workflow",
        "inputs": [{"name": "raw", "data": output} for output in outputs[:1]],
        "outputs": [
            {"name": "out", "type": "obs", "config": {"step": "last", "output": "folder"}},
            {"name": "metrics", "type": "metrics", "config": {"step": "last", "output": "curves"}},
        ],
        "properties": {
            "release": {"workflow": "another one", "version": draw(st.integers(1, 9))},
            "parameters": [{"name": f"a{at}", "value": draw(value)} for at in range(draw(st.integers(0, 2)))],
        },
        "depends_on": [parent["name"] for parent in parents],
    }
    return _with_policy(draw, step, parents)


def _with_policy(draw: st.DrawFn, step: Raw, parents: list[Raw]) -> Raw:
    if draw(st.booleans()):
        step["policy"] = {"reuse": draw(st.booleans())}
    if parents and draw(st.booleans()):
        metric = {"$metric": {"step": parents[0]["name"], "output": "metrics", "key": draw(_titles)}}
        operator = draw(st.sampled_from(["EQ", "NOT", "GT", "GTE", "LT", "LTE"]))
        step["policy"] = {
            **step.get("policy", {}),
            "skip_conditions": [{"type": operator, "left": metric, "right": draw(_numbers | _floats)}],
        }
    return step


@st.composite
def documents(draw: st.DrawFn) -> Raw:
    """Jobs and runs of other workflows in any acyclic order with any parameters, listed in any order."""
    parameters = [draw(_parameter(index)) for index in range(draw(st.integers(0, 5)))]
    steps: list[Raw] = []
    for index in range(draw(st.integers(0, 8))):
        made = st.one_of(_job(index, steps, parameters), _nested(index, steps, parameters))
        steps.append(draw(made))
    return {
        "schema": 1,
        "name": "generated",
        "description": draw(_titles),
        "parameters": parameters,
        "storages": [{"name": "runs", "default": "/default/runs/", "with_execution_id": True}],
        "steps": draw(st.permutations(steps)),
        "layout": {"nodes": {step["id"]: {"x": draw(_floats), "y": 0} for step in steps}},
    }
