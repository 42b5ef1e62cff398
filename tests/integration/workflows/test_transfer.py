"""Files in and out: what goes out comes in again, with a report."""

import json
from typing import Any

import pytest

from backend.domain.design.canonical import canonical_bytes
from tests.harness.people import Api, People

pytestmark = pytest.mark.django_db


def test_it_exports_canonical_bytes_as_an_attachment(author: Api, workflow: str, document: dict[str, Any]) -> None:
    answer = author.get(workflow + "export/?format=json")

    assert answer.content == canonical_bytes(document)
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_it_exports_versions(author: Api, workflow: str, document: dict[str, Any]) -> None:
    author.post(workflow + "release/")
    author.put(workflow + "draft/", {"document": {"changed": True}, "revision": 1})

    assert json.loads(author.get(workflow + "export/?version=1").content) == document
    assert author.get(workflow + "export/?version=2").status_code == 404


def test_it_names_the_formats_it_has(author: Api, workflow: str) -> None:
    answer = author.get(workflow + "export/?format=yaml")

    assert (answer.status_code, answer.json()["code"]) == (422, "workflow.export_format")


def test_it_imports_what_it_exported(author: Api, workflow: str) -> None:
    exported = author.get(workflow + "export/").content

    answer = author.post("/api/workflows/import/", data=exported)

    made = answer.json()
    assert (answer.status_code, made["workflow"]["name"], made["report"]) == (201, "greet", [])
    assert author.get(f"/api/workflows/{made['workflow']['id']}/export/").content == exported


def test_it_imports_the_unfinished_with_a_report(author: Api, document: dict[str, Any]) -> None:
    document["steps"][0]["kind"] = "teleport"

    answer = author.post("/api/workflows/import/", document)

    assert answer.status_code == 201
    assert any(each["path"].startswith("/steps/0") for each in answer.json()["report"])


def test_it_finds_a_free_name(author: Api, workflow: str, people: People, document: dict[str, Any]) -> None:
    where = f"/api/workflows/import/?project={people.project.pk}"

    names = [author.post(where, document).json()["workflow"]["name"] for _ in range(2)]
    told = author.post(where, document).json()["report"]

    assert names == ["greet 2", "greet 3"]
    assert [each["code"] for each in told] == ["workflow.renamed"]
    assert [each["severity"] for each in told] == ["warning"]


@pytest.mark.parametrize("raw", [[], "x", 5, None, [[1]]])
def test_it_refuses_files_that_hold_no_object(author: Api, raw: Any) -> None:
    answer = author.post("/api/workflows/import/", data=json.dumps(raw).encode())

    assert (answer.status_code, answer.json()["code"]) == (422, "workflow.not_a_document")


def test_it_refuses_files_that_no_canvas_could_show(author: Api, document: dict[str, Any]) -> None:
    del document["steps"][0]["kind"]

    answer = author.post("/api/workflows/import/", document)

    assert answer.status_code == 422
    assert answer.json()["problems"][0]["path"] == "/steps/0"


@pytest.mark.parametrize("name", ["", "  ", "a\u0007b", "x" * 300])
def test_it_imports_under_a_name_that_can_be_shown(author: Api, document: dict[str, Any], name: Any) -> None:
    answer = author.post("/api/workflows/import/", {**document, "name": name})

    assert answer.status_code == 201
    assert answer.json()["workflow"]["name"] == "Imported workflow"


def test_it_writes_and_reads_the_modelarts_form(author: Api, workflow: str) -> None:
    wire = author.get(workflow + "export/?format=modelarts").content

    told = author.get(workflow + "export/?format=modelarts&report=true").json()["report"]
    made = author.post("/api/workflows/import/", data=wire).json()

    assert json.loads(wire)["steps"][0]["outputs"][0]["config"]["obs_url"].startswith("$ref/storages(")
    assert [each["code"] for each in told] == ["interop.approximated"]
    assert [each for each in made["report"] if each["severity"] == "error"] == []
    again = author.get(f"/api/workflows/{made['workflow']['id']}/export/?format=modelarts").content
    assert json.loads(again) == json.loads(wire)


def test_it_shows_what_an_import_would_make_without_storing_it(author: Api, workflow: str) -> None:
    wire = json.loads(author.get(workflow + "export/?format=modelarts").content)
    before = len(author.get("/api/workflows/").json()["items"])

    read = author.post("/api/workflows/convert/", {**wire, "surprise": 1}).json()
    own = author.post("/api/workflows/convert/", author.get(workflow + "draft/").json()["document"]).json()

    assert read["source"] == "modelarts"
    assert read["mapped"] > 0
    assert [each["path"] for each in read["report"] if each["code"] == "interop.dropped"] == ["/surprise"]
    assert read["problems"] == []
    assert (own["source"], own["report"]) == ("pipeloom", [])
    assert len(author.get("/api/workflows/").json()["items"]) == before


def test_it_writes_a_program(author: Api, workflow: str) -> None:
    answer = author.get(workflow + "export/?format=python")

    assert answer["Content-Type"] == "text/x-python; charset=utf-8"
    assert answer["Content-Disposition"].endswith('-draft.py"')
    assert answer.content.decode().startswith("from pipeloom import workflow as wf\n")
    assert author.get(workflow + "export/?format=python&report=true").json() == {"report": []}


def test_it_says_what_of_a_modelarts_file_it_left_out(author: Api) -> None:
    wire = {"name": "from-elsewhere", "smn_switch": True, "steps": [{"name": "a", "type": "job", "properties": {}}]}

    made = author.post("/api/workflows/import/", wire)

    assert made.status_code == 201
    assert {"code": "interop.dropped", "path": "/smn_switch"}.items() <= made.json()["report"][0].items()


def test_it_reads_pipelines_of_other_programs(author: Api) -> None:
    pipeline = {"doc_type": "pipeline", "pipelines": [{"nodes": [{"id": "1", "op": "execute-python-node"}]}]}

    made = author.post("/api/workflows/import/", pipeline)

    assert made.status_code == 201
    drawn = author.get(f"/api/workflows/{made.json()['workflow']['id']}/draft/").json()["document"]
    assert [step["kind"] for step in drawn["steps"]] == ["job"]
