"""Pretended cards: a value that is no number is told at the start, by every command that would use it."""

import argparse

import pytest
from django.core.management import CommandError, call_command

from backend.config import diagnosis
from backend.config.embedded import up
from backend.config.embedded.cards import VARIABLE, simulated_cards
from backend.config.embedded.console import Console
from backend.config.embedded.problems import SetupError

SENTENCE = "PIPELOOM_SIMULATED_GPUS=.* is not a number of cards"


@pytest.mark.parametrize("text", ["abc", "-1", "1.5", "٣", "1 2", "99999"])
def test_it_refuses_what_is_no_number_of_cards(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv(VARIABLE, text)
    with pytest.raises(SetupError, match=SENTENCE):
        simulated_cards()
    with pytest.raises(SetupError, match=SENTENCE):
        up.up(argparse.Namespace(home=None, port=0, workers=None), Console())
    with pytest.raises(CommandError, match=SENTENCE):
        call_command("worker", name="alpha")
    found = [each for each in diagnosis._gpus() if each.level == diagnosis.BAD]
    assert [each.subject for each in found] == ["gpu"]
    assert "unset it" in found[0].text


@pytest.mark.parametrize(("text", "count"), [("0", 0), ("8", 8), ("", None)])
def test_it_reads_how_many_there_shall_be(monkeypatch: pytest.MonkeyPatch, text: str, count: int | None) -> None:
    monkeypatch.setenv(VARIABLE, text)
    assert simulated_cards() == count
