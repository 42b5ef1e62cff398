"""Mutated files of other programs into convert and import: a workflow with its report or problems, never a failure, and
what is stored afterwards is always well-formed."""

import json
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from tests.integration.api.mutants import ENOUGH, mutants, stored_is_sound, text, told
from tests.integration.api.test_fuzz import SAMPLE
from tests.integration.api.world import World
from tests.unit.domain.interop.test_other_programs import ELYRA, KUBEFLOW

pytestmark = pytest.mark.django_db
SIGNS = st.sampled_from([b"&a ", b"*a", b"? ", b"- ", b"!!", b"---\n"])
PROGRAMS = ["modelarts", "elyra", "kubeflow"]


@pytest.fixture
def file(program: str, world: World) -> Any:
    """Whole, as the program writes it."""
    if program != "modelarts":
        return ELYRA if program == "elyra" else KUBEFLOW
    api = world.people.api("author")
    made = api.post("/api/workflows/import/", data=SAMPLE.read_bytes()).json()["workflow"]["id"]
    return json.loads(api.get(f"/api/workflows/{made}/export/?format=modelarts").content)


@pytest.mark.parametrize("program", PROGRAMS)
def test_it_survives_mutants_of_a_file_of(program: str, file: Any, world: World) -> None:
    api = world.people.api("author")
    assert told(api.post("/api/workflows/convert/", data=text(file)), 200)["source"] == program
    seen = set()

    @ENOUGH
    @example(changed=file)
    @given(changed=mutants(file))
    def survive(changed: Any) -> None:
        shown = api.post("/api/workflows/convert/", data=text(changed))
        told(shown, 200)
        kept = api.post("/api/workflows/import/", data=text(changed))
        told(kept, 201)
        seen.add((shown.status_code == 200, kept.status_code == 201))
        stored_is_sound()

    survive()

    assert (True, True) in seen, "nothing could be read: that proves little"
    assert (False, True) not in seen, "kept, although it cannot be read"


def test_it_survives_yaml_with_holes(world: World) -> None:
    api = world.people.api("author")
    whole = yaml.safe_dump(KUBEFLOW).encode()

    @ENOUGH
    @given(data=st.data())
    def survive(data: st.DataObject) -> None:
        body = bytearray(whole)
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(0, len(body)))
            body[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4) | SIGNS)
        told(api.post("/api/workflows/import/", data=bytes(body), content_type="application/yaml"), 201)
        stored_is_sound()

    survive()
