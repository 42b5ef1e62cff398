"""Mutated documents into check, draft, import, release and plan: problems with pointers, never a failure, and what is
stored afterwards is always well-formed."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backend.apps.workflows.models import Draft
from tests.harness.people import Api
from tests.integration.api.mutants import ENOUGH, JSON, NASTY, mutants, stored_is_sound, text, told
from tests.integration.api.world import World

pytestmark = pytest.mark.django_db
SAMPLE = Path(__file__).resolve().parents[3] / "workers" / "samples" / "digits" / "workflow.json"


def test_it_survives_mutants_of_a_valid_document(world: World) -> None:
    api = world.people.api("author")
    where = f"/api/workflows/{world.ids['workflow']}/"
    seen = set()
    whole = json.loads(SAMPLE.read_text())

    @ENOUGH
    @example(document=whole)
    @example(document={**whole, "steps": []})
    @example(document=[])
    @given(document=mutants(whole))
    def survive(document: Any) -> None:
        checked = told(api.post("/api/workflows/check/", data=text(document)), 200)
        revision = Draft.objects.get(workflow=world.workflow).revision
        saved = api.put(where + "draft/", data=text({"document": document, "revision": revision}))
        told(saved, 200)
        seen.add((saved.status_code, checked.get("valid")))
        if saved.status_code == 200:
            released = api.post(where + "release/")
            told(released, 201)
            assert (released.status_code == 201) == checked["valid"]
            told(api.post(where + "plan/"), 200)
            exported = api.get(where + "export/")
            assert exported.status_code == 200
            assert json.loads(exported.content) == document
        stored_is_sound()

    survive()

    # Refused, kept but not valid, and harmless: a fuzz that meets one of them only proves little.
    assert seen >= {(422, False), (200, False), (200, True)}


@pytest.mark.parametrize("where", ["workflows/check/", "workflows/import/"])
def test_it_survives_bytes(world: World, where: str) -> None:
    api = world.people.api("author")
    whole = SAMPLE.read_bytes()

    @ENOUGH
    @given(data=st.data())
    def survive(data: st.DataObject) -> None:
        body = bytearray(whole)
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(0, len(body)))
            body[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
        told(api.post("/api/" + where, data=bytes(body)), 200, 201)
        stored_is_sound()

    survive()


def test_it_survives_any_values_for_placeholders(world: World) -> None:
    api: Api = world.people.api("author")
    made = api.post("/api/workflows/import/", data=SAMPLE.read_bytes()).json()
    where = f"/api/workflows/{made['workflow']['id']}/plan/"
    names = st.sampled_from(["epochs", "min_accuracy", "batch_size", "raw", "runs"]) | st.text(max_size=10)

    @ENOUGH
    @given(values=st.dictionaries(names, st.sampled_from(NASTY) | JSON, max_size=4) | JSON)
    def survive(values: Any) -> None:
        told(api.post(where, data=text({"values": values})), 200)

    survive()
