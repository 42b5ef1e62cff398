"""Kubeflow's YAML: read as plain data, several documents too, and refused politely where it is a trap."""

from __future__ import annotations

import pytest
from django.test import Client

from backend.apps.accounts.services import token_create
from tests.harness.runs import person

PIPELINE = """\
# PIPELINE DEFINITION
pipelineInfo: {name: digits}
root:
  dag:
    tasks:
      train:
        componentRef: {name: comp-train}
        taskInfo: {name: train}
  inputDefinitions:
    parameters:
      since: {parameterType: STRING, defaultValue: 2024-01-01}
components: {comp-train: {executorLabel: exec-train}}
deploymentSpec:
  executors: {exec-train: {container: {image: "python:3.11", command: [python, train.py]}}}
"""
PLATFORM = """---
platforms: {kubernetes: {deploymentSpec: {}}}
"""
BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
TWICE = "pipelineInfo: {name: a}\npipelineInfo: {name: b}\n"
TRAPS = [
    "a: !!binary aGk=",
    "a: !!set {b}",
    BOMB,
    TWICE,
    "!!python/object/apply:os.system [ls]",
    "a: [",
    "[" * 5_000,
    "\x00",
    "a: .nan",
    "? [1, 2]\n: 3",
    "1",
]


@pytest.fixture
def api(db: None) -> Client:
    return Client(headers={"authorization": f"Bearer {token_create(user=person(), name='test')}"})


def test_it_reads_a_pipeline_and_tells_what_a_platform_adds(api: Client) -> None:
    answer = api.post("/api/workflows/convert/", data=PIPELINE + PLATFORM, content_type="application/yaml")

    found = answer.json()
    assert answer.status_code == 200, found
    assert found["source"] == "kubeflow"
    assert [step["name"] for step in found["document"]["steps"]] == ["train"]
    assert found["document"]["parameters"][0]["default"] == "2024-01-01"
    assert [each["params"]["what"] for each in found["report"]] == ["settings of a platform"]
    made = api.post("/api/workflows/import/", data=PIPELINE, content_type="application/yaml")
    assert made.status_code == 201, made.content


@pytest.mark.parametrize("text", TRAPS, ids=range(len(TRAPS)))
def test_a_trap_is_refused_in_words(api: Client, text: str) -> None:
    for address in ("convert", "import"):
        answer = api.post(f"/api/workflows/{address}/", data=text, content_type="application/yaml")

        assert answer.status_code in (400, 422), answer.content
        assert answer.json()["problems"]
