"""The diagrams that people read are the tables that the machine follows."""

from __future__ import annotations

from backend.domain.run.diagrams import with_diagrams
from backend.domain.run.states import AttemptState, RunState, StepState
from tests.unit.domain.run.readme import README


def test_it_shows_the_tables_of_today() -> None:
    text = README.read_text(encoding="utf-8")

    assert with_diagrams(text) == text, "run: python -m tests.unit.domain.run.readme"


def test_it_draws_every_state_that_can_be_reached() -> None:
    text = README.read_text(encoding="utf-8")

    for state in [*RunState, *AttemptState, *(set(StepState) - {StepState.CREATED, StepState.HOLD})]:
        assert f"--> {state.value}" in text
