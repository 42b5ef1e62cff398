"""Values for placeholders: what is taken, what is refused, and that nothing is converted."""

from __future__ import annotations

from typing import Any

import pytest

from backend.domain.design.document import Document
from backend.domain.design.load import parse_document
from backend.domain.design.values import check_values, effective_values
from tests.unit.domain.design.golden import patched, valid


def document(*parameters: dict[str, Any], **parts: Any) -> Document:
    made, problems = parse_document({"schema": 1, "name": "values", "parameters": list(parameters), **parts})
    assert problems == []
    assert made is not None
    return made


def asked(type_: str, **more: Any) -> Document:
    return document({"id": "p", "name": "x", "type": type_, **more})


def told(made: Document, values: Any, **options: Any) -> list[tuple[str, str]]:
    return [(problem.code, problem.path) for problem in check_values(made, values, **options)]


WRONG = [("value.wrong_type", "/values/x")]
NO_CHOICE = [("value.not_a_choice", "/values/x")]


@pytest.mark.parametrize("value", [0, -1, 2**53])
def test_it_takes_whole_numbers_for_int(value: Any) -> None:
    assert told(asked("INT"), {"x": value}) == []


@pytest.mark.parametrize("value", [True, False, "1", 1.5, 1.0, None, [], {}, ""], ids=repr)
def test_it_takes_nothing_else_for_int(value: Any) -> None:
    assert told(asked("INT"), {"x": value}) == WRONG


@pytest.mark.parametrize(
    ("value", "problems"), [(1, []), (1.5, []), (0, []), (True, WRONG), ("1.5", WRONG), (None, WRONG)]
)
def test_it_takes_numbers_for_float(value: Any, problems: Any) -> None:
    assert told(asked("FLOAT"), {"x": value}) == problems


@pytest.mark.parametrize(
    ("value", "problems"), [(True, []), (False, []), ("True", WRONG), (0, WRONG), (1, WRONG), (None, WRONG)]
)
def test_it_takes_only_true_and_false_for_bool(value: Any, problems: Any) -> None:
    assert told(asked("BOOL"), {"x": value}) == problems


@pytest.mark.parametrize(
    ("value", "problems"), [("", []), ("True", []), ("0", []), (True, WRONG), (0, WRONG), (None, WRONG)]
)
def test_it_takes_only_texts_for_str(value: Any, problems: Any) -> None:
    assert told(asked("STR"), {"x": value}) == problems


def test_a_text_that_says_true_stays_a_text() -> None:
    assert effective_values(asked("STR", default="True"), {}) == {"x": "True"}
    assert effective_values(asked("STR"), {"x": "False"}) == {"x": "False"}


@pytest.mark.parametrize(
    ("value", "problems"), [({}, []), ([], []), ({"a": [1, None]}, []), ("{}", WRONG), (None, WRONG), (1, WRONG)]
)
def test_it_takes_objects_and_lists_for_json(value: Any, problems: Any) -> None:
    assert told(asked("JSON"), {"x": value}) == problems


@pytest.mark.parametrize(
    ("value", "problems"),
    [
        ("a", []),
        (1, []),
        (1.0, []),
        (True, []),
        ("1", NO_CHOICE),
        (False, NO_CHOICE),
        (0, NO_CHOICE),
        (None, NO_CHOICE),
    ],
    ids=repr,
)
def test_it_takes_a_choice_of_the_same_kind_for_enum(value: Any, problems: Any) -> None:
    assert told(asked("ENUM", enum=["a", 1, True]), {"x": value}) == problems


@pytest.mark.parametrize(
    ("format_", "good", "bad"),
    [("int", [1, 0], True), ("float", [1, 0.5], "1"), ("str", ["", "a"], 1), ("bool", [True, False], 0)],
)
def test_it_looks_at_every_entry_of_a_list(format_: str, good: list[Any], bad: Any) -> None:
    made = asked("LIST", format=format_)

    assert told(made, {"x": []}) == []
    assert told(made, {"x": good}) == []
    assert told(made, {"x": [*good, bad, None]}) == [
        ("value.wrong_type", "/values/x/2"),
        ("value.wrong_type", "/values/x/3"),
    ]
    assert told(made, {"x": "a"}) == WRONG


