"""Pipelines of Elyra and Kubeflow become workflows that check clean."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain.design.check import check
from backend.domain.interop.elyra import document_from_elyra, looks_like_elyra
from backend.domain.interop.kubeflow import document_from_kubeflow, looks_like_kubeflow
from backend.domain.interop.report import Converted
from tests.unit.domain.interop.test_wire import JUNK, places

Raw = dict[str, Any]


def node(id_: str, op: str, file: str, x: int, *after: str) -> Raw:
    links = [{"id": f"l{at}", "node_id_ref": parent, "port_id_ref": "out"} for at, parent in enumerate(after)]
    return {
        "id": id_,
        "type": "execution_node",
        "op": op,
        "app_data": {
            "component_parameters": {
                "filename": file,
                "runtime_image": "org/python:3",
                "env_vars": [{"env_var": "MODE", "value": "fast"}],
                "cpu": 2,
            },
            "ui_data": {"label": file, "x_pos": x, "y_pos": 10},
        },
        "inputs": [{"id": "in", "links": links}],
    }


ELYRA: Raw = {
    "doc_type": "pipeline",
    "pipelines": [
        {
            "id": "p",
            "app_data": {"properties": {"name": "flowers"}},
            "nodes": [
                node("1", "execute-python-node", "load data.py", 0),
                node("2", "execute-notebook-node", "load data.py", 100, "1"),
            ],
        }
    ],
}
KUBEFLOW: Raw = {
    "pipelineInfo": {"name": "flowers"},
    "root": {
        "inputDefinitions": {"parameters": {"epochs": {"parameterType": "NUMBER_INTEGER", "defaultValue": 3.0}}},
        "dag": {
            "tasks": {
                "load": {"taskInfo": {"name": "load"}, "componentRef": {"name": "comp-load"}},
                "train": {
                    "taskInfo": {"name": "train"},
                    "componentRef": {"name": "comp-load"},
                    "dependentTasks": ["load"],
                    "inputs": {
                        "parameters": {
                            "epochs": {"componentInputParameter": "epochs"},
                            "rate": {"runtimeValue": {"constant": 0.1}},
                            "made": {"taskOutputParameter": {"producerTask": "load", "outputParameterKey": "x"}},
                        }
                    },
                },
            }
        },
    },
    "components": {"comp-load": {"executorLabel": "exec-load"}},
    "deploymentSpec": {
        "executors": {"exec-load": {"container": {"image": "org/python:3", "command": ["python"], "args": ["-V"]}}}
    },
}
READERS: list[tuple[Raw, Callable[[Raw], Converted]]] = [
    (ELYRA, document_from_elyra),
    (KUBEFLOW, document_from_kubeflow),
]


@pytest.mark.parametrize(("raw", "convert"), READERS)
def test_it_makes_a_workflow_that_checks_clean(raw: Raw, convert: Callable[[Raw], Converted]) -> None:
    done = convert(raw)

    assert check(done.raw) == []
    assert done.raw["name"] == "flowers"
    first, second = done.raw["steps"]
    assert second["depends_on"] == [first["name"]]
    assert first["properties"]["algorithm"]["engine"] == {"image_url": "org/python:3"}


def test_it_says_what_was_left_out() -> None:
    assert {each.path for each in document_from_elyra(ELYRA).report.notes} == {
        f"/pipelines/0/nodes/{at}/app_data/component_parameters/cpu" for at in (0, 1)
    }
    assert [each.path for each in document_from_kubeflow(KUBEFLOW).report.notes] == [
        "/root/dag/tasks/train/inputs/parameters/made"
    ]
    train = document_from_kubeflow(KUBEFLOW).raw["steps"][1]["properties"]["algorithm"]["parameters"]
    assert train == [{"name": "epochs", "value": {"$parameter": "epochs"}}, {"name": "rate", "value": 0.1}]


def test_it_takes_over_what_elyra_says_of_all_nodes() -> None:
    first, second = ELYRA["pipelines"][0]["nodes"]
    own = {**first["app_data"]["component_parameters"], "env_vars": [{"env_var": "B", "value": "own"}]}
    pipeline = {
        "nodes": [{**first, "app_data": {**first["app_data"], "component_parameters": own}}, second],
        "app_data": {
            "ui_data": {"comments": [{"content": "Two years of flowers", "x_pos": 5, "y_pos": 6}, {"content": ""}, 3]},
            "properties": {
                "pipeline_defaults": {
                    "env_vars": [{"env_var": "A", "value": "all"}, {"env_var": "B", "value": "all"}],
                    "runtime_image": "org/other:1",
                }
            },
        },
    }

    done = document_from_elyra({**ELYRA, "pipelines": [pipeline]})

    environments = [step["properties"]["algorithm"]["environments"] for step in done.raw["steps"]]
    assert environments == [{"A": "all", "B": "own"}, {"A": "all", "B": "all", "MODE": "fast"}]
    (note,) = done.raw["notes"]
    assert (note["text"], done.raw["layout"]["nodes"][note["id"]]) == ("Two years of flowers", {"x": 5, "y": 6})
    assert check({**done.raw, "name": "flowers"}) == []
    told = {each.path.removeprefix("/pipelines/0/app_data/") for each in done.report.notes}
    assert {"properties/pipeline_defaults/runtime_image", "ui_data/comments/2"} <= told


def test_it_tells_where_kubeflow_would_have_put_a_value() -> None:
    container = {"image": "org/python:3", "command": ["python"], "args": ["--n", "{{$.inputs.parameters['n']}}"] * 2}
    done = document_from_kubeflow(
        {
            **KUBEFLOW,
            "pipelineInfo": {"name": "flowers", "description": "Two years"},
            "deploymentSpec": {"executors": {"exec-load": {"container": container}}},
        }
    )

    told = [each for each in done.report.notes if each.code == "interop.unknown_reference"]
    assert {each.params["found"] for each in told} == {"{{$.inputs.parameters['n']}}"}
    assert {each.path for each in told} == {"/deploymentSpec/executors/exec-load/container"}
    assert done.raw["description"] == "Two years"


def test_each_knows_its_own() -> None:
    assert looks_like_elyra(ELYRA)
    assert looks_like_kubeflow(KUBEFLOW)
    assert not looks_like_elyra(KUBEFLOW)
    assert not looks_like_kubeflow(ELYRA)


@pytest.mark.parametrize(("raw", "convert"), READERS)
@settings(max_examples=400)
@given(data=st.data())
def test_it_reads_whatever_is_broken(raw: Raw, convert: Callable[[Raw], Converted], data: st.DataObject) -> None:
    broken = copy.deepcopy(raw)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.sampled_from([each for each in places(broken) if each] or [("x",)]))
        at: Any = broken
        for key in place[:-1]:
            at = at[key]
        at[place[-1]] = copy.deepcopy(data.draw(JUNK))

    check(convert(broken).raw)
