"""From a document to a program, and what the program makes."""

from __future__ import annotations

import ast
import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.domain.design.canonical import document_hash
from backend.domain.design.load import parse_document
from tests.unit.domain.design.documents import documents
from tests.unit.domain.design.golden import VALID, valid
from tests.unit.domain.design.test_limits import calls as counted
from tests.unit.sdk.building import HOME_WRITTEN, built, exported, run_again

Raw = dict[str, Any]
generously = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
SHOWN = [program for program in HOME_WRITTEN if program.stem != "s08_conflict"]


@pytest.mark.parametrize("name", VALID)
def test_it_shows_a_workflow_whose_program_makes_it_again(name: str) -> None:
    assert document_hash(run_again(exported(valid(name)))) == document_hash(valid(name))


@pytest.mark.parametrize("program", SHOWN, ids=lambda each: each.stem)
def test_it_takes_a_program_there_and_back(program: Path) -> None:
    raw = built(program).document()

    text = exported(raw)

    assert run_again(text) == raw
    assert exported(run_again(text)) == text


@generously
@given(documents())
def test_any_document_goes_there_and_back(raw: Raw) -> None:
    text = exported(raw)

    assert document_hash(run_again(text)) == document_hash(raw)
    assert exported(run_again(text)) == text


ODD: list[Any] = [
    None,
    "**",
    "",
    "'\"\\\n",
    '"); import os; ("',
    0,
    -1.5,
    True,
    [],
    {},
    ["a", None],
    {"class": 1, "name": None},
    {"$parameter": "nobody"},
    {"$data": "nobody"},
    {"$output": {"step": "nobody", "output": "x"}},
    {"$storage": {"name": "nobody", "path": "a"}},
    {"$storage": {"name": "runs", "path": "", "create_dir": None}},
    {"$metric": {"step": "train", "output": "x", "key": "y"}},
    {"$any_of": [{"$output": {"step": "nobody", "output": "x"}}]},
    {"$nothing": 1},
    {"$literal": {"$parameter": "x"}},
    {"$literal": 5},
    {"$system": "execution_id"},
    {"obs_path": "/default/a/", "more": 1},
    {"dataset_name": "**"},
]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, member in members for place in places(member, (*path, key)))]


@generously
@given(st.sampled_from(VALID), st.data())
def test_a_draft_goes_there_and_back_however_odd(name: str, data: st.DataObject) -> None:
    """Whatever has the form of a document, even where nothing would run."""
    raw = copy.deepcopy(valid(name))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.sampled_from([each for each in places(raw) if each]))
        at: Any = raw
        for key in place[:-1]:
            at = at[key]
        at[place[-1]] = copy.deepcopy(data.draw(st.sampled_from(ODD)))
    document, _ = parse_document(raw)
    if document is None:
        return

    text = exported(raw)
    again = run_again(text)

    assert _without_twins(document_hash(again) == document_hash(raw), raw)
    assert _holds_only_data(text)


def _without_twins(same: bool, raw: Raw) -> bool:
    """Two placeholders alike in all but their ids become one; such a document is refused anyway."""
    entries = [
        str({key: value for key, value in each.items() if key != "id"})
        for list_ in ("parameters", "data", "storages")
        for each in raw.get(list_, ())
    ]
    return same or len(set(entries)) < len(entries)


def _holds_only_data(text: str) -> bool:
    """One import, assignments, and nothing called but what begins with `wf.` or an output."""
    tree = ast.parse(text)
    head, *rest = tree.body
    called = {
        ast.unparse(each.func).split(".")[-1 if "outputs[" in ast.unparse(each.func) else 0]
        for each in ast.walk(tree)
        if isinstance(each, ast.Call)
    }
    variables = {
        each.targets[0].id for each in rest if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name)
    }
    return (
        isinstance(head, ast.ImportFrom)
        and all(isinstance(each, ast.Assign) for each in rest)
        and called <= {"wf", "as_input", *variables}
    )


def test_it_makes_variables_of_any_names() -> None:
    raw = copy.deepcopy(valid("minimal"))
    raw["parameters"] = [
        {"id": f"p{at}", "name": name, "type": "STR"}
        for at, name in enumerate(("wf", "class", "a-b", "a_b", "A_b", "workflow"))
    ]

    assert run_again(exported(raw))["parameters"] == [
        {**each, "id": f"p{at}"} for at, each in enumerate(raw["parameters"], 1)
    ]


def test_it_takes_time_in_proportion_to_the_size() -> None:
    def calls(count: int) -> int:
        step = valid(VALID[0])["steps"][0]
        raw = {
            "schema": 1,
            "name": "large",
            "steps": [
                {**step, "id": f"s{at}", "name": f"step{at}", "depends_on": [f"step{at - 1}"] if at else []}
                for at in range(count)
            ],
        }
        return counted(lambda: exported(raw))

    assert calls(800) < 4.5 * calls(200)
