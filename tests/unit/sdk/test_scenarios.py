"""Every acceptance scenario has a test with its number: `test_s04_it_…`, `test_x01_it_…`. This is the index.

Here stand those whose kinds of step cannot be run yet: they build, check, travel to the wire format and back, are
written as a program, and are drawn.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from pipeloom import workflow as wf
from pipeloom.execution import execute

from backend.domain.design.canonical import document_hash
from backend.domain.design.check import check
from backend.domain.design.load import parse_document
from backend.domain.interop.wire_export import wire_from_document
from backend.domain.interop.wire_import import document_from_wire
from tests.unit.sdk.building import PROGRAMS, built, exported, run_again

TESTS = Path(__file__).resolve().parents[2]
SCENARIOS = {
    "S1": "image classification from end to end",
    "S2": "publish and run in one go",
    "S3": "publish only",
    "S4": "skip a step by a parameter",
    "S5": "skip a step by a metric",
    "S6": "two branches and a selector",
    "S7": "a dataset from unlabelled data",
    "S8": "a dataset from labelled data",
    "S9": "a job with an algorithm of the gallery",
    "S10": "a job with a saved algorithm",
    "S11": "a job with code, boot file and engine",
    "S12": "a job with code, command and image",
    "S13": "a job on a path instead of a dataset",
    "S14": "release a dataset, then train",
    "S15": "a job with five types of metrics",
    "S16": "a job whose data is chosen",
    "S17": "event subscription",
    "S18": "resource queries",
    "S19": "configure, start, stop, retry, copy, delete",
    "S20": "run history",
    "X1": "a condition step",
    "X2": "nested conditions",
    "X3": "a condition step and a selector",
    "X4": "scenes",
    "X5": "run a part, debug step by step",
    "X6": "a delayed placeholder",
    "X7": "updating a service",
    "X8": "a Spark job",
    "X9": "continuous training",
    "X10": "the gallery",
}
SHOWN_ONLY = {"S1", "S8", "X7", "X8"}
"""What has steps of kinds that run in a later version, and the one that is a mistake on purpose."""
REAL = ("integration", "live", "e2e")
"""The folders whose tests run things; those of `unit` only build, check and show."""
_TEST = re.compile(r"^\s*(?:async )?def (test_\w+)", re.MULTILINE)


def number_of(scenario: str) -> str:
    return f"{scenario[0].lower()}{int(scenario[1:]):02d}"


def proofs_of(scenario: str) -> dict[str, set[str]]:
    """By the folder below tests/."""
    found: dict[str, set[str]] = {}
    for name, level in ALL_TESTS:
        if number_of(scenario) in name.split("_")[1:4]:
            found.setdefault(level, set()).add(name)
    return found


def names_of_tests() -> set[tuple[str, str]]:
    return {
        (name, path.relative_to(TESTS).parts[0])
        for path in TESTS.rglob("test_*.py")
        for name in _TEST.findall(path.read_text(encoding="utf-8"))
    }


ALL_TESTS = names_of_tests()


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_it_has_a_test_of_every_scenario(scenario: str) -> None:
    found = proofs_of(scenario)
    name = f"test_{number_of(scenario)}_it_…"

    if scenario in SHOWN_ONLY:
        assert found.get("unit"), f"{scenario}, {SCENARIOS[scenario]}, is built, checked and shown by no {name}"
    assert any(level in REAL for level in found), f"{scenario}, {SCENARIOS[scenario]}, is run or released by no {name}"


def test_it_knows_every_scenario_that_a_test_is_named_after() -> None:
    numbers = {number_of(scenario) for scenario in SCENARIOS}
    named = {part for name, _ in ALL_TESTS for part in name.split("_")[1:4] if re.fullmatch(r"[sx]\d\d", part)}

    assert named <= numbers


def test_it_has_a_scenario_of_every_published_program() -> None:
    folder = os.environ.get("PIPELOOM_SEED_PROGRAMS", "")
    published = {path.name[:3] for path in Path(folder).glob("s[0-9]*.py")} if folder else set()

    assert published <= {number_of(scenario) for scenario in SCENARIOS}


def programs(own: str, published: str) -> pytest.MarkDecorator:
    folder = os.environ.get("PIPELOOM_SEED_PROGRAMS", "")
    found = [PROGRAMS / f"{own}.py"]
    if folder and Path(folder, f"{published}.py").is_file():
        found.append(Path(folder, f"{published}.py"))
    return pytest.mark.parametrize("program", found, ids=["own", "published"][: len(found)])


def shown_and_back(made: wf.Workflow, *kinds: str) -> dict[str, Any]:
    """Build, check, wire and back, program and back, picture. The document."""
    raw = made.document()
    assert [each for each in check(raw) if each.severity == "error"] == []
    document, _ = parse_document(raw)
    assert document is not None
    assert set(kinds) <= {each.kind for each in document.steps}
    back = document_from_wire(wire_from_document(document).raw).raw
    assert [each["kind"] for each in back["steps"]] == [each["kind"] for each in raw["steps"]]
    assert [each for each in check(back) if each.severity == "error"] == []
    assert document_hash(run_again(exported(raw))) == document_hash(raw)
    picture = ElementTree.fromstring(made._repr_html_())
    assert len(picture.findall(".//{http://www.w3.org/2000/svg}g")) == len(document.steps)
    return raw


@programs("s01_whole_way", "s01_image_classification_end_to_end")
def test_s01_it_builds_checks_and_shows_the_whole_way(program: Path) -> None:
    raw = shown_and_back(built(program), "labeling", "release_dataset", "job", "model", "service")

    named = [each["name"] for each in raw["parameters"]]
    assert len(named) == len(set(named)), "a placeholder that two steps share is one parameter"


@programs("s07_dataset", "s07_create_dataset_unlabelled")
def test_s07_it_builds_checks_and_shows_a_dataset_from_files(program: Path) -> None:
    shown_and_back(built(program), "create_dataset")


@programs("s08_conflict", "s08_create_dataset_labelled")
def test_s08_it_ends_in_the_conflict_of_two_placeholders(program: Path) -> None:
    (found,) = built(program).check()

    assert found.problem.code == "document.placeholder_conflict"
    assert str(found).count("line ") >= 2, "both places are named"


def test_x04_it_keeps_scenes_in_the_document() -> None:
    raw = shown_and_back(built(PROGRAMS / "x01_to_x04_branches.py"), "condition", "job", "model")

    assert [each["name"] for each in raw["scenes"]] == ["Training"]


def test_x07_it_builds_checks_and_shows_the_update_of_a_service() -> None:
    shown_and_back(built(PROGRAMS / "x06_to_x09_others.py"), "service")


def test_x08_it_builds_checks_and_shows_a_spark_job() -> None:
    shown_and_back(built(PROGRAMS / "x06_to_x09_others.py"), "mrs_job")


def test_x10_it_offers_nothing_while_it_is_only_checked(tmp_path: Path) -> None:
    """With a server: in tests of the SDK against one."""
    lines = [
        "from modelarts import workflow as wf",
        "made = wf.Workflow(name='w', steps=wf.steps.JobStep(name='a', algorithm=wf.BaseAlgorithm(command='x')))",
        "made.release_to_gallery(title='T', visibility='public')",
        "wf.add_whitelist_users('content', version_num='1.0.0', user_groups=['one'])",
        "wf.delete_whitelist_users('content', version_num='1.0.0', user_groups=['one'])",
    ]
    program = tmp_path / "program.py"
    program.write_text("\n".join(lines))

    assert [what for _, what, _ in execute(str(program), check_only=True).asked] == ["release_to_gallery"]
    with pytest.raises(wf.ServerRefusedError, match=r"program\.py:3: Where is Pipeloom"):
        execute(str(program), check_only=False)
