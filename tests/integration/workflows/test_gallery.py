"""The samples that come with the product, in every language."""

import json

import pytest
from django.conf import settings
from django.test import Client

from backend.apps.accounts.services import token_create
from backend.apps.workflows.gallery import LANGUAGES, gallery
from backend.domain.design.check import check
from tests.harness.runs import person

PLACES = ("name", "description", "title")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_shows_every_sample_and_each_is_right(language: str) -> None:
    shipped = {path.parent.name for path in settings.PIPELOOM_SAMPLES.glob("*/workflow.json")}
    found = gallery(language)

    assert {each["id"] for each in found} == shipped
    assert {each["id"]: [one.code for one in check(each["document"])] for each in found} == {
        name: [] for name in shipped
    }


def test_it_translates_every_text_and_nothing_else() -> None:
    for english, chinese in zip(gallery("en"), gallery("zh-Hans"), strict=True):
        _same_but_for_texts(english["document"], chinese["document"])


def _same_but_for_texts(one: object, other: object, place: str = "", last: str = "") -> None:
    if isinstance(one, dict) and isinstance(other, dict):
        assert one.keys() == other.keys(), place
        for name in one:
            text = name in PLACES and isinstance(one[name], str) and (name != "name" or place == "")
            if text and one[name] != "":
                assert one[name] != other[name], f"{place}/{name} is still English"
                continue
            _same_but_for_texts(one[name], other[name], f"{place}/{name}", name)
    elif isinstance(one, list) and isinstance(other, list):
        assert len(one) == len(other), place
        for number, (left, right) in enumerate(zip(one, other, strict=True)):
            _same_but_for_texts(left, right, f"{place}/{number}", last)
    else:
        assert one == other, place


@pytest.mark.django_db
def test_it_answers_in_the_language_that_is_asked_for() -> None:
    api = Client(headers={"authorization": f"Bearer {token_create(user=person(), name='test')}"})

    chinese = api.get("/api/gallery/", {"language": "zh-Hans"}).json()["items"][0]

    assert json.dumps(chinese["name"]).startswith('"\\u'), chinese["name"]
    assert api.get("/api/gallery/").json()["items"][0]["name"] == "Handwritten digits"
    assert api.get("/api/gallery/", {"language": "klingon"}).status_code == 422
