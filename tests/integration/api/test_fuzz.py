"""Mutated documents into check, draft, import, release and plan: problems with pointers, never a failure, and what is
stored afterwards is always well-formed."""

import json
import random
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.apps.workflows.models import Draft, WorkflowVersion
from backend.domain.design.check import check, well_formed
from backend.domain.untrusted_json import ill_formed
from tests.harness.people import Api
from tests.integration.api.world import World

pytestmark = pytest.mark.django_db
SAMPLE = Path(__file__).resolve().parents[3] / "workers" / "samples" / "digits" / "workflow.json"
ENOUGH = settings(
    max_examples=min(settings().max_examples, 200), deadline=None, suppress_health_check=list(HealthCheck)
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)
NASTY: list[Any] = [
    None,
    True,
    -0.0,
    1e22,
    2**53 + 1,
    10**400,
    float("nan"),
    float("inf"),
    "",
    "\x00",
    "\ud800",
    "${{7*7}}",
    "{{config}}",
    "$(id)",
    "__class__",
    "x" * 5_000,
    "\u202e",
    [],
    {},
    [[]],
    {"$parameter": "nobody"},
    {"$parameter": {"$parameter": "x"}},
    {"$output": {"step": "train", "output": "nobody"}},
    {"$any_of": []},
    {"$literal": {"$literal": 1}},
    {"$unknown": 1},
    {"$storage": {"name": "runs", "path": "../../etc"}},
]


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in the document, the whole of it too."""
    found = [path]
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in items:
        found += _paths(below, (*path, key))
    return found


def _mutated(document: Any, random_: random.Random, nasty: Any) -> Any:
    """The document with one place deleted, doubled, retyped, inflated, renamed or exchanged."""
    changed = deepcopy(document)
    *above, last = random_.choice(_paths(changed)[1:])
    holder = changed
    for key in above:
        holder = holder[key]
    match random_.choice(("delete", "double", "retype", "inflate", "rename", "wrap")):
        case "delete":
            del holder[last]
        case "double" if isinstance(holder, list):
            holder.append(deepcopy(holder[last]))
        case "rename" if isinstance(holder, dict):
            holder[random_.choice(["", "schema", "$parameter", "é", last + "_"])] = holder.pop(last)
        case "inflate":
            holder[last] = [deepcopy(holder[last])] * random_.choice([2, 50, 1_000])
        case "wrap":
            for _ in range(random_.choice([1, 60, 150])):
                holder[last] = {"x": holder[last]}
        case _:
            holder[last] = nasty
    return changed


@st.composite
def mutants(draw: st.DrawFn) -> Any:
    document = json.loads(SAMPLE.read_text())
    shuffler = draw(st.randoms(use_true_random=False))
    for _ in range(draw(st.integers(1, 3))):
        document = _mutated(document, shuffler, draw(st.sampled_from(NASTY) | JSON))
    return document


def _text(value: Any) -> bytes:
    """As a careless client writes it: NaN, lone surrogates and endless numbers included."""
    return json.dumps(value).encode()


def _told(answer: Any, *fine: int) -> Any:
    """Fine, or refused with problems that point somewhere."""
    body = json.loads(answer.content)
    assert answer.status_code in {*fine, 400, 409, 413, 422}, body
    if answer.status_code not in fine:
        assert body["problems"]
        assert all(each["path"] == "" or each["path"].startswith("/") for each in body["problems"])
    return body


def _stored_is_sound() -> None:
    for document in Draft.objects.values_list("document", flat=True):
        assert list(ill_formed(document)) == []
        assert well_formed(document) == []
    for document in WorkflowVersion.objects.values_list("document", flat=True):
        assert not [each for each in check(document) if each.severity == "error"]


def test_it_survives_mutants_of_a_valid_document(world: World) -> None:
    api = world.people.api("author")
    where = f"/api/workflows/{world.ids['workflow']}/"
    seen = set()

    @ENOUGH
    @given(document=mutants())
    def survive(document: Any) -> None:
        checked = _told(api.post("/api/workflows/check/", data=_text(document)), 200)
        revision = Draft.objects.get(workflow=world.workflow).revision
        saved = api.put(where + "draft/", data=_text({"document": document, "revision": revision}))
        _told(saved, 200)
        seen.add((saved.status_code, checked.get("valid")))
        if saved.status_code == 200:
            released = api.post(where + "release/")
            _told(released, 201)
            assert (released.status_code == 201) == checked["valid"]
            _told(api.post(where + "plan/"), 200)
            exported = api.get(where + "export/")
            assert exported.status_code == 200
            assert json.loads(exported.content) == document
        _stored_is_sound()

    survive()

    # Refused, kept but not valid, and harmless: a fuzz that meets one of them only proves little.
    assert seen >= {(422, False), (200, False), (200, True)}


@pytest.mark.parametrize("where", ["workflows/check/", "workflows/import/"])
def test_it_survives_bytes(world: World, where: str) -> None:
    api = world.people.api("author")
    text = SAMPLE.read_bytes()

    @ENOUGH
    @given(data=st.data())
    def survive(data: st.DataObject) -> None:
        body = bytearray(text)
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(0, len(body)))
            body[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
        _told(api.post("/api/" + where, data=bytes(body)), 200, 201)
        _stored_is_sound()

    survive()


def test_it_survives_any_values_for_placeholders(world: World) -> None:
    api: Api = world.people.api("author")
    made = api.post("/api/workflows/import/", data=SAMPLE.read_bytes()).json()
    where = f"/api/workflows/{made['workflow']['id']}/plan/"
    names = st.sampled_from(["epochs", "min_accuracy", "batch_size", "raw", "runs"]) | st.text(max_size=10)

    @ENOUGH
    @given(values=st.dictionaries(names, st.sampled_from(NASTY) | JSON, max_size=4) | JSON)
    def survive(values: Any) -> None:
        _told(api.post(where, data=_text({"values": values})), 200)

    survive()
