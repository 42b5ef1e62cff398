"""Words that fill a problem's sentence come from closed lists; the browser has each of them in Chinese."""

from pathlib import Path

import pytest

from backend.domain.design import conditions, fit, validation, value_types
from backend.domain.design.versions.migrate import type_name
from backend.domain.metrics import shapes
from backend.domain.steps.words import FORMS

SAID_OF_PARTS = {
    "a container image",
    "an output that is a model",
    "a dataset that is a table",
    "a manifest file",
    "a label task",
    "two inputs for one model",
    "a model of the gallery",
    "a model template",
}
CHINESE = (Path(__file__).resolve().parents[4] / "frontend" / "src" / "i18n" / "phrasesZh.ts").read_text()
PHRASES = {
    *FORMS.values(),
    *conditions.RULES.values(),
    *fit._WORDS.values(),
    *fit._LISTS.values(),
    *validation._EXPECTED.values(),
    *value_types._EXPECTED.values(),
    *shapes.KINDS.values(),
    "a number with a decimal point",
    *SAID_OF_PARTS,
    *(type_name(each) for each in (None, True, 1, 1.5, "", [], {})),
}


@pytest.mark.parametrize("phrase", sorted(PHRASES))
def test_it_is_there_in_chinese(phrase: str) -> None:
    key = phrase.replace('"', '\\"')

    assert f'"{key}":' in CHINESE or f"\n  {key}:" in CHINESE