@pytest.mark.parametrize(
    ("type_", "format_", "good", "bad", "code"),
    [
        ("STR", "obs", "/default/a/", "default/a/", "value.bad_path"),
        ("STR", "obs", "/default/a.txt", "/default/../a", "value.bad_path"),
        ("STR", "obs", "/d", "/", "value.bad_path"),
        ("STR", "obs", "/猫/a b", "/a//b", "value.bad_path"),
        ("STR", "obs", "/default/…", "/default\\a", "value.bad_path"),
        ("STR", "obs", "/default/a", "/default/" + "a" * 1024, "value.bad_path"),
        ("STR", "swr", "org/image:1.0", "image", "value.bad_image"),
        ("STR", "swr", "org/team/image", "host:5000/org/image", "value.bad_image"),
        ("STR", "flavor", "cpu-1", "", "value.bad_flavor"),
        ("STR", "train_flavor", "cpu-1", "", "value.bad_flavor"),
        ("JSON", "train_flavor", {"flavor_id": "cpu-1"}, {"flavor": "cpu-1"}, "value.bad_flavor"),
        ("JSON", "flavor", {"flavor_id": "a", "x": 1}, {"flavor_id": 1}, "value.bad_flavor"),
        ("JSON", "train_flavor", {"flavor_id": "cpu-1"}, [], "value.bad_flavor"),
    ],
)
def test_it_minds_the_format(type_: str, format_: str, good: Any, bad: Any, code: str) -> None:
    assert told(asked(type_, format=format_), {"x": good}) == []
    assert told(asked(type_, format=format_), {"x": bad}) == [(code, "/values/x")]


def test_it_takes_any_text_for_pacific() -> None:
    assert told(asked("STR", format="pacific"), {"x": "anything"}) == []


@pytest.mark.parametrize(("value", "problems"), [(1, []), (10, []), (0, 1), (11, 1), (2.5, [])])
def test_it_minds_the_range(value: Any, problems: Any) -> None:
    made = asked("FLOAT", constraint={"minimum": 1, "maximum": 10})

    assert told(made, {"x": value}) == ([("value.out_of_range", "/values/x")] if problems else [])


@pytest.mark.parametrize("default", [0, 5])
def test_a_default_stands_in_for_an_absent_value_only(default: int) -> None:
    made = asked("INT", default=default)

    assert told(made, {}) == []
    assert effective_values(made, {}) == {"x": default}
    assert effective_values(made, {"x": 0}) == {"x": 0}
    assert told(made, {"x": None}) == WRONG


def test_what_is_required_must_be_given_and_what_is_optional_stays_absent() -> None:
    assert told(asked("INT"), {}) == [("value.missing", "/values/x")]
    assert told(asked("INT", required=False), {}) == []
    assert effective_values(asked("INT", required=False), {}) == {}


def test_a_delayed_value_is_missed_only_when_it_is_asked_for() -> None:
    made = asked("INT", delay=True)

    assert told(made, {}) == []
    assert told(made, {}, include_delayed=True) == [("value.missing", "/values/x")]
    assert told(made, {"x": "1"}) == WRONG


def test_an_unknown_name_is_told_with_the_one_that_was_meant() -> None:
    problems = check_values(asked("INT", default=1), {"X": 1, "xx": 1})

    assert [(problem.code, problem.path) for problem in problems] == [
        ("value.unknown", "/values/X"),
        ("value.unknown", "/values/xx"),
    ]
    assert "“x”" in problems[1].hint


@pytest.mark.parametrize("values", [None, [], "x", 1], ids=repr)
def test_values_are_an_object(values: Any) -> None:
    assert told(asked("INT"), values) == [("value.not_an_object", "/values")]


@pytest.mark.parametrize(
    ("value", "code"),
    [(float("nan"), "json.not_finite"), (2**60, "json.number_too_large"), ("\ud800", "json.bad_text")],
)
def test_it_refuses_what_cannot_be_stored(value: Any, code: str) -> None:
    assert told(asked("INT"), {"x": value}) == [(code, "/values/x")]


