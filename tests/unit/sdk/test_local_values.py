"""Values on the console, places on this machine, and what flavors mean here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pipeloom import local
from pipeloom.local.asking import asked, described, read_answer
from pipeloom.local.home import VARIABLE, Home, LocalError, home_of_environment, put_in_place
from pipeloom.local.known import engine_of, unknown_algorithm, with_known_algorithms
from pipeloom.local.machine import AnyFlavor
from pipeloom.local.shown import tail_of

from backend.domain.design.document import Document
from backend.domain.design.load import parse_document
from backend.domain.run.placement import Gpu, HostCapacity

PARAMETERS: dict[str, dict[str, Any]] = {
    "count": {"type": "INT"},
    "rate": {"type": "FLOAT"},
    "fast": {"type": "BOOL"},
    "text": {"type": "STR"},
    "colour": {"type": "ENUM", "enum": ["red", 3]},
    "extra": {"type": "JSON"},
    "machine": {"type": "JSON", "format": "train_flavor"},
    "sizes": {"type": "LIST", "format": "int"},
    "words": {"type": "LIST", "format": "str"},
}
DATA: dict[str, dict[str, Any]] = {
    "rows": {"type": "obs"},
    "table": {"type": "dataset"},
    "either": {"type": "data_selector", "data_type_list": ["dataset", "obs"]},
    "net": {"type": "model_list"},
}


def document() -> Document:
    raw = {
        "schema": 1,
        "name": "asks",
        "parameters": [{"id": f"p{at}", "name": name, **each} for at, (name, each) in enumerate(PARAMETERS.items())],
        "data": [{"id": f"d{at}", "name": name, **each} for at, (name, each) in enumerate(DATA.items())],
        "storages": [{"name": "root", "title": "Results"}],
    }
    found, problems = parse_document(raw)
    assert found is not None, problems
    return found


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("count", "12", 12),
        ("rate", "0.5", 0.5),
        ("rate", "3", 3.0),
        ("fast", "Yes", True),
        ("fast", "false", False),
        ("text", "12", "12"),
        ("text", '""', ""),
        ("colour", "red", "red"),
        ("colour", "3", 3),
        ("extra", '{"a": [1]}', {"a": [1]}),
        ("machine", "cpu.1", {"flavor_id": "cpu.1"}),
        ("sizes", "1, 2", [1, 2]),
        ("sizes", "[1]", [1]),
        ("words", "a, b", ["a", "b"]),
        ("rows", "/default/rows/", {"obs_path": "/default/rows/"}),
        ("table", "animals V001", {"dataset_name": "animals", "version_name": "V001"}),
        ("table", "animals", {"dataset_name": "animals"}),
        ("either", "/default/rows/", {"obs_path": "/default/rows/"}),
        ("either", "animals V001", {"dataset_name": "animals", "version_name": "V001"}),
        ("net", "digits 0.0.1", {"model_name": "digits", "model_version": "0.0.1"}),
        ("net", '{"model_name": "digits"}', {"model_name": "digits"}),
        ("root", "/default/results/", "/default/results/"),
    ],
)
def test_it_reads_what_is_typed_as_the_type_that_is_asked_for(name: str, text: str, value: object) -> None:
    found = read_answer(document(), name, text)

    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("name", [*PARAMETERS, *DATA, "root"])
@given(text=st.text(max_size=20))
def test_it_never_fails_on_what_somebody_types(name: str, text: str) -> None:
    answers = iter([text])
    told: list[str] = []

    def ask(_: str) -> str:
        answer = next(answers, None)
        if answer is None:
            raise EOFError
        return answer

    try:
        asked(document(), name, {}, ask=ask, say=told.append)
    except EOFError:
        assert len(told) > 1, "a refused answer is told why"


@pytest.mark.parametrize("name", [*PARAMETERS, *DATA, "root"])
def test_it_says_what_each_value_takes(name: str) -> None:
    assert described(document(), name)


def test_it_asks_again_with_the_sentence_of_the_problem() -> None:
    told: list[str] = []
    answers: Iterator[str] = iter(["", "no path", "/default/rows", "/default/rows/"])

    value = asked(document(), "rows", {}, ask=lambda _: next(answers), say=told.append)

    assert value == {"obs_path": "/default/rows/"}
    assert [line.strip().split(".")[0] for line in told[1:]] == [
        "Type a value",
        "“no path” is no path in a storage",
        "“/default/rows” names a file; here it takes a folder",
    ]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "home"))
    return home_of_environment().prepared()


@pytest.mark.parametrize("place", ["relative", "/default/../x", "/", "/default//x", "/nowhere/x", "/default/./x"])
def test_it_leads_out_of_no_storage(home: Home, place: str) -> None:
    with pytest.raises(LocalError):
        home.local(place)


def test_it_replaces_a_tree_as_a_whole(home: Home) -> None:
    for text in ("old", "new"):
        source = home.root / "made"
        source.mkdir()
        (source / text).write_text(text)
        put_in_place(source, home.storages / "default" / "target")

    assert [each.name for each in (home.storages / "default" / "target").iterdir()] == ["new"]
    assert [each.name for each in (home.storages / "default").iterdir()] == ["target"]


def test_it_fills_in_the_defaults_of_a_known_algorithm(home: Home) -> None:
    local.add_algorithm("net", version="2", code_dir="code", boot_file="a.py", parameters={"rate": 1, "depth": 3})
    given_one = {"subscription_id": "net", "item_version_id": "2", "parameters": [{"name": "rate", "value": 5}]}
    unknown = {"algorithm_id": "nobody knows"}
    steps = [{"name": "a", "properties": {"algorithm": each}} for each in (given_one, unknown)]

    known, kept = with_known_algorithms(home, {"steps": steps}, {})["steps"]

    parameters = {each["name"]: each["value"] for each in known["properties"]["algorithm"]["parameters"]}
    assert parameters == {"rate": 5, "depth": 3}
    assert known["properties"]["algorithm"]["boot_file"] == "a.py"
    assert kept["properties"]["algorithm"] == unknown
    missing = unknown_algorithm(home, kept["properties"], {})
    assert missing is not None
    assert missing.code == "asset.algorithm_unknown"
    assert (
        unknown_algorithm(home, {"algorithm": {"algorithm_id": {"$parameter": "which"}}}, {"which": "net"}) is not None
    )


def test_it_runs_an_engine_that_nobody_made_known_in_its_own_python(home: Home) -> None:
    local.add_engine("torch", "2", "/bin/sh")

    assert engine_of(home, "torch", "2").order.interpreter == "/bin/sh"
    assert engine_of(home, "torch-2", "").order.interpreter == "/bin/sh"
    assert engine_of(home, "torch", "3").is_own
    with pytest.raises(ValueError, match="no interpreter"):
        local.add_engine("torch", "4", "/nowhere/python")


@pytest.mark.parametrize(
    ("flavor", "cpu", "gpus"),
    [
        ("cpu.2", 2.0, 0),
        ("cpu.64", 4.0, 0),
        ("gpu.2", 1.0, 2),
        ("modelarts.pool.visual.4xlarge", 1.0, 4),
        ("any", 1.0, 0),
    ],
)
def test_it_takes_flavors_of_servers_for_what_this_machine_has(flavor: str, cpu: float, gpus: int) -> None:
    cards = (Gpu("a"), Gpu("b"))

    found = AnyFlavor(HostCapacity("local", 4.0, 16_000, cards, 4.0, 16_000, cards))[flavor]

    assert (found.cpu, found.gpus) == (cpu, gpus)


def test_it_shows_the_end_of_a_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"\n".join(b"line %d" % number for number in range(100_000)) + b"\n\xff\n")

    assert tail_of(log, 3) == ["line 99998", "line 99999", "\ufffd"]
    assert tail_of(None) == []
