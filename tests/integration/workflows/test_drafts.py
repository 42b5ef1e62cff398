"""Drafts: no edit is lost, whatever is well-formed is kept, and numbers come back as they were sent."""

import threading
from typing import Any

import pytest
from django.db import connection

from backend.apps.workflows.models import Draft, Workflow
from backend.apps.workflows.services import draft_save
from backend.shared.errors import ConflictError
from tests.harness.people import Api, People

pytestmark = pytest.mark.django_db


def test_it_saves_and_counts_revisions(author: Api, workflow: str, document: dict[str, Any]) -> None:
    document["description"] = "changed"

    answer = author.put(workflow + "draft/", {"document": document, "revision": 1})

    assert (answer.status_code, answer.json()["revision"]) == (200, 2)
    assert author.get(workflow + "draft/").json()["document"] == document


def test_it_shows_both_sides_to_the_slower_editor(author: Api, workflow: str, document: dict[str, Any]) -> None:
    mine, theirs = {**document, "description": "mine"}, {**document, "description": "theirs"}
    author.put(workflow + "draft/", {"document": theirs, "revision": 1})

    answer = author.put(workflow + "draft/", {"document": mine, "revision": 1})

    body = answer.json()
    assert (answer.status_code, body["code"]) == (409, "workflow.draft_stale")
    assert (body["current"]["revision"], body["current"]["document"]["description"]) == (2, "theirs")
    assert body["given"]["document"]["description"] == "mine"
    assert author.get(workflow + "draft/").json()["document"]["description"] == "theirs"


@pytest.mark.django_db(transaction=True)
def test_it_loses_no_edit_of_many_at_once(workflow: str, document: dict[str, Any]) -> None:
    row = Workflow.objects.get()
    together, outcome = threading.Barrier(5), []

    def edit(number: int) -> None:
        together.wait()
        try:
            draft_save(workflow=row, document={**document, "description": str(number)}, revision=1)
            outcome.append(number)
        except ConflictError:
            outcome.append(None)
        connection.close()

    threads = [threading.Thread(target=edit, args=[number]) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    winners = [each for each in outcome if each is not None]
    assert len(winners) == 1
    draft = Draft.objects.get()
    assert (draft.revision, draft.document["description"]) == (2, str(winners[0]))


@pytest.mark.parametrize(
    "properties",
    [
        {},
        {"algorithm": {"$parameter": "nowhere"}},
        {"anything": {"deep": [1, 2.5, None, True, "ü", {"$parameter": 3}]}},
        {"numbers": [0, -1, 2**53, -(2**53), 0.1, 1e-300, 1.0, -0.0]},
    ],
)
def test_it_keeps_the_unfinished_as_it_is(
    author: Api, workflow: str, document: dict[str, Any], properties: dict[str, Any]
) -> None:
    document["steps"][0] |= {"properties": properties, "depends_on": ["nobody"], "kind": "teleport"}

    answer = author.put(workflow + "draft/", {"document": document, "revision": 1})

    assert answer.status_code == 200
    assert repr(author.get(workflow + "draft/").json()["document"]) == repr(document)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"steps": {}}, "/steps"),
        ({"steps": [5]}, "/steps/0"),
        ({"wishes": []}, "/wishes"),
        ({"layout": []}, "/layout"),
    ],
)
def test_it_refuses_what_no_canvas_could_show(
    author: Api, workflow: str, document: dict[str, Any], change: dict[str, Any], path: str
) -> None:
    answer = author.put(workflow + "draft/", {"document": {**document, **change}, "revision": 1})

    assert answer.status_code == 422
    assert path in [each["path"] for each in answer.json()["problems"]]
    assert Draft.objects.get().revision == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"document": {"a": NaN}, "revision": 1}', "json.not_finite"),
        ('{"document": {"a": 1e999}, "revision": 1}', "json.not_finite"),
        ('{"document": {"a": %s}, "revision": 1}' % ("9" * 5_000), "json.number_too_large"),
        ('{"document": {"a": "\\u0000"}, "revision": 1}', "json.bad_text"),
        ('{"document": {"a": "\\ud800"}, "revision": 1}', "json.bad_text"),
        ('{"document": {"a": 1, "a": 2}, "revision": 1}', "json.duplicate_key"),
        ('{"document": ' + '{"a":' * 200 + "1" + "}" * 200 + ', "revision": 1}', "json.too_deep"),
        ('{"document": {"a": 1}, "revision": 1', "json.torn"),
        ('{"document": {"a": 1}, "revision": 1} x', "json.trailing"),
        ("  ", "json.torn"),
        ("\ufeff{}", "json.encoding"),
    ],
)
def test_it_never_stores_the_ill_formed(author: Api, workflow: str, text: str, code: str) -> None:
    before = Draft.objects.values().get()

    answer = author.call("PUT", workflow + "draft/", data=text.encode())

    assert answer.status_code == 400
    assert [each["code"] for each in answer.json()["problems"]] == [code]
    assert Draft.objects.values().get() == before


@pytest.mark.parametrize("given", [[], "text", 5, None, True])
def test_it_wants_an_object(author: Api, workflow: str, given: Any) -> None:
    answer = author.put(workflow + "draft/", {"document": given, "revision": 1})

    assert answer.status_code == 422
    assert answer.json()["problems"][0]["path"] == "/document"


def test_it_names_the_missing_and_the_unknown(author: Api, workflow: str) -> None:
    missing = author.put(workflow + "draft/", {"document": {}}).json()
    unknown = author.put(workflow + "draft/", {"document": {}, "revision": 1, "force": True}).json()

    assert [(each["code"], each["path"]) for each in missing["problems"]] == [("request.required", "/revision")]
    assert [(each["code"], each["path"]) for each in unknown["problems"]] == [("request.unknown_field", "/force")]
    assert "revision" in unknown["problems"][0]["params"]["known"]


@pytest.mark.parametrize("revision", [0, -1, 2**31, 2**70, "1x", 1.5, None, True])
def test_it_refuses_revisions_that_cannot_be(author: Api, workflow: str, revision: Any) -> None:
    answer = author.put(workflow + "draft/", {"document": {}, "revision": revision})

    assert answer.status_code in {400, 409, 422}
    assert Draft.objects.get().revision == 1


def test_it_lets_readers_read_only(people: People, workflow: str) -> None:
    for name in ("viewer", "operator"):
        api = people.api(name)
        assert api.get(workflow + "draft/").status_code == 200
        refused = api.put(workflow + "draft/", {"document": {}, "revision": 1})
        assert (refused.status_code, refused.json()["code"]) == (403, "auth.role")