DATA: list[dict[str, Any]] = [
    {"id": "d1", "name": "folder", "type": "obs"},
    {"id": "d2", "name": "file", "type": "obs", "object_type": "file", "required": False},
    {"id": "d3", "name": "images", "type": "dataset", "required": False},
    {"id": "d4", "name": "fixed", "type": "obs", "placeholder": False, "value": {"obs_path": "/default/x/"}},
    {"id": "d5", "name": "later", "type": "label_task", "delay": True},
]


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        ({}, [("value.missing", "/values/folder")]),
        ({"folder": {"obs_path": "/default/a/"}, "file": {"obs_path": "/default/a"}}, []),
        ({"folder": {"obs_path": "/default/a"}}, [("value.not_a_directory", "/values/folder/obs_path")]),
        ({"folder": "/default/a/"}, [("value.wrong_type", "/values/folder")]),
        (
            {"folder": {"path": "/a/"}},
            [("document.missing", "/values/folder"), ("document.unexpected", "/values/folder/path")],
        ),
        ({"folder": {"obs_path": "/a/"}, "file": {"obs_path": "/a/"}}, [("value.not_a_file", "/values/file/obs_path")]),
        (
            {"folder": {"obs_path": "/a/"}, "images": {"dataset_name": "x"}},
            [("value.dataset_version", "/values/images")],
        ),
        ({"folder": {"obs_path": "/a/"}, "images": {"dataset_name": "x", "version_name": "V001"}}, []),
        ({"folder": {"obs_path": "/a/"}, "fixed": {"obs_path": "/default/x/"}}, [("value.fixed", "/values/fixed")]),
    ],
)
def test_it_checks_data(values: Any, problems: Any) -> None:
    job = {"id": "s1", "name": "job", "kind": "job", "inputs": [{"name": "in", "data": {"$data": "images"}}]}
    made = document(data=DATA, steps=[job])

    assert told(made, values) == problems


def test_it_fills_in_data_and_storages() -> None:
    made = document(data=DATA, storages=[{"name": "runs", "default": "/default/runs/"}, {"name": "bare"}])

    effective = effective_values(made, {"folder": {"obs_path": "/a/"}, "fixed": {"obs_path": "/not/this/"}})

    assert effective == {"folder": {"obs_path": "/a/"}, "fixed": {"obs_path": "/default/x/"}, "runs": "/default/runs/"}


def test_a_storage_needs_a_root_when_a_step_uses_it() -> None:
    output = {"name": "out", "type": "obs", "config": {"obs_path": {"$storage": {"name": "runs"}}}}
    used = document(
        storages=[{"name": "runs"}, {"name": "other"}],
        steps=[{"id": "s", "name": "s", "kind": "job", "outputs": [output]}],
    )

    assert told(used, {}) == [("value.missing", "/values/runs")]
    assert told(used, {"runs": "/default/mine/"})[:1] != [("value.missing", "/values/runs")]
    assert ("value.not_a_directory", "/values/runs") in told(used, {"runs": "/default/mine"})
    assert ("value.wrong_type", "/values/runs") in told(used, {"runs": {"obs_path": "/default/mine/"}})


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"ratio": "1.8"}, "/values/ratio"),
        ({"model_name": "a b"}, "/values/model_name"),
        ({"train_flavor": {"flavor_id": "cpu-1", "cards": 2}}, "/values/train_flavor"),
    ],
)
def test_a_value_must_also_fit_where_a_step_uses_it(values: Any, path: str) -> None:
    made, _ = parse_document(valid("digits"))
    assert made is not None

    problems = check_values(made, values)

    assert [(problem.code, problem.path) for problem in problems] == [("value.unfit", path)]
    assert problems[0].params["step"] in problems[0].message


def test_a_default_must_fit_where_a_step_uses_it_too() -> None:
    made, _ = parse_document(
        patched(valid("digits"), [{"op": "replace", "path": "/parameters/2/default", "value": "80 %"}])
    )
    assert made is not None

    assert told(made, {}) == [("value.unfit", "/values/ratio")]
    assert told(made, {"ratio": "0.5"}) == []
