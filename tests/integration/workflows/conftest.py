"""A project with its people, and documents to work with."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.harness.people import Api, People, people_create

MINIMAL = {
    "schema": 1,
    "name": "greet",
    "description": "",
    "parameters": [],
    "data": [],
    "storages": [{"name": "runs", "create_dir": True, "with_execution_id": True, "default": "/default/runs/"}],
    "steps": [
        {
            "id": "s1",
            "name": "hello",
            "kind": "job",
            "inputs": [],
            "outputs": [
                {
                    "name": "out",
                    "type": "obs",
                    "config": {"obs_path": {"$storage": {"name": "runs", "path": "hello", "create_dir": True}}},
                }
            ],
            "properties": {
                "algorithm": {"command": ["true"]},
                "spec": {"resource": {"flavor": {"flavor_id": "cpu.1"}}},
            },
        }
    ],
}


@pytest.fixture
def people(db: None) -> People:
    return people_create()


@pytest.fixture
def author(people: People) -> Api:
    return people.api("author")


@pytest.fixture
def document() -> dict[str, Any]:
    """A valid document of one step."""
    copied: dict[str, Any] = json.loads(json.dumps(MINIMAL))
    return copied


@pytest.fixture
def digits() -> dict[str, Any]:
    """The sample workflow: every kind of step in one document."""
    root = Path(__file__).resolve().parents[3]
    loaded: dict[str, Any] = json.loads((root / "workers/samples/digits/workflow.json").read_text())
    return loaded


@pytest.fixture
def workflow(author: Api, people: People, document: dict[str, Any]) -> str:
    """The address of a workflow with a valid draft at revision 1."""
    body = {"name": "greet", "document": document, "project": str(people.project.pk)}
    made = author.post("/api/workflows/", body)
    assert made.status_code == 201, made.content
    return f"/api/workflows/{made.json()['id']}/"
