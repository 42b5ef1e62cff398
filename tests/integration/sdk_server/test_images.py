"""Pipelines of other systems name images: what is imported from them runs in these, once they are registered."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from pipeloom.client import Client, ProblemError

from tests.harness import containers
from tests.integration.sdk_server.conftest import Person

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(600)]
IMAGE = "org/imported:3"
HELLO = "import os, sys; print('hello from', os.environ['MODE'], sys.argv[1:])"
ELYRA: dict[str, Any] = {
    "doc_type": "pipeline",
    "pipelines": [
        {
            "id": "p",
            "app_data": {"properties": {"name": "elyra in a box"}},
            "nodes": [
                {
                    "id": "1",
                    "type": "execution_node",
                    "op": "execute-python-node",
                    "app_data": {
                        "component_parameters": {
                            "filename": "hello.py",
                            "runtime_image": IMAGE,
                            "env_vars": [{"env_var": "MODE", "value": "elyra"}],
                        },
                        "ui_data": {"label": "hello"},
                    },
                    "inputs": [],
                }
            ],
        }
    ],
}
CONTAINER = {"image": IMAGE, "command": ["python3", "-c", HELLO], "env": [{"name": "MODE", "value": "kubeflow"}]}
KUBEFLOW: dict[str, Any] = {
    "pipelineInfo": {"name": "kubeflow-in-a-box"},
    "root": {
        "dag": {
            "tasks": {
                "hello": {
                    "taskInfo": {"name": "hello"},
                    "componentRef": {"name": "comp"},
                    "inputs": {"parameters": {"rate": {"runtimeValue": {"constant": 0.1}}}},
                }
            }
        }
    },
    "components": {"comp": {"executorLabel": "exec"}},
    "deploymentSpec": {"executors": {"exec": {"container": CONTAINER}}},
}


@pytest.mark.parametrize(
    ("source", "said"), [(ELYRA, "hello from elyra []"), (KUBEFLOW, "hello from kubeflow ['--rate=0.1']")]
)
def test_it_runs_an_imported_job_in_its_image_or_says_that_it_cannot(
    author: Person, source: dict[str, Any], said: str
) -> None:
    client = author.client
    able = containers.found().engine is not None
    if not any(row["name"] == IMAGE for row in client.images()):
        reference = containers.image_ready(Path(tempfile.gettempdir())) if able else IMAGE
        client.image_register(IMAGE, reference, description="For what comes from elsewhere")
    author.put("/default/imported/hello.py", HELLO.encode())
    workflow = client.workflow_import(source)["workflow"]["id"]
    step = with_its_code(client, workflow)
    client.release(workflow)

    if not able:
        with pytest.raises(ProblemError) as refused:
            client.run_start(workflow)
        assert "run.no_container_engine" in [each["code"] for each in refused.value.problems]
        return
    run = client.run_start(workflow)["id"]
    for update in client.follow(run):
        if update.view.finished:
            break
    log = client.log(run, step).decode()
    assert client.run(run)["state"] == "completed", log
    assert said in log


def with_its_code(client: Client, workflow: str) -> str:
    """Neither file says where its programs lie: somebody has to, once."""
    draft = client.draft(workflow)
    (step,) = draft["document"]["steps"]
    step["properties"]["algorithm"]["code_dir"] = "/default/imported/"
    client.draft_save(workflow, draft["document"], draft["revision"])
    return str(step["name"])
