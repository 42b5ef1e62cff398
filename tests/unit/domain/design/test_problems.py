"""Problems: every code says what is wrong and what to do, whatever is put into it."""

from __future__ import annotations

import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError, field_validator

from backend.domain.design.schema import schema_of
from backend.domain.design.suggest import Suggester
from backend.domain.design.validation import problems_of
from backend.domain.problems import CATALOGUE, pointer, problem


def fields_of(code: str) -> set[str]:
    template = CATALOGUE[code]
    return {name for _, name, _, _ in string.Formatter().parse(template.message + template.hint) if name is not None}


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_code_says_what_and_what_next(code: str) -> None:
    made = problem(code, "/here", **{name: f"<{name}>" for name in fields_of(code)})

    assert code.partition(".")[2]
    assert made.message.endswith((".", ">", "?", "!"))
    assert made.hint.endswith((".", ">"))
    assert all(f"<{name}>" in made.message + made.hint for name in fields_of(code))
    assert json.loads(json.dumps(made.as_json()))["path"] == "/here"


def test_an_unknown_code_cannot_be_reported() -> None:
    with pytest.raises(KeyError):
        problem("document.nonsense")


def test_it_accuses_nobody_of_a_kill() -> None:
    """A program may well have killed itself; from outside the two look alike."""
    made = problem("step.killed", signal="SIGKILL")

    assert made.message == "The program was killed by SIGKILL."
    assert "memory" in made.hint


@given(st.text())
def test_what_people_wrote_is_quoted_and_never_read(text: str) -> None:
    made = problem("document.unknown_step", name=text)

    shown = made.params["name"]
    assert made.message == f"There is no step called “{shown}”."
    assert len(shown) <= 300
    made.message.encode("utf-8")
    if len(text) <= 300 and "\x00" not in text and text.isascii():
        assert shown == text


@pytest.mark.parametrize(("parts", "path"), [((), ""), (("a", 0), "/a/0"), (("a/b", "m~n", ""), "/a~1b/m~0n/")])
def test_it_writes_pointers(parts: tuple[str | int, ...], path: str) -> None:
    assert pointer(*parts) == path


def test_a_suggestion_comes_first_and_only_within_the_budget() -> None:
    suggest = Suggester(comparisons=5)

    assert suggest("epoch", ["epochs", "ratio", "other"]) == "epochs"
    assert suggest("epoch", ["epochs", "ratio", "other"]) is None
    assert suggest("x" * 1000, ["x"]) is None
    assert problem("document.unknown_step", name="a", suggestion="b").hint.startswith("Did you mean “b”? ")


def test_an_error_without_words_of_its_own_is_still_told() -> None:
    class Odd(BaseModel):
        field: int

        @field_validator("field")
        @classmethod
        def refuse(cls, value: int) -> int:
            raise ValueError("odd")

    with pytest.raises(ValidationError) as raised:
        Odd(field=1)

    assert [(told.code, told.path) for told in problems_of(raised.value, schema_of(Odd))] == [
        ("document.invalid", "/field")
    ]
